import ApexOne

/// Writes whole numbers as Windows' file forms have them.
struct ByteWriter {
  var bytes: [UInt8] = []
  mutating func u16(_ value: Int) { bytes += [UInt8(value & 255), UInt8(value >> 8 & 255)] }
  mutating func u32(_ value: Int) {
    u16(value & 0xFFFF)
    u16(value >> 16 & 0xFFFF)
  }
  mutating func pad(to multiple: Int) {
    bytes += [UInt8](repeating: 0, count: (multiple - bytes.count % multiple) % multiple)
  }
  mutating func zeros(_ count: Int) { bytes += [UInt8](repeating: 0, count: count) }
}

/// Writes an MSI: a compound file with summary information, the tables of a package with one file, its cabinet, and the
/// lab's own stream.
enum LabInstallerFile {
  private static let platforms: [AgentSpec.Architecture: String] = [.x64: "x64", .x86: "Intel", .arm64: "Arm64"]
  private static let packageClass: [UInt8] = [0x84, 0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46]

  static func make(_ text: [UInt8], for machine: AgentSpec.Architecture, version: String) -> [UInt8] {
    let cabinet = LabCabinet.make(name: "Package", bytes: Array(version.utf8))
    var streams = LabInstallerTables.streams(tables(version))
    streams.append((LabInstallerTables.packed("lab.cab"), cabinet))
    streams.append((Array("\u{5}SummaryInformation".utf16), summary("\(platforms[machine] ?? "Intel");1033")))
    streams.append((Array(LabPackage.streamName.utf16), text))
    return compoundFile(streams)
  }

  private static func tables(_ version: String) -> [LabInstallerTables.Table] {
    [
      .init(
        "Property", [("Property", .key), ("Value", .text)],
        [
          [.text("ProductName"), .text("Lab Security Agent")], [.text("ProductVersion"), .text(version)],
          [.text("ProductCode"), .text("{2F6B1D5A-7C11-4D9D-9E3C-8A2E24C80A6C}")],
          [.text("ProductLanguage"), .text("1033")], [.text("Manufacturer"), .text("Lab")],
        ]),
      .init("Component", [("Component", .key)], [[.text("Main")]]),
      .init("Feature", [("Feature", .key)], [[.text("Agent")]]),
      .init("FeatureComponents", [("Feature_", .key), ("Component_", .key)], [[.text("Agent"), .text("Main")]]),
      .init(
        "File", [("File", .key), ("Component_", .text), ("Attributes", .number), ("Sequence", .number)],
        [[.text("Package"), .text("Main"), .number(0), .number(1)]]),
      .init(
        "Media", [("DiskId", .keyNumber), ("LastSequence", .number), ("Cabinet", .text)],
        [[.number(1), .number(1), .text("#lab.cab")]]),
    ]
  }

  /// A property set with the `Template`, and the word count 2: what it installs is in cabinets.
  private static func summary(_ template: String) -> [UInt8] {
    var writer = ByteWriter()
    writer.u16(0xFFFE)
    writer.u16(0)
    writer.u32(0x0002_0006)
    writer.zeros(16)
    writer.u32(1)
    writer.bytes += [0xE0, 0x85, 0x9F, 0xF2, 0xF9, 0x4F, 0x68, 0x10, 0xAB, 0x91, 0x08, 0x00, 0x2B, 0x27, 0xB3, 0xD9]
    writer.u32(48)
    var value = ByteWriter()
    value.u32(30)
    value.u32(template.utf8.count + 1)
    value.bytes += Array(template.utf8) + [0]
    value.pad(to: 4)
    let words = [32 + value.bytes.count, 2, 7, 24, 15, 24 + value.bytes.count]
    words.forEach { writer.u32($0) }
    writer.bytes += value.bytes
    writer.u32(3)
    writer.u32(2)
    return writer.bytes
  }

  // MARK: - The compound file

  private static let sector = 512
  private static let miniSector = 64
  private static let end = 0xFFFF_FFFE
  private static let free = 0xFFFF_FFFF

  /// Version 3, 512 bytes a sector: table of sectors, directory, table of small sectors, small streams, large streams.
  private static func compoundFile(_ streams: [(name: [UInt16], bytes: [UInt8])]) -> [UInt8] {
    // The order of a directory: shorter names first.
    let streams = streams.sorted {
      $0.name.count == $1.name.count ? $0.name.lexicographicallyPrecedes($1.name) : $0.name.count < $1.name.count
    }
    var (mini, miniTable, starts) = ([UInt8](), [Int](), [Int](repeating: end, count: streams.count))
    for (place, stream) in streams.enumerated() where (1..<4_096).contains(stream.bytes.count) {
      starts[place] = miniTable.count
      let count = (stream.bytes.count + miniSector - 1) / miniSector
      miniTable += (1..<count).map { starts[place] + $0 } + [end]
      mini += stream.bytes + [UInt8](repeating: 0, count: count * miniSector - stream.bytes.count)
    }
    var parts: [(bytes: [UInt8], start: Int)] = []
    func sectors(_ count: Int) -> Int { (count + sector - 1) / sector }
    let directorySize = (streams.count + 1) * 128
    var sizes = [directorySize, miniTable.count * 4, mini.count]
    let large = streams.indices.filter { streams[$0].bytes.count >= 4_096 }
    sizes += large.map { streams[$0].bytes.count }
    let others = sizes.map(sectors).reduce(0, +)
    var tables = 1
    while tables * (sector / 4) < others + tables { tables += 1 }
    var (table, next) = ([Int](repeating: 0xFFFF_FFFD, count: tables), tables)
    var places: [Int] = []
    for size in sizes {
      let count = sectors(size)
      places.append(count == 0 ? end : next)
      if count > 0 { table += (1..<count).map { next + $0 } + [end] }
      next += count
    }
    for (order, place) in large.enumerated() { starts[place] = places[3 + order] }
    table += [Int](repeating: free, count: tables * (sector / 4) - table.count)
    parts.append((words(table), 0))
    parts.append((directory(streams, starts, miniStart: places[2], miniSize: mini.count), 0))
    parts.append((words(miniTable, fill: free), 0))
    parts.append((mini, 0))
    parts += large.map { (streams[$0].bytes, 0) }
    var file = header(
      tables: tables, directory: places[0], miniTable: places[1], miniSectors: sectors(miniTable.count * 4))
    for part in parts {
      file.bytes += part.bytes
      file.pad(to: sector)
    }
    return file.bytes
  }

  private static func words(_ values: [Int], fill: Int = 0) -> [UInt8] {
    var writer = ByteWriter()
    values.forEach { writer.u32($0) }
    while writer.bytes.count % sector != 0 { writer.u32(fill) }
    return writer.bytes
  }

  private static func header(tables: Int, directory: Int, miniTable: Int, miniSectors: Int) -> ByteWriter {
    var writer = ByteWriter(bytes: CompoundFile.signature)
    writer.zeros(16)
    for word in [0x3E, 3, 0xFFFE, 9, 6] { writer.u16(word) }
    writer.zeros(6)
    for word in [0, tables, directory, 0, 4_096, miniTable, miniSectors, end, 0] { writer.u32(word) }
    for place in 0..<109 { writer.u32(place < tables ? place : free) }
    return writer
  }

  private static func directory(
    _ streams: [(name: [UInt16], bytes: [UInt8])], _ starts: [Int], miniStart: Int, miniSize: Int
  ) -> [UInt8] {
    var writer = ByteWriter()
    func entry(_ name: [UInt16], _ type: UInt8, left: Int, right: Int, child: Int, start: Int, size: Int) {
      let base = writer.bytes.count
      name.forEach { writer.u16(Int($0)) }
      writer.zeros(64 - 2 * name.count)
      writer.u16(2 * name.count + 2)
      writer.bytes += [type, 1]
      for link in [left, right, child] { writer.u32(link) }
      writer.bytes += type == 5 ? packageClass : [UInt8](repeating: 0, count: 16)
      writer.zeros(20)
      writer.u32(start)
      writer.u32(size)
      writer.zeros(base + 128 - writer.bytes.count)
    }
    // A balanced tree over the sorted names; the root is entry 0.
    var links = [(left: Int, right: Int)](repeating: (free, free), count: streams.count)
    func subtree(_ range: Range<Int>) -> Int {
      if range.isEmpty { return free }
      let middle = (range.lowerBound + range.upperBound) / 2
      links[middle] = (subtree(range.lowerBound..<middle), subtree(middle + 1..<range.upperBound))
      return middle + 1
    }
    let top = subtree(streams.indices)
    entry(Array("Root Entry".utf16), 5, left: free, right: free, child: top, start: miniStart, size: miniSize)
    for (place, stream) in streams.enumerated() {
      entry(
        stream.name, 2, left: links[place].left, right: links[place].right, child: free, start: starts[place],
        size: stream.bytes.count)
    }
    while writer.bytes.count % sector != 0 {
      writer.zeros(68)
      for _ in 0..<3 { writer.u32(free) }
      writer.zeros(48)
    }
    return writer.bytes
  }
}
