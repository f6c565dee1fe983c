/// One value of a registry key as `reg.exe` prints it.
package struct RegistryValue: Sendable, Hashable {
  /// `REG_SZ`, `REG_DWORD`, …
  package var type: String
  /// As printed, at most `RegistryOutput.valueLimit` bytes: `0x1f90` for a number.
  package var text: String

  package init(type: String, text: String) {
    self.type = type
    self.text = text
  }

  /// The number of a `REG_DWORD` or `REG_QWORD`.
  package var number: UInt64? {
    guard type == "REG_DWORD" || type == "REG_QWORD" else { return nil }
    return text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  }
}

/// What `reg.exe query KEY [/v NAME] /reg:32` wrote.
///
/// Everything but the value lines is in the endpoint's language, so only those are read: four blanks, a name (which may
/// hold blanks), four blanks, a `REG_*` token, four blanks, the text. No values with exit code 1 is how a missing key
/// looks, in every language.
package struct RegistryOutput: Sendable, Hashable {
  /// Bytes of UTF-8 of one value that are kept.
  package static let valueLimit = 4_096
  /// Values that are kept.
  package static let countLimit = 1_000

  /// By name, as printed. The default value's name is in the endpoint's language, in parentheses.
  package private(set) var values: [String: RegistryValue] = [:]
  private let exitCode: UInt32?

  package init(_ bytes: [UInt8], exitCode: UInt32?) {
    self.exitCode = exitCode
    for line in ConsoleText.lines(bytes) where values.count < RegistryOutput.countLimit {
      guard let (name, value) = RegistryOutput.value(line) else { continue }
      values[name] = value
    }
  }

  package init(_ result: CommandResult) { self.init(result.output, exitCode: result.exitCode) }

  /// The key, or the value that was asked for, isn't there (or may not be read: `reg.exe` says both alike).
  package var isMissing: Bool { values.isEmpty && exitCode == 1 }

  /// Registry names ignore case.
  package subscript(name: String) -> RegistryValue? {
    if let value = values[name] { return value }
    let folded = name.lowercased()
    return values.first { $0.key.lowercased() == folded }?.value
  }

  private static func value(_ line: Substring.UnicodeScalarView) -> (String, RegistryValue)? {
    let scalars = Array(line)
    guard scalars.count > 4, scalars[..<4].allSatisfy({ $0 == " " }), scalars[4] != " " else { return nil }
    var position = 5
    while position < scalars.count {
      guard let begin = gap(in: scalars, at: position) else {
        position += 1
        continue
      }
      if let (type, end) = typeToken(in: scalars, at: begin) {
        let start = gap(in: scalars, at: end) ?? end
        return (text(scalars[4..<position]), RegistryValue(type: type, text: capped(scalars[start...])))
      }
      position += 1
    }
    return nil
  }

  /// Where the text after a separator at `position` begins: four blanks, or the tab of old systems.
  private static func gap(in scalars: [Unicode.Scalar], at position: Int) -> Int? {
    guard position < scalars.count else { return nil }
    if scalars[position] == "\t" { return position + 1 }
    guard position + 4 <= scalars.count, scalars[position..<position + 4].allSatisfy({ $0 == " " }) else { return nil }
    return position + 4
  }

  /// A `REG_` token that is followed by a separator or the line's end.
  private static func typeToken(in scalars: [Unicode.Scalar], at start: Int) -> (String, Int)? {
    let prefix: [Unicode.Scalar] = ["R", "E", "G", "_"]
    guard scalars[start...].starts(with: prefix) else { return nil }
    var end = start + 4
    while end < scalars.count, ("A"..."Z").contains(scalars[end]) || scalars[end] == "_" { end += 1 }
    guard end > start + 4, end == scalars.count || gap(in: scalars, at: end) != nil || scalars[end] == " " else {
      return nil
    }
    return (text(scalars[start..<end]), end)
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private static func capped(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    var size = 0
    for scalar in scalars {
      size += UTF8.width(scalar)
      if size > valueLimit { break }
      view.append(scalar)
    }
    return String(view)
  }
}
