/// JSON as we write it: one object a line, keys in the order given, hidden characters as `\u`.
package enum JSONText {
  package static func object(_ members: some Sequence<(String, ResultValue)>) -> String {
    var text = "{"
    for (key, value) in members {
      if text.utf8.count > 1 { text += "," }
      appendString(key, to: &text)
      text += ":"
      append(value, to: &text)
    }
    return text + "}"
  }

  /// Without exponent and without a trailing `.0`; what JSON has no form for is null.
  package static func number(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return "\(value)"
  }

  static func append(_ value: ResultValue, to text: inout String) {
    switch value {
    case .null: text += "null"
    case .text(let string): appendString(string, to: &text)
    case .number(let number): text += String(number)
    case .decimal(let double): text += number(double)
    case .flag(let flag): text += flag ? "true" : "false"
    case .object(let members): text += object(members.map { ($0.key, $0.value) })
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        append(value, to: &text)
      }
      text += "]"
    }
  }

  static func appendString(_ string: String, to text: inout String) {
    text += "\""
    if string.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) {
      text += string
    } else {
      for scalar in string.unicodeScalars { appendScalar(scalar, to: &text) }
    }
    text += "\""
  }

  private static func appendScalar(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    default:
      guard OutputText.isHidden(scalar) else {
        text.unicodeScalars.append(scalar)
        return
      }
      for unit in String(scalar).utf16 {
        let hex = String(unit, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      }
    }
  }
}
