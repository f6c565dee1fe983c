/// How `cmd.exe /c` reads a line, as far as our own lines go.
enum CmdReader {
  /// Replaces `%NAME%`, `%NAME:FROM=TO%` and `%NAME:~…%` of known variables; leaves unknown ones as they stand.
  ///
  /// The value of a replacement or a piece is not worked out: the whole variable is put in. It only has to be seen
  /// that one happened.
  static func expand(_ line: String, variables: [String: String]) -> String {
    var known: [String: String] = [:]
    for (name, value) in variables { known[name.uppercased()] = value }
    let text = Array(line.unicodeScalars)
    var result = String.UnicodeScalarView()
    var position = 0
    while position < text.count {
      if text[position] == "%", let (value, end) = variable(in: text, at: position, known) {
        result.append(contentsOf: value.unicodeScalars)
        position = end
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return String(result)
  }

  /// The known variable that begins at a `%`, and the position after its closing one.
  private static func variable(
    in text: [Unicode.Scalar], at start: Int, _ known: [String: String]
  ) -> (value: String, end: Int)? {
    var name = String.UnicodeScalarView()
    var position = start + 1
    while position < text.count, text[position] != "%" {
      if text[position] == ":", let value = known[String(name).uppercased()],
        let close = text[position...].firstIndex(of: "%")
      {
        return (value, close + 1)
      }
      name.append(text[position])
      position += 1
    }
    guard position < text.count, let value = known[String(name).uppercased()] else { return nil }
    return (value, position + 1)
  }

  /// Takes carets away outside quotes and cuts at `&&`; any other operator is a fault.
  static func parts(_ line: String) throws(CommandLineParsing.Fault) -> [String] {
    let text = Array(line.unicodeScalars)
    var parts: [String] = []
    var part = String.UnicodeScalarView()
    var quoted = false
    var position = 0
    while position < text.count {
      let scalar = text[position]
      position += 1
      if scalar == "\"" {
        quoted.toggle()
        part.append(scalar)
      } else if quoted {
        part.append(scalar)
      } else if scalar == "^" {
        guard position < text.count else { break }
        part.append(text[position])
        position += 1
      } else if scalar == "&", position < text.count, text[position] == "&" {
        position += 1
        parts.append(String(part))
        part = String.UnicodeScalarView()
      } else if "&|<>()\r\n".unicodeScalars.contains(scalar) {
        throw CommandLineParsing.Fault(description: "an operator stands unprotected at \(position - 1): \(scalar)")
      } else {
        part.append(scalar)
      }
    }
    parts.append(String(part))
    return parts
  }

  /// Cuts at every lone `&` outside quotes and without a caret; carets and quotes stay, blanks at the cuts' sides go. `&&`
  /// and the `&` of `2>&1` cut nothing.
  static func sequence(_ line: String) -> [String] {
    let text = Array(line.unicodeScalars)
    var (parts, part) = ([String](), String.UnicodeScalarView())
    var (quoted, position) = (false, 0)
    while position < text.count {
      let scalar = text[position]
      let next = position + 1 < text.count ? text[position + 1] : nil
      if scalar == "\"" { quoted.toggle() }
      if !quoted, scalar == "^" || scalar == "&" && next == "&", let next {
        part.append(scalar)
        part.append(next)
        position += 1
      } else if !quoted, scalar == "&", part.last != ">" {
        parts.append(trimmed(part))
        part = String.UnicodeScalarView()
      } else {
        part.append(scalar)
      }
      position += 1
    }
    return parts + [trimmed(part)]
  }

  private static func trimmed(_ part: String.UnicodeScalarView) -> String {
    var part = part.drop { $0 == " " }
    while part.last == " " { part.removeLast() }
    return String(String.UnicodeScalarView(part))
  }
}
