/// What a Windows Installer package says of itself: the kind of machine it is for, and its version. Read from its summary
/// information ([MS-OLEPS]) and its tables. One that would install nothing of a product is refused.
struct InstallerDatabase: Sendable {
  /// The first words of the summary's `Template`: `x64`, `Intel`, `Arm64`; empty counts as `Intel`.
  let platform: String
  let version: String?
  /// What it calls its product.
  let productName: String?

  /// The root's class of a package, a patch and a transform.
  private static let packageClass: UInt8 = 0x84
  private static let kinds: [UInt8: String] = [
    0x86: "a Windows Installer patch", 0x82: "a Windows Installer transform",
  ]
  private static let classTail: [UInt8] = [0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46]

  private static let streamLimit = 64 << 20

  init(_ file: CompoundFile) throws(PackageError) {
    if file.rootClass.dropFirst().elementsEqual(Self.classTail), let kind = Self.kinds[file.rootClass[0]] {
      throw PackageError("it is \(kind), and no package")
    }
    let names = Dictionary(file.entries.map { (Self.decoded($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    guard names["!_StringPool"] != nil, names["!_StringData"] != nil else {
      throw PackageError("it is a compound file, as Office documents are, and holds no Windows Installer database")
    }
    func read(_ name: String) throws(PackageError) -> [UInt8]? {
      guard let entry = names[name] else { return nil }
      do throws(CompoundFile.Problem) { return try file.bytes(of: entry, limit: Self.streamLimit) } catch {
        throw PackageError(error)
      }
    }
    guard let summary = try read("\u{5}SummaryInformation"), let template = Self.summary(summary, property: 7)?.text
    else {
      throw PackageError("its summary information names no kind of machine (Template)")
    }
    let platforms = template.prefix { $0 != ";" }.split(separator: ",").map { $0.trimmingASCIIBlanks() }
    if platforms.count > 1 {
      throw PackageError(
        "it names several kinds of machine (\(platforms.joined(separator: ", ").prefix(100))), which Windows Installer takes "
          + "of no package; make one for each")
    }
    platform = platforms.first ?? "Intel"
    guard let pool = try read("!_StringPool"), let data = try read("!_StringData"), let columns = try read("!_Columns")
    else { throw PackageError("its tables are larger than a package's are, or are not there") }
    let tables = InstallerTables(pool: pool, data: data, columns: columns)
    func rows(_ table: String, _ wanted: [String]) throws(PackageError) -> [[InstallerTables.Value]] {
      guard let bytes = try read("!" + table), !bytes.isEmpty else { return [] }
      guard let rows = tables.rows(of: table, bytes, wanted) else {
        throw PackageError("its \(table) table can't be read; make the package anew")
      }
      return rows
    }
    let properties = Dictionary(
      try rows("Property", ["Property", "Value"]).map { ($0[0].text, $0[1].text) },
      uniquingKeysWith: { first, _ in first })
    try Self.checkProduct(properties)
    // Without these, Windows Installer reports success and installs nothing.
    for table in ["Component", "Feature", "FeatureComponents"] {
      if (names["!" + table]?.size ?? 0) == 0 {
        throw PackageError("its \(table) table is empty: it would install nothing")
      }
    }
    let source = Self.summary(summary, property: 15)?.number ?? 0
    let contents = InstallerContents(
      files: try rows("File", ["Sequence", "Attributes"]).map {
        // The flags that say for one file what the summary's word count says for all.
        ($0[0].number, $0[1].number & 0x4000 != 0 || $0[1].number & 0x2000 == 0 && source & 2 != 0)
      },
      media: try rows("Media", ["LastSequence", "Cabinet"]).map { ($0[0].number, $0[1].text) })
    try contents.check { name throws(PackageError) in
      guard let entry = names[name] else { return nil }
      do throws(CompoundFile.Problem) { return (try file.beginning(of: entry, 36), entry.size) } catch {
        throw PackageError(error)
      }
    }
    version = properties["ProductVersion"].flatMap { Self.isVersion($0) ? $0 : nil }
    productName = properties["ProductName"].map { String($0.prefix(100)) }
  }

  /// Windows Installer installs nothing of a package without these.
  private static func checkProduct(_ properties: [String: String]) throws(PackageError) {
    for name in ["ProductCode", "ProductName", "ProductVersion"] where properties[name, default: ""].isEmpty {
      throw PackageError("its Property table has no \(name): Windows Installer would install nothing of it")
    }
    let code = properties["ProductCode", default: ""].utf8
    guard code.count == 38, code.first == UInt8(ascii: "{"), code.last == UInt8(ascii: "}") else {
      throw PackageError("its ProductCode is no GUID in braces: Windows Installer would install nothing of it")
    }
  }

  private static func isVersion(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return (1...4).contains(parts.count)
      && parts.allSatisfy { (1...10).contains($0.count) && $0.allSatisfy { (48...57).contains($0) } }
  }

  // MARK: - Names of streams

  private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._".unicodeScalars)

  /// A stream's name as Windows Installer packs it, two letters in a unit; a table's begins with `!`.
  private static func decoded(_ name: [UInt16]) -> String {
    var text = String.UnicodeScalarView()
    for unit in name {
      switch unit {
      case 0x4840: text.append("!")
      case 0x3800..<0x4800:
        text.append(letters[Int(unit - 0x3800) & 63])
        text.append(letters[Int(unit - 0x3800) >> 6])
      case 0x4800..<0x4840: text.append(letters[Int(unit - 0x4800)])
      default: text.append(Unicode.Scalar(unit) ?? "\u{FFFD}")
      }
    }
    return String(text)
  }

  // MARK: - Summary information

  /// A text (VT_LPSTR: a length with the zero at its end, then the bytes) or a number (VT_I4).
  private static func summary(_ set: [UInt8], property wanted: Int) -> InstallerTables.Value? {
    guard set.u16(at: 0) == 0xFFFE, let sets = set.u32(at: 24), sets >= 1, let section = set.u32(at: 44),
      let count = set.u32(at: section + 4), count <= 1_000
    else { return nil }
    for index in 0..<count {
      guard let identifier = set.u32(at: section + 8 + 8 * index), let offset = set.u32(at: section + 12 + 8 * index)
      else { return nil }
      guard identifier == wanted else { continue }
      guard let type = set.u32(at: section + offset), let value = set.u32(at: section + offset + 4) else { return nil }
      if type == 3 { return .init(number: value) }
      guard type == 30, value <= 4_096, let text = set.part(at: section + offset + 8, length: value) else { return nil }
      return .init(text: String(decoding: text.prefix { $0 != 0 }, as: UTF8.self))
    }
    return nil
  }
}

extension StringProtocol {
  fileprivate func trimmingASCIIBlanks() -> String {
    String(decoding: utf8.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed(), as: UTF8.self)
  }
}
