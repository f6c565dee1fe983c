import Testing

@testable import LineEditor

@Suite struct ScreenPositionTests {
  private func position(_ text: String, prompt: Int = 8, columns: Int = 20) -> [Int] {
    let position = ScreenPosition(promptWidth: prompt, text: text, columns: columns)
    return [position.row, position.column]
  }

  @Test func countsColumns() {
    #expect(position("") == [0, 8])
    #expect(position("abc") == [0, 11])
    #expect(position("日本") == [0, 12])
    #expect(position("e\u{301}x") == [0, 10])
  }

  @Test func wraps() {
    // libedit goes to the next row as soon as one is full.
    #expect(position(String(repeating: "a", count: 11)) == [0, 19])
    #expect(position(String(repeating: "a", count: 12)) == [1, 0])
    #expect(position(String(repeating: "a", count: 33)) == [2, 1])
    // A wide character that doesn't fit leaves the last cell empty.
    #expect(position(String(repeating: "a", count: 11) + "日") == [1, 2])
  }

  @Test func aPromptMayBeWiderThanTheWindow() {
    #expect(position("ab", prompt: 45) == [2, 7])
  }

  @Test func countsAsLibeditDraws() {
    #expect(position("\u{3}x") == [0, 11])  // ^Cx
    #expect(position("\t", prompt: 3) == [0, 8])
    #expect(position("\t", prompt: 8) == [0, 16])
    #expect(position("ab\nbck:x") == [1, 5])  // an incremental search
    #expect(position("\u{10FFFE}") == [0, 16])  // \U+10FFFE
  }
}
