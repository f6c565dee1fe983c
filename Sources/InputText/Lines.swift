/// The lines of a text that people or programs wrote: the one reader of them, whatever ends them.
///
/// A text is never cut at the `Character` "\n": "\r\n" is another one, so that such a cut finds no line in a file of
/// Windows and half of them in one of both kinds.
package enum Lines {
  /// Ended by LF, CRLF or CR, mixed too. What stands behind the last end is a line where it isn't empty.
  package static func of(_ text: String) -> [Substring] {
    var lines: [Substring] = []
    let bytes = text.utf8
    var start = bytes.startIndex
    var cursor = start
    while cursor < bytes.endIndex {
      let byte = bytes[cursor]
      guard byte == 10 || byte == 13 else {
        cursor = bytes.index(after: cursor)
        continue
      }
      lines.append(text[start..<cursor])
      cursor = bytes.index(after: cursor)
      if byte == 13, cursor < bytes.endIndex, bytes[cursor] == 10 { cursor = bytes.index(after: cursor) }
      start = cursor
    }
    if start < bytes.endIndex { lines.append(text[start...]) }
    return lines
  }

  /// Ended by LF alone, for forms in which a CR is something else; the last may be empty.
  package static func endedByLF(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: 10, omittingEmptySubsequences: false)
  }

  /// What a line of a list says: without blanks at its ends, and without the comment that `#` begins at the line's start
  /// or behind a blank.
  package static func content(_ line: some StringProtocol) -> Substring {
    let line = Blank.trimmed(line)
    var isBehindBlank = true
    for index in line.unicodeScalars.indices {
      let scalar = line.unicodeScalars[index]
      if scalar == "#", isBehindBlank { return Blank.trimmed(line[..<index]) }
      isBehindBlank = Blank.isBlank(scalar)
    }
    return line
  }

  /// The words of a line, parted by white space of any kind.
  package static func words(_ line: some StringProtocol) -> [String] {
    Blank.trimmed(line).unicodeScalars.split(whereSeparator: Blank.isSpace).map { String(Substring($0)) }
  }
}
