import DisplayText
import Foundation
import Testing

@testable import LineEditor

@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("WS-001", "WS-001"), ("grüße 日本 Ж e\u{301} 😀", "grüße 日本 Ж e\u{301} 😀"),
    ("a\u{1b}[31mb", "a\\u{1B}[31mb"), ("x\u{202E}y", "x\\u{202E}y"), ("\u{9b}2J", "\\u{9B}2J"),
    ("a\u{200B}b\u{FEFF}", "a\\u{200B}b\\u{FEFF}"), ("\u{2066}\u{2069}", "\\u{2066}\\u{2069}"),
    ("a\nb\tc\rd", "a\\nb\\tc\\rd"), ("\u{0}\u{7f}", "\\u{0}\\u{7F}"), ("\u{E0041}", "\\u{E0041}"),
    ("\u{3164}\u{2028}", "\\u{3164}\\u{2028}"), ("\r\n", "\\r\\n"), ("", ""),
  ])
  func hiddenCharactersAreShown(_ text: String, _ shown: String) {
    #expect(VisibleText.of(text) == shown)
    #expect(VisibleText.of(shown) == shown)
  }

  @Test func linesKeepTheirLayout() {
    #expect(VisibleText.of("a\tb\r\nc\u{1b}\n", layout: .lines) == "a\tb\nc\\u{1B}\n")
    #expect(VisibleText.of("50%\r100%\r", layout: .lines) == "50%\\r100%\\r")
  }

  @Test func aHeapOfMarksIsCut() {
    let heap = "a" + String(repeating: "\u{301}", count: 300) + "b"
    #expect(VisibleText.of(heap) == "a" + String(repeating: "\u{301}", count: 8) + "…b")
    let mixed = "x" + String(repeating: "\u{300}\u{489}\u{34F}", count: 100)
    #expect(VisibleText.of(mixed).unicodeScalars.count < 40)
    for text in ["เครื่อง", "कंप्यूटर", "BU\u{308}RO", "é"] { #expect(VisibleText.of(text) == text) }
  }

  /// What libedit draws by, and tmux: were one character other, the cursor would stand beside what is typed.
  @Test func everyCharacterIsAsWideAsTheTerminalDrawsIt() throws {
    try #require(setlocale(LC_CTYPE, "C.UTF-8") != nil)
    let symbol = try #require(dlsym(UnsafeMutableRawPointer(bitPattern: 0), "wcwidth"))
    let wcwidth = unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
    var (other, known): ([UInt32], Int) = ([], 0)
    for value in UInt32(0)...0x10_FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let columns = Int(wcwidth(Int32(bitPattern: value)))
      if columns < 0 { continue }
      known += 1
      if TextWidth.of(scalar) != columns || TextWidth.of(String(scalar)) != columns { other.append(value) }
    }
    #expect(known > 150_000 && other.isEmpty, "\(other.count): \(other.prefix(20))")
  }

  @Test func widths() {
    #expect(TextWidth.of("abc") == 3)
    #expect(TextWidth.of("日本x") == 5)
    #expect(TextWidth.of("e\u{301}") == 1)
    #expect(TextWidth.cut("abcdef", columns: 4) == "abc…")
    #expect(TextWidth.cut("日本語", columns: 4) == "日…")
    #expect(TextWidth.cut("abc", columns: 3) == "abc")
    #expect(TextWidth.cut("abc", columns: 0) == "")
    #expect(
      TextWidth.padded("日", columns: 4) == "日  " && TextWidth.padded("1", columns: 3, rightAligned: true) == "  1")
    #expect(TextWidth.of("\t\u{7}a") == 1)
  }
}

@Suite struct PromptTests {
  private let prompt = Prompt([.init("apexsh "), .init("hq", .boldRed), .init(">")])

  @Test func colorsTakeNoColumns() {
    #expect(prompt.width == 11)
    #expect(prompt.rendered(color: false) == "apexsh hq> ")
    #expect(prompt.rendered(color: true) == "apexsh \u{1}\u{1b}[1;31m\u{1}hq\u{1}\u{1b}[0m\u{1}> ")
  }

  @Test func aNameFromOutsideStaysOneRow() {
    #expect(Prompt("a\nb\u{1}").rendered(color: true) == "a\\nb\\u{1} ")
  }
}
