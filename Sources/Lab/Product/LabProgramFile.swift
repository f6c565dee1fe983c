/// Writes an EXE: a PE file with a version and the lab's own section. It holds no code: only the lab runs it.
enum LabProgramFile {
  private static let machines: [AgentSpec.Architecture: Int] = [.x64: 0x8664, .x86: 0x14C, .arm64: 0xAA64]
  private static let page = 4_096
  private static let block = 512

  static func make(_ text: [UInt8], for machine: AgentSpec.Architecture, version: String) -> [UInt8] {
    let resources = resources(version, at: page)
    func padded(_ count: Int, _ unit: Int) -> Int { (count + unit - 1) / unit * unit }
    let labAddress = page + padded(resources.count, page)
    var writer = ByteWriter(bytes: [0x4D, 0x5A])
    writer.zeros(58)
    writer.u32(64)
    writer.bytes += [0x50, 0x45, 0, 0]
    writer.u16(machines[machine] ?? 0x14C)
    writer.u16(2)
    writer.zeros(12)
    let isWide = machine != .x86
    writer.u16(isWide ? 240 : 224)
    writer.u16(0x0022)
    optionalHeader(&writer, isWide, imageSize: labAddress + padded(text.count, page), resources: resources.count)
    section(&writer, ".rsrc", resources.count, at: page, in: block)
    section(&writer, LabPackage.sectionName, text.count, at: labAddress, in: block + padded(resources.count, block))
    writer.pad(to: block)
    writer.bytes += resources
    writer.pad(to: block)
    writer.bytes += text
    writer.pad(to: block)
    return writer.bytes
  }

  private static func optionalHeader(_ writer: inout ByteWriter, _ isWide: Bool, imageSize: Int, resources: Int) {
    let start = writer.bytes.count
    writer.u16(isWide ? 0x20B : 0x10B)
    writer.zeros(30)
    writer.u32(page)
    writer.u32(block)
    writer.zeros(16)
    writer.u32(imageSize)
    writer.u32(block)
    writer.u32(0)
    writer.u16(3)
    writer.zeros(start + (isWide ? 108 : 92) - writer.bytes.count)
    writer.u32(16)
    for table in 0..<16 {
      writer.u32(table == 2 ? page : 0)
      writer.u32(table == 2 ? resources : 0)
    }
  }

  private static func section(_ writer: inout ByteWriter, _ name: String, _ size: Int, at address: Int, in place: Int) {
    writer.bytes += Array(name.utf8)
    writer.zeros(8 - name.utf8.count)
    writer.u32(size)
    writer.u32(address)
    writer.u32((size + block - 1) / block * block)
    writer.u32(place)
    writer.zeros(12)
    writer.u32(0x4000_0040)
  }

  /// Type 16, name 1, English, and the version.
  private static func resources(_ version: String, at address: Int) -> [UInt8] {
    var writer = ByteWriter()
    for (number, next) in [(16, 0x8000_0018), (1, 0x8000_0030), (1_033, 72)] {
      writer.zeros(12)
      writer.u16(0)
      writer.u16(1)
      writer.u32(number)
      writer.u32(next)
    }
    writer.u32(address + 88)
    writer.u32(92)
    writer.zeros(8)
    let parts = version.split(separator: ".").map { Int($0) ?? 0 } + [0, 0, 0, 0]
    writer.u16(92)
    writer.u16(52)
    writer.u16(0)
    "VS_VERSION_INFO\0".utf16.forEach { writer.u16(Int($0)) }
    writer.pad(to: 4)
    writer.u32(0xFEEF_04BD)
    writer.u32(0x0001_0000)
    for _ in 0..<2 {
      writer.u32(parts[0] << 16 | parts[1])
      writer.u32(parts[2] << 16 | parts[3])
    }
    writer.zeros(28)
    return writer.bytes
  }
}
