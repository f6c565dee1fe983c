/// What an executable file of the lab is, told by its content.
enum LabProgram: Sendable {
  case reg, sc, windowsInstaller, tray, certificateManager
  case ipxfer(bits: Int)
  case package(LabPackage)

  /// Nil for content that is no program.
  init?(content: [UInt8]) {
    if let package = LabPackage(bytes: content) {
      self = .package(package)
      return
    }
    guard content.starts(with: LabProgram.opening), content.count == LabProgram.size else {
      return nil
    }
    let word = content[LabProgram.opening.count...].prefix { $0 != 0 }
    guard content.last == LabProgram.sum(content.dropLast()),
      let program = LabProgram.words.first(where: { $0.word.utf8.elementsEqual(word) })
    else { return nil }
    self = program.program
  }

  private static let words: [(word: String, program: LabProgram)] = [
    ("reg", .reg), ("sc", .sc), ("msiexec", .windowsInstaller), ("tray", .tray),
    ("certificate-manager", .certificateManager), ("ipxfer-32", .ipxfer(bits: 32)),
    ("ipxfer-64", .ipxfer(bits: 64)),
  ]
  private static let opening: [UInt8] = Array("MZ\u{1}lab-program:".utf8)
  private static let size = 2_048

  /// The bytes of one program file; its last byte is a sum over the others, so that a damaged copy is none.
  static func file(_ word: String) -> [UInt8] {
    var bytes = opening + Array(word.utf8) + [0]
    var filler: UInt64 = UInt64(word.utf8.count)
    while bytes.count < size - 1 {
      filler = SeededRandom.mix(filler)
      bytes.append(UInt8(truncatingIfNeeded: filler))
    }
    return bytes + [sum(bytes[...])]
  }

  private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.withUnsafeBufferPointer { $0.reduce(0) { $0 &* 31 &+ $1 } }
  }
}
