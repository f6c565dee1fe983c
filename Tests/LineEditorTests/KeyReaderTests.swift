import Testing

@testable import LineEditor

@Suite struct KeyReaderTests {
  /// Reads all keys of `bytes`, which then end; a wait in between is where `nil` stands.
  private func keys(_ bytes: [UInt8?]) -> [KeyReader.Key] {
    var rest = bytes[...]
    var reader = KeyReader()
    var keys: [KeyReader.Key] = []
    while true {
      let key = reader.read { wait in
        while true {
          guard let next = rest.first else { return wait < 0 ? .end : .none }
          rest = rest.dropFirst()
          if let next { return .byte(next) }
          if wait >= 0 { return .none }
        }
      }
      if key == .end { return keys }
      keys.append(key)
    }
  }

  private func keys(_ text: String) -> [KeyReader.Key] { keys(text.utf8.map { $0 }) }

  private func typed(_ text: String) -> [KeyReader.Key] { text.unicodeScalars.map { .scalar($0) } }

  @Test func charactersOfAnyScript() {
    #expect(keys("aé日😀\r") == typed("aé日😀\r"))
  }

  @Test func whatIsNotUTF8IsSeen() {
    #expect(keys([0xe9, 0x61]) == typed("\u{fffd}a"))
    #expect(keys([0x80, 0xff, 0xc0, 0x80]) == typed("\u{fffd}\u{fffd}\u{fffd}"))
    #expect(keys([0xe6, nil, 0x61]) == typed("\u{fffd}a"))
  }

  @Test func pasteIsOneKey() {
    let pasted = KeyReader.Key.paste(Array("a\r\nb\u{1b}[A".utf8))
    #expect(keys("x\u{1b}[200~a\r\nb\u{1b}[A\u{1b}[201~y") == [.scalar("x"), pasted, .scalar("y")])
    #expect(keys("\u{1b}[200~\u{1b}[201~") == [.paste([])])
  }

  @Test func aPasteWithoutAnEndIsStillOne() {
    #expect(keys("\u{1b}[200~abc".utf8.map { $0 } + [nil, 0x64]) == [.paste(Array("abc".utf8)), .scalar("d")])
  }

  @Test func theRightKey() {
    #expect(keys("\u{1b}[C\u{1b}OC") == [.right(Array("\u{1b}[C".utf8)), .right(Array("\u{1b}OC".utf8))])
  }

  @Test func otherSequencesPassAsTheyCame() {
    for text in ["\u{1b}[A", "\u{1b}[20~", "\u{1b}p", "\u{1b}\u{1b}[Dx", "\u{1b}ä", "\u{1b}[2", "\u{1b}O"] {
      #expect(keys(text) == typed(text))
    }
    #expect(keys("\u{1b}\u{1b}[C") == [.scalar("\u{1b}"), .right(Array("\u{1b}[C".utf8))])
  }

  @Test func escapeAloneIsAKey() {
    #expect(keys([0x1b, nil, UInt8(ascii: "["), UInt8(ascii: "C")]) == typed("\u{1b}[C"))
  }

  @Test func pastedLines() {
    #expect(PastedText.lines(Array("a\r\nb\rc\n\nd\te\u{7}".utf8)) == ["a", "b", "c", "d e"])
    #expect(PastedText.lines(Array("\n \n".utf8)) == [" "])
    #expect(PastedText.lines([]).isEmpty)
  }
}
