@_exported import TestSupport

/// Seeded random texts made of what command lines trip over, so that a failure can be repeated by its seed.
struct Hostile: RandomNumberGenerator {
  private var generator: SeededGenerator
  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func next() -> UInt64 { generator.next() }

  private static let pieces: [String] = [
    "a", "Z", "0", " ", "  ", "\t", "\"", "\"\"", "\\", "\\\\", "\\\"", "%", "%%", "%PATH%", "%OS%", "%PATH:a=b%",
    "%OS:~0,2%", "PATH", ":", "~", "=", "^", "^^", "&", "&&", "|", "||", "<", ">", "2>&1", "(", ")", "!", "!OS!",
    "'", "`", "$", ";", ",", "@", "#", "*", "?", "/", "-", "ä", "é", "日本", "\u{301}", "😀", "\u{2019}",
  ]

  mutating func argument() -> String {
    (0..<Int.random(in: 0...8, using: &self)).map { _ in Hostile.pieces.randomElement(using: &self)! }.joined()
  }

  mutating func arguments() -> [String] { (0..<Int.random(in: 0...6, using: &self)).map { _ in argument() } }
}

/// Equal scalar by scalar: `==` on strings takes canonically equivalent ones for equal.
func sameScalars(_ one: [String], _ other: [String]) -> Bool {
  one.map { Array($0.unicodeScalars) } == other.map { Array($0.unicodeScalars) }
}
