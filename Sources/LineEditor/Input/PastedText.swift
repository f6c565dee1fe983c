/// A pasted text as lines: the first goes into the line being typed, the others are offered one after another, each
/// shown and each needing Enter. So a pasted block of commands is never run unseen.
enum PastedText {
  /// Any of CR LF, CR and LF ends a line; a tab becomes a blank; other control characters are dropped, since a key they
  /// are not. Empty lines are left out.
  static func lines(_ bytes: [UInt8]) -> [String] {
    var lines: [String] = []
    var line = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar {
      case "\r", "\n":
        if !line.isEmpty { lines.append(line) }
        line = ""
      case "\t": line.append(" ")
      default: if scalar.properties.generalCategory != .control { line.unicodeScalars.append(scalar) }
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}
