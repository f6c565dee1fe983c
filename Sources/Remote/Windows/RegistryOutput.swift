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
  package static let valueLimit = 1_000
  /// Values that are kept.
  package static let countLimit = 1_000

  /// By name, as printed. The default value's name is in the endpoint's language, in parentheses.
  package private(set) var values: [String: RegistryValue] = [:]
  private let exitCode: UInt32?

  package init(_ bytes: [UInt8], exitCode: UInt32?) {
    self.exitCode = exitCode
    ConsoleText.lines(bytes) { line in
      if let (name, value) = RegistryOutput.value(line) { values[name] = value }
      return values.count < RegistryOutput.countLimit
    }
  }

  package init(_ result: CommandResult) { self.init(result.output, exitCode: result.exitCode) }

  /// The key, or the value that was asked for, isn't there (or may not be read: `reg.exe` says both alike).
  package var isMissing: Bool { values.isEmpty && exitCode == 1 }

  /// Registry names ignore case.
  package subscript(name: String) -> RegistryValue? {
    if let value = values[name] { return value }
    let folded = name.lowercased()
    return values.first { $0.key.utf8.count == name.utf8.count && $0.key.lowercased() == folded }?.value
  }

  private typealias Line = UnsafeBufferPointer<UInt8>

  private static func value(_ line: Line) -> (String, RegistryValue)? {
    guard line.count > 4, line.hasGap(at: 0), line[4] != 0x20 else { return nil }
    var position = 5
    while position < line.count {
      if let begin = afterGap(line, at: position), let end = typeEnd(line, at: begin) {
        let type = text(line[begin..<end])
        return (text(line[4..<position]), RegistryValue(type: type, text: capped(line, afterGap(line, at: end) ?? end)))
      }
      position += 1
    }
    return nil
  }

  /// Where the text after a separator at `position` begins: four blanks, or the tab of old systems.
  private static func afterGap(_ line: Line, at position: Int) -> Int? {
    guard position < line.count else { return nil }
    if line[position] == 0x09 { return position + 1 }
    return line.hasGap(at: position) ? position + 4 : nil
  }

  /// The end of a `REG_` token that begins at `start` and is followed by a separator or the line's end.
  private static func typeEnd(_ line: Line, at start: Int) -> Int? {
    guard start + 4 < line.count, line[start] == UInt8(ascii: "R"), line[start + 1] == UInt8(ascii: "E"),
      line[start + 2] == UInt8(ascii: "G"), line[start + 3] == UInt8(ascii: "_")
    else { return nil }
    var end = start + 4
    while end < line.count,
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(line[end]) || line[end] == UInt8(ascii: "_")
    {
      end += 1
    }
    guard end > start + 4, end == line.count || line[end] == 0x09 || line[end] == 0x20 else { return nil }
    return end
  }

  private static func text(_ bytes: Slice<Line>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes), as: UTF8.self)
  }

  /// The text from `start` on, cut between two characters.
  private static func capped(_ line: Line, _ start: Int) -> String {
    let text = text(line[start...])
    guard text.utf8.count > valueLimit else { return text }
    var view = String.UnicodeScalarView()
    var size = 0
    for scalar in text.unicodeScalars {
      size += UTF8.width(scalar)
      if size > valueLimit { break }
      view.append(scalar)
    }
    return String(view)
  }
}
