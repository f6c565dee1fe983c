import Remote

/// What a far side said where a protocol was meant to speak, for the words of errors.
enum ForeignText {
  /// In quotes, on one line, control characters visible, blanks at the ends taken off; at most 240 characters.
  static func quoted(_ bytes: some Collection<UInt8>) -> String {
    let text = String(decoding: bytes.prefix(200), as: UTF8.self)
    let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
    let end = scalars.lastIndex { !$0.properties.isWhitespace }.map(scalars.index(after:)) ?? scalars.startIndex
    let shown = String(String.UnicodeScalarView(scalars[..<end])).debugDescription
    return shown.count <= 240 ? shown : shown.prefix(200) + "…\""
  }

  /// As a part of a sentence, on one line, control characters visible; cut after 600 bytes.
  static func visible(_ text: String) -> String {
    String(text.cut(to: 600).debugDescription.dropFirst().dropLast())
  }
}
