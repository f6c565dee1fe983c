import Foundation

/// One line of an OpenSSH configuration file: a word, and what follows it.
enum SSHConfigLine {
  struct Fault: Error { let text: String }

  struct Reading: Sendable {
    /// In lower case.
    var key: String
    /// As it may stand in an error.
    var shownKey: String
    /// What follows, in words; `"…"` and `'…'` hold words together, `\` takes quotes and itself literally.
    var values: [String]
    /// What follows, as it stands: a command is a shell's line.
    var rest: String
  }

  private static let (tab, blank, quote, equals) = (UInt8(9), UInt8(32), UInt8(34), UInt8(61))

  /// A CR is a blank to OpenSSH: at a line's end, and around its first word.
  private static func isBlank(_ byte: UInt8) -> Bool { byte == tab || byte == blank || byte == 13 }

  /// Nil for an empty line and a comment.
  static func read(_ line: ArraySlice<UInt8>) throws(Fault) -> Reading? {
    if line.contains(0) { throw Fault(text: "it holds a NUL") }
    var rest = line
    while let last = rest.last, isBlank(last) || last == 12 { rest.removeLast() }
    rest = rest.drop(while: isBlank)
    // A word may follow `=` even here.
    if rest.first == equals { rest = rest.dropFirst().drop(while: isBlank) }
    guard let first = rest.first, first != UInt8(ascii: "#") else { return nil }
    let key: ArraySlice<UInt8>
    if first == quote {
      guard let end = rest.dropFirst().firstIndex(of: quote) else { throw Fault(text: "a quote is not closed") }
      key = rest[(rest.startIndex + 1)..<end]
      rest = rest[(end + 1)...]
    } else {
      key = rest.prefix { !isBlank($0) && $0 != equals }
      rest = rest[key.endIndex...]
    }
    rest = rest.drop(while: isBlank)
    if rest.first == equals { rest = rest.dropFirst().drop(while: isBlank) }
    let name = String(decoding: key, as: UTF8.self)
    return Reading(
      key: name.lowercased(), shownKey: ForeignText.quoted(key), values: try words(rest),
      rest: String(decoding: rest, as: UTF8.self))
  }

  private static func words(_ text: ArraySlice<UInt8>) throws(Fault) -> [String] {
    var words: [String] = []
    var rest = text
    while true {
      rest = rest.drop { $0 == tab || $0 == blank }
      guard let first = rest.first, first != UInt8(ascii: "#") else { return words }
      var word: [UInt8] = []
      var open: UInt8?
      while let byte = rest.first, open != nil || byte != tab && byte != blank {
        rest.removeFirst()
        if byte == UInt8(ascii: "\\"), let next = rest.first,
          next == quote || next == UInt8(ascii: "'") || next == byte || next == blank && open == nil
        {
          word.append(next)
          rest.removeFirst()
        } else if open == byte {
          open = nil
        } else if open == nil, byte == quote || byte == UInt8(ascii: "'") {
          open = byte
        } else {
          word.append(byte)
        }
      }
      if open != nil { throw Fault(text: "a quote is not closed") }
      words.append(String(decoding: word, as: UTF8.self))
    }
  }
}
