/// What a Windows Installer package says of itself: the kind of machine it is for, and its version. Read from its summary
/// information ([MS-OLEPS]) and its `Property` table, whose form Microsoft's tools and libmsi agree on.
struct InstallerDatabase: Sendable {
  /// The first words of the summary's `Template`: `x64`, `Intel`, `Arm64`; empty counts as `Intel`.
  let platform: String
  let version: String?
  let productName: String?

  /// The root's class of a patch and of a transform; a package's is 84.
  private static let kinds: [UInt8: String] = [
    0x86: "a Windows Installer patch", 0x82: "a Windows Installer transform",
  ]
  private static let classTail: [UInt8] = [0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46]

  private static let streamLimit = 16 << 20

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
    guard let summary = try read("\u{5}SummaryInformation"), let template = Self.text(summary, property: 7) else {
      throw PackageError("its summary information names no kind of machine (Template)")
    }
    let platforms = template.prefix { $0 != ";" }
    platform = platforms.split(separator: ",").first.map { $0.trimmingASCIIBlanks() } ?? "Intel"
    // What can't be read of these is not known, and says so; the package's form is proved without them.
    let properties = Self.properties(
      pool: try read("!_StringPool"), data: try read("!_StringData"), table: try read("!Property"))
    if let cabinet = try Self.externalCabinet(read) {
      throw PackageError(
        "its files are in a cabinet beside it (\(cabinet.prefix(100))), and only the package is copied there; make the "
          + "package with the cabinet embedded")
    }
    version = properties["ProductVersion"].flatMap { Self.isVersion($0) ? $0 : nil }
    productName = properties["ProductName"].map { String($0.prefix(100)) }
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

  private static func text(_ set: [UInt8], property wanted: Int) -> String? {
    guard set.u16(at: 0) == 0xFFFE, let sets = set.u32(at: 24), sets >= 1, let section = set.u32(at: 44),
      let count = set.u32(at: section + 4), count <= 1_000
    else { return nil }
    for index in 0..<count {
      guard let identifier = set.u32(at: section + 8 + 8 * index), let offset = set.u32(at: section + 12 + 8 * index)
      else { return nil }
      guard identifier == wanted else { continue }
      // VT_LPSTR: a length with the zero at its end, then the bytes.
      guard set.u32(at: section + offset) == 30, let length = set.u32(at: section + offset + 4), length <= 4_096,
        let text = set.part(at: section + offset + 8, length: length)
      else { return nil }
      return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
    return nil
  }

  // MARK: - The Property table

  /// Names with values. The table stands by columns, in numbers of strings; the strings stand one after another.
  private static func properties(pool: [UInt8]?, data: [UInt8]?, table: [UInt8]?) -> [String: String] {
    guard let pool, let data, let table, let flags = pool.u32(at: 0) else { return [:] }
    let width = flags & 0x8000_0000 == 0 ? 2 : 3
    guard table.count % (2 * width) == 0 else { return [:] }
    let rows = table.count / (2 * width)
    func reference(_ place: Int) -> Int {
      let low = table.u16(at: place * width) ?? 0
      return width == 2 ? low : low | Int(table[place * width + 2]) << 16
    }
    var wanted: Set<Int> = []
    for place in 0..<2 * rows { wanted.insert(reference(place)) }
    let strings = strings(pool, data, wanted)
    var properties: [String: String] = [:]
    for row in 0..<rows {
      if let name = strings[reference(row)] { properties[name] = strings[reference(rows + row)] }
    }
    return properties
  }

  // MARK: - The Media table

  /// The name of a cabinet that is not embedded; nil where there is none. An embedded one's name begins with `#`.
  private static func externalCabinet(
    _ read: (String) throws(PackageError) -> [UInt8]?
  ) throws(PackageError) -> String? {
    guard let table = try read("!Media"), let columns = try read("!_Columns"), let pool = try read("!_StringPool"),
      let data = try read("!_StringData"), let flags = pool.u32(at: 0)
    else { return nil }
    let width = flags & 0x8000_0000 == 0 ? 2 : 3
    func reference(_ bytes: [UInt8], _ place: Int) -> Int {
      let low = bytes.u16(at: place) ?? 0
      return width == 2 ? low : low | Int(bytes.part(at: place + 2, length: 1)?.first ?? 0) << 16
    }
    // Table, number, name and type of each column.
    let count = columns.count / (2 * width + 4)
    let owners = (0..<count).map { reference(columns, $0 * width) }
    let names = (0..<count).map { reference(columns, count * (width + 2) + $0 * width) }
    let texts = strings(pool, data, Set(owners).union(names))
    let own = (0..<count).filter { texts[owners[$0]] == "Media" }.map { place in
      let type = columns.u16(at: count * (2 * width + 2) + 2 * place) ?? 0
      return (
        number: columns.u16(at: count * width + 2 * place) ?? 0, name: texts[names[place]],
        // Texts are numbers of strings; what else there is takes four bytes or two.
        width: type & 0x0800 != 0 ? width : type & 0xFF == 4 ? 4 : 2
      )
    }.sorted { $0.number < $1.number }
    let rowWidth = own.reduce(0) { $0 + $1.width }
    guard let cabinet = own.firstIndex(where: { $0.name == "Cabinet" }), rowWidth > 0, table.count % rowWidth == 0
    else { return nil }
    let rows = table.count / rowWidth
    let start = own[..<cabinet].reduce(0) { $0 + $1.width } * rows
    let used = (0..<rows).map { reference(table, start + $0 * width) }
    let found = strings(pool, data, Set(used))
    return used.lazy.compactMap { found[$0] }.first { !$0.isEmpty && !$0.hasPrefix("#") }
  }

  private static func strings(_ pool: [UInt8], _ data: [UInt8], _ wanted: Set<Int>) -> [Int: String] {
    var (strings, number, entry, offset) = ([Int: String](), 1, 1, 0)
    while let short = pool.u16(at: 4 * entry), let uses = pool.u16(at: 4 * entry + 2) {
      var length = short
      entry += 1
      if short == 0, uses != 0 {
        // Over 64 KB: the length stands in the entry after it.
        guard let long = pool.u32(at: 4 * entry) else { return strings }
        length = long
        entry += 1
      }
      guard let text = data.part(at: offset, length: length) else { return strings }
      if wanted.contains(number) { strings[number] = String(decoding: text.prefix(1_024), as: UTF8.self) }
      offset += length
      number += 1
    }
    return strings
  }
}

extension StringProtocol {
  fileprivate func trimmingASCIIBlanks() -> String {
    String(decoding: utf8.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed(), as: UTF8.self)
  }
}
