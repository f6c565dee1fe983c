import Testing

@testable import InputText

/// Bytes to text, text to lines.
@Suite struct LinesTests {
  @Test(
    arguments: [
      ("", []), ("\n", [""]), ("a", ["a"]), ("a\nb", ["a", "b"]), ("a\nb\n", ["a", "b"]), ("a\r\nb\r\n", ["a", "b"]),
      ("a\rb\r", ["a", "b"]), ("a\r\n\r\nb", ["a", "", "b"]), ("a\r\nb\nc\rd", ["a", "b", "c", "d"]),
      ("a\n\rb", ["a", "", "b"]), ("a\r\r\nb", ["a", "", "b"]), ("ä\r\n端末", ["ä", "端末"]),
      ("a\u{301}\r\nb", ["a\u{301}", "b"]),
    ] as [(String, [String])])
  func lines(_ text: String, _ expected: [String]) {
    #expect(Lines.of(text).map(String.init) == expected)
  }

  @Test(arguments: [
    ("WS-001", "WS-001"), ("  WS-001\t", "WS-001"), ("\u{FEFF}WS-001\u{A0}", "WS-001"), ("# all", ""),
    ("\u{FEFF}# all", ""), ("WS-001 # database", "WS-001"), ("WS-001\u{A0}# database", "WS-001"),
    ("WS-001\t#", "WS-001"), ("WS#1", "WS#1"), ("\u{200B}WS-001\u{200B}", "WS-001"),
    ("\u{3000}WS-001\u{3000}", "WS-001"),
    ("\u{202A}WS-001\u{202C}", "WS-001"), ("WS-001\u{1A}", "WS-001"), ("\u{202E}WS-001", "\u{202E}WS-001"),
    ("\u{1B}WS-001", "\u{1B}WS-001"), (" \u{A0}\u{200B} ", ""),
  ])
  func contents(_ line: String, _ expected: String) {
    #expect(Lines.content(line).unicodeScalars.elementsEqual(expected.unicodeScalars), "\(Lines.content(line))")
  }

  @Test func bytesAreTrimmedAsTextIs() {
    let pieces = [
      " ", "\t", "\u{A0}", "\u{AD}", "\u{200B}", "\u{FEFF}", "\u{3000}", "\u{2060}", "a", "ü", "端", "😀", "\u{1B}",
    ]
    for first in pieces {
      for second in pieces {
        for third in pieces {
          var text = first + second + third
          let trimmed = text.withUTF8 { String(decoding: Blank.trimmed($0), as: UTF8.self) }
          #expect(trimmed.utf8.elementsEqual(Blank.trimmed(text).utf8), "\(Array(text.unicodeScalars))")
        }
      }
    }
    // Cut-off sequences are no blanks.
    for bytes: [UInt8] in [[0x41, 0xC2], [0xA0], [0xE2, 0x80], [0xEF, 0xBB, 0x41], [0x80, 0x80, 0x80, 0x80]] {
      #expect(bytes.withUnsafeBufferPointer { Array(Blank.trimmed($0)) } == bytes)
    }
  }

  @Test func encodings() throws {
    let text = "WS-001\r\nBÜRO-1\r\n"
    #expect(try FileText.decode(Array(text.utf8)) == text)
    #expect(try FileText.decode([0xEF, 0xBB, 0xBF] + Array(text.utf8)) == text)
    for isBigEndian in [true, false] {
      for hasMark in [true, false] {
        #expect(try FileText.decode(utf16(text, isBigEndian, hasMark)) == text)
        #expect(FileText.repaired(utf16(text, isBigEndian, hasMark)) == text)
      }
    }
    // Two files of different orders, one behind the other.
    #expect(try FileText.decode(utf16("a\n", true, true) + utf16("b\n", false, true)) == "a\n\u{FEFF}b\n")
  }

  @Test func whatIsNoTextIsSaidWithItsLine() {
    #expect(throws: FileTextFault(line: 2, reason: "not UTF-8 text; save the file as UTF-8")) {
      try FileText.decode(Array("WS-001\nB".utf8) + [0xDC] + Array("RO\n".utf8))
    }
    #expect(throws: FileTextFault(line: 3, reason: "a zero byte, so this is no text")) {
      try FileText.decode(Array("one\ntwo\nthree".utf8) + [0])
    }
    #expect(throws: FileTextFault.self) { try FileText.decode([0xFF, 0xFE, 0x41]) }
  }

  private func utf16(_ text: String, _ isBigEndian: Bool, _ hasMark: Bool) -> [UInt8] {
    ((hasMark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
      isBigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
  }
}
