/// Seeded random texts made of what command lines trip over, so that a failure can be repeated by its seed.
struct Hostile: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

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
