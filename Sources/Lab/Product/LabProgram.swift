/// What an executable file of the lab is, told by its content.
enum LabProgram: Sendable {
  case reg, sc, windowsInstaller, tray, certificateManager, autopcc
  case ipxfer(bits: Int)
  case package(LabPackage)

  /// Nil for content that is no program.
  init?(content: [UInt8]) {
    if content.count == LabProgram.size,
      let program = LabProgram.files.first(where: { $0.bytes == content })
    {
      self = program.program
    } else if let package = LabPackage(bytes: content) {
      self = .package(package)
    } else {
      return nil
    }
  }

  private static let words: [(word: String, program: LabProgram)] = [
    ("sc", .sc), ("reg", .reg), ("msiexec", .windowsInstaller), ("tray", .tray),
    ("certificate-manager", .certificateManager), ("ipxfer-32", .ipxfer(bits: 32)),
    ("ipxfer-64", .ipxfer(bits: 64)), ("autopcc", .autopcc),
  ]
  private static let opening: [UInt8] = Array("MZ\u{1}lab-program:".utf8)
  private static let size = 2_048

  /// Every program with its bytes: whoever holds a copy of one shares them, so comparing is a look at an address.
  private static let files = words.map {
    (word: $0.word, bytes: make($0.word), program: $0.program)
  }

  /// The bytes of one program file; empty for a word that names none.
  static func file(_ word: String) -> [UInt8] { files.first { $0.word == word }?.bytes ?? [] }

  private static func make(_ word: String) -> [UInt8] {
    var bytes = opening + Array(word.utf8) + [0]
    var filler: UInt64 = UInt64(word.utf8.count)
    while bytes.count < size {
      filler = SeededRandom.mix(filler)
      bytes.append(UInt8(truncatingIfNeeded: filler))
    }
    return bytes
  }
}
