/// What `argv.c` said it got.
struct ArgvOutput {
  var folder: String?
  /// As the C runtime splits the line.
  var runtime: [String]?
  /// As `CommandLineToArgvW` does.
  var api: [String]?
  var lines = 0

  init(_ bytes: [UInt8]) {
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      lines += 1
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      let texts = words.dropFirst().map(ArgvOutput.text)
      switch words.first {
      case "folder": folder = texts.first
      case "crt": runtime = texts
      case "api": api = texts
      default: break
      }
    }
  }

  /// `-` is an empty text.
  private static func text(_ hex: Substring) -> String {
    guard hex != "-" else { return "" }
    let digits = Array(hex.utf8)
    let units = stride(from: 0, to: digits.count - 3, by: 4).compactMap {
      UInt16(String(decoding: digits[$0..<$0 + 4], as: UTF8.self), radix: 16)
    }
    return String(decoding: units, as: UTF16.self)
  }
}
