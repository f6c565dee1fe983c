/// A Windows program (Microsoft's PE format): which machine it is for, whether all of it is there, and its version. Read
/// with limits: nothing outside the bytes is looked at, and no table is believed to be longer than a program's is.
package struct PortableExecutable: Sendable {
  package enum Problem: Error, Sendable, Hashable { case otherForm, cutShort, malformed, library, otherSystem }

  package struct Section: Sendable, Hashable {
    package let name: String
    /// Where its bytes stand in the file.
    package let bytes: Range<Int>
    let address: Int
  }

  /// `IMAGE_FILE_HEADER.Machine`.
  package let machine: Int
  package let sections: [Section]
  /// The file version of `VS_FIXEDFILEINFO`; nil where there is none.
  package let version: String?

  package init(_ bytes: [UInt8]) throws(Problem) {
    guard bytes.starts(with: [0x4D, 0x5A]) else { throw .otherForm }
    guard let header = bytes.u32(at: 60), header < 1 << 20 else { throw .otherForm }
    guard bytes.part(at: header, length: 4)?.elementsEqual([0x50, 0x45, 0, 0]) == true else { throw .otherForm }
    guard let machine = bytes.u16(at: header + 4), let count = bytes.u16(at: header + 6),
      let optionalSize = bytes.u16(at: header + 20), let traits = bytes.u16(at: header + 22),
      let magic = bytes.u16(at: header + 24)
    else { throw .cutShort }
    // An image that can be run, with at least one section; 96 is as many as Windows loads.
    guard traits & 0x0002 != 0, (1...96).contains(count), magic == 0x10B || magic == 0x20B else { throw .malformed }
    if traits & 0x2000 != 0 { throw .library }
    // Windows' programs with windows and in a console; others are drivers, firmware's and older systems'.
    guard optionalSize >= 70, let system = bytes.u16(at: header + 24 + 68) else { throw .malformed }
    guard system == 2 || system == 3 else { throw .otherSystem }
    self.machine = machine
    let tables = header + 24 + (magic == 0x10B ? 96 : 112)
    sections = try PortableExecutable.sections(bytes, at: header + 24 + optionalSize, count)
    guard sections.contains(where: { !$0.bytes.isEmpty }) else { throw .malformed }
    let tableCount = bytes.u32(at: tables - 4) ?? 0
    func table(_ number: Int) -> (start: Int, size: Int)? {
      guard number < tableCount, let start = bytes.u32(at: tables + 8 * number),
        let size = bytes.u32(at: tables + 8 * number + 4), size > 0
      else { return nil }
      return (start, size)
    }
    // A signature stands at the file's end, and its place is one in the file.
    if let signature = table(4), signature.start + signature.size > bytes.count { throw .cutShort }
    version = table(2).flatMap { [sections] in PortableExecutable.version(bytes, resources: $0.start, sections) }
  }

  private static func sections(_ bytes: [UInt8], at start: Int, _ count: Int) throws(Problem) -> [Section] {
    var sections: [Section] = []
    for number in 0..<count {
      let base = start + 40 * number
      guard let name = bytes.part(at: base, length: 8), let address = bytes.u32(at: base + 12),
        let size = bytes.u32(at: base + 16), let place = bytes.u32(at: base + 20)
      else { throw .cutShort }
      guard size == 0 || place + size <= bytes.count else { throw .cutShort }
      let range = size == 0 ? 0..<0 : place..<place + size
      sections.append(
        Section(name: String(decoding: name.prefix { $0 != 0 }, as: UTF8.self), bytes: range, address: address))
    }
    return sections
  }

  // MARK: - Version

  private static let versionType = 16

  /// Resources are a tree of three levels: type, name, language.
  private static func version(_ bytes: [UInt8], resources: Int, _ sections: [Section]) -> String? {
    guard let root = offset(of: resources, sections) else { return nil }
    var level = root
    for depth in 0..<3 {
      guard let entry = entry(bytes, at: level, depth == 0 ? versionType : nil) else { return nil }
      let isFolder = entry & 0x8000_0000 != 0
      guard isFolder == (depth < 2) else { return nil }
      level = root + entry & 0x7FFF_FFFF
    }
    guard let address = bytes.u32(at: level), let place = offset(of: address, sections) else { return nil }
    // VS_VERSIONINFO: three words, its key, and at the next multiple of four the fixed part.
    let fixed = place + 40
    guard bytes.u32(at: fixed) == 0xFEEF_04BD, let high = bytes.u32(at: fixed + 8), let low = bytes.u32(at: fixed + 12)
    else { return nil }
    return "\(high >> 16).\(high & 0xFFFF).\(low >> 16).\(low & 0xFFFF)"
  }

  /// What the entry of that number (the first one where it makes no difference) leads to.
  private static func entry(_ bytes: [UInt8], at folder: Int, _ wanted: Int?) -> Int? {
    guard let named = bytes.u16(at: folder + 12), let numbered = bytes.u16(at: folder + 14) else { return nil }
    for index in 0..<min(named + numbered, 4_096) {
      let base = folder + 16 + 8 * index
      guard let number = bytes.u32(at: base) else { return nil }
      if wanted == nil || wanted == number { return bytes.u32(at: base + 4) }
    }
    return nil
  }

  /// Where something that is loaded at an address stands in the file.
  private static func offset(of address: Int, _ sections: [Section]) -> Int? {
    for section in sections where address >= section.address && address - section.address < section.bytes.count {
      return section.bytes.lowerBound + address - section.address
    }
    return nil
  }
}
