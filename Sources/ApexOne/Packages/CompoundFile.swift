/// An OLE compound file ([MS-CFB]): a small file system in a file, as Windows Installer's packages are. Read with limits:
/// whatever its numbers say, nothing outside the bytes is looked at, no chain is followed round, and nothing larger than
/// was asked for is put together.
package struct CompoundFile: Sendable {
  package enum Problem: Error, Sendable, Hashable {
    /// The bytes begin as something else.
    case otherForm
    /// They begin as one, and end before all of it.
    case cutShort
    /// A number in it can't be.
    case malformed
  }

  /// A stream or storage directly below the root.
  package struct Entry: Sendable, Hashable {
    /// UTF-16 units: names of Windows Installer hold units that are no text.
    package let name: [UInt16]
    package let isStream: Bool
    package let size: Int
    let start: Int
  }

  package static let signature: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

  package let entries: [Entry]
  /// What made the file: the class of its root, as its 16 bytes stand there.
  package let rootClass: [UInt8]

  private let bytes: [UInt8]
  private let sectorSize: Int
  private let table: [Int]
  private let miniTable: [Int]
  private let miniStream: [UInt8]

  private static let freeSector = 0xFFFF_FFFF
  private static let endOfChain = 0xFFFF_FFFE
  private static let highestSector = 0xFFFF_FFFA
  private static let miniSize = 64
  private static let miniCutoff = 4_096
  private static let directoryLimit = 4 << 20
  private static let miniLimit = 256 << 20

  package init(_ bytes: [UInt8]) throws(Problem) {
    guard bytes.starts(with: CompoundFile.signature) else { throw .otherForm }
    guard bytes.count >= 512 else { throw .cutShort }
    let shift = bytes.u16(at: 30) ?? 0
    guard bytes.u16(at: 28) == 0xFFFE, [9, 12].contains(shift), bytes.u16(at: 32) == 6 else { throw .malformed }
    self.bytes = bytes
    sectorSize = 1 << shift
    table = try CompoundFile.table(bytes, sectorSize)
    let reader = Chains(bytes: bytes, sectorSize: sectorSize, table: table)
    let directory = try reader.stream(from: bytes.u32(at: 48) ?? 0, size: nil, limit: CompoundFile.directoryLimit)
    guard let root = CompoundFile.record(directory, 0), root.type == 5 else { throw .malformed }
    rootClass = Array(directory[80..<96])
    let records = try CompoundFile.records(below: root, directory)
    entries = records.filter(\.isDirect).map(\.record).map {
      Entry(name: $0.name, isStream: $0.type == 2, size: $0.size, start: $0.start)
    }
    guard root.size <= CompoundFile.miniLimit else { throw .malformed }
    miniStream =
      root.size == 0 ? [] : try reader.stream(from: root.start, size: root.size, limit: CompoundFile.miniLimit)
    let mini = try reader.stream(from: bytes.u32(at: 60) ?? 0, size: nil, limit: CompoundFile.miniLimit / 16)
    miniTable = stride(from: 0, to: mini.count - 3, by: 4).map { mini.u32(at: $0) ?? CompoundFile.freeSector }
    // All of it must be there, and not only what is read here.
    let streams = records.map(\.record).filter { $0.type == 2 }
    try reader.measure(streams.filter { $0.size >= CompoundFile.miniCutoff } + [root])
    try small.measure(streams.filter { $0.size < CompoundFile.miniCutoff })
  }

  private var small: Chains {
    Chains(bytes: miniStream, sectorSize: CompoundFile.miniSize, table: miniTable, origin: 0)
  }

  /// The bytes of a stream of up to `limit` bytes; nil for a larger one and for a storage.
  package func bytes(of entry: Entry, limit: Int) throws(Problem) -> [UInt8]? {
    guard entry.isStream, entry.size <= limit else { return nil }
    return try beginning(of: entry, limit)
  }

  /// Up to `count` bytes from the beginning of a stream of any size.
  package func beginning(of entry: Entry, _ count: Int) throws(Problem) -> [UInt8] {
    let size = min(entry.size, count)
    guard entry.isStream, size > 0 else { return [] }
    let isSmall = entry.size < CompoundFile.miniCutoff
    let chains = isSmall ? small : Chains(bytes: bytes, sectorSize: sectorSize, table: table)
    return try chains.stream(from: entry.start, size: size, limit: count)
  }

  /// A stream by its name where that is text.
  package func stream(_ name: String, limit: Int) throws(Problem) -> [UInt8]? {
    guard let entry = entries.first(where: { $0.name == Array(name.utf16) }) else { return nil }
    return try bytes(of: entry, limit: limit)
  }

  // MARK: - Chains of sectors

  /// Sectors that are joined by a table of which comes next.
  private struct Chains {
    let bytes: [UInt8]
    let sectorSize: Int
    let table: [Int]
    /// Where sector 0 begins; behind the header, which takes a whole sector.
    var origin: Int?

    /// What a chain holds, cut at `size` where that is known.
    func stream(from start: Int, size: Int?, limit: Int) throws(Problem) -> [UInt8] {
      var (found, sector) = ([UInt8](), start)
      if let size { found.reserveCapacity(size + sectorSize) }
      while sector != CompoundFile.endOfChain, sector != CompoundFile.freeSector {
        if let size, found.count >= size { break }
        // A chain that goes round is longer than all there is.
        guard sector < table.count, found.count + sectorSize <= limit + sectorSize else { throw .malformed }
        let offset = (origin ?? sectorSize) + sector * sectorSize
        // Of the last sector only what the stream needs must be there.
        let needed = min(sectorSize, size.map { $0 - found.count } ?? sectorSize)
        guard offset + needed <= bytes.count else { throw .cutShort }
        found += bytes[offset..<min(bytes.count, offset + sectorSize)]
        sector = table[sector]
      }
      guard let size else { return found }
      guard found.count >= size else { throw .cutShort }
      found.removeLast(found.count - size)
      return found
    }

    /// Throws where a stream's chain ends before its size, or outside the bytes. No sector belongs to two of them, so
    /// that they can't hold more than there are.
    func measure(_ streams: [Record]) throws(Problem) {
      var left = table.count
      for stream in streams {
        var (sector, size) = (stream.start, stream.size)
        while size > 0 {
          guard sector < table.count else {
            throw sector == CompoundFile.endOfChain || sector == CompoundFile.freeSector ? .cutShort : .malformed
          }
          left -= 1
          guard left >= 0 else { throw .malformed }
          let end = (origin ?? sectorSize) + sector * sectorSize + min(size, sectorSize)
          guard end <= bytes.count else { throw .cutShort }
          size -= sectorSize
          sector = table[sector]
        }
      }
    }
  }

  /// Which sector follows which. Each that is in use must be in the file: one that ends too soon was not copied whole.
  private static func table(_ bytes: [UInt8], _ sectorSize: Int) throws(Problem) -> [Int] {
    let perSector = sectorSize / 4
    let sectors = (bytes.count + sectorSize - 1) / sectorSize
    guard let count = bytes.u32(at: 44), count <= sectors / perSector + 2 else { throw .cutShort }
    var places = (0..<109).compactMap { bytes.u32(at: 76 + 4 * $0) }.filter { $0 < highestSector }
    var next = bytes.u32(at: 68) ?? endOfChain
    var turns = 0
    while next < highestSector, places.count < count {
      let offset = (next + 1) * sectorSize
      turns += 1
      guard turns <= sectors else { throw .malformed }
      guard offset + sectorSize <= bytes.count else { throw .cutShort }
      places += (0..<perSector - 1).compactMap { bytes.u32(at: offset + 4 * $0) }.filter { $0 < highestSector }
      next = bytes.u32(at: offset + sectorSize - 4) ?? endOfChain
    }
    guard places.count >= count else { throw .malformed }
    var table: [Int] = []
    table.reserveCapacity(count * perSector)
    for place in places.prefix(count) {
      let offset = (place + 1) * sectorSize
      guard offset + sectorSize <= bytes.count else { throw .cutShort }
      for index in 0..<perSector { table.append(bytes.u32(at: offset + 4 * index) ?? freeSector) }
    }
    let last = table.lastIndex { $0 != freeSector } ?? 0
    guard (last + 1) * sectorSize < bytes.count else { throw .cutShort }
    return table
  }

  // MARK: - The directory

  private struct Record {
    var name: [UInt16]
    var type: UInt8
    var left: Int
    var right: Int
    var child: Int
    var start: Int
    var size: Int
  }

  private static func record(_ directory: [UInt8], _ number: Int) -> Record? {
    let base = number * 128
    guard number >= 0, number < 1 << 20, base + 128 <= directory.count,
      let length = directory.u16(at: base + 64), length <= 64
    else { return nil }
    func link(_ offset: Int) -> Int { directory.u32(at: base + offset) ?? freeSector }
    let units = max(0, length / 2 - 1)
    return Record(
      name: (0..<units).compactMap { directory.u16(at: base + 2 * $0).map { UInt16($0) } },
      type: directory[base + 66], left: link(68), right: link(72), child: link(76), start: link(116), size: link(120))
  }

  /// What is in the root, and what is in its storages. The trees are walked without trust in their order: one that goes
  /// round is refused.
  private static func records(
    below root: Record, _ directory: [UInt8]
  ) throws(Problem) -> [(record: Record, isDirect: Bool)] {
    var (found, open, seen) = ([(record: Record, isDirect: Bool)](), [(root.child, true)], Set<Int>())
    while let (number, isDirect) = open.popLast() {
      if number == freeSector { continue }
      guard seen.insert(number).inserted, let record = record(directory, number) else { throw .malformed }
      open += [(record.left, isDirect), (record.right, isDirect)]
      guard record.type == 1 || record.type == 2 else { throw .malformed }
      if record.type == 1 { open.append((record.child, false)) }
      found.append((record, isDirect))
    }
    return found
  }
}
