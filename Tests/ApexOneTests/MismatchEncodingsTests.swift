import ApexOne
import Testing

/// Encodings and files that are no lists. Bytes of code pages are written out: no converter is trusted here.
@Suite struct MismatchEncodingsTests {
  @Test func byteOrderMark() throws {
    let list = try MismatchList([0xEF, 0xBB, 0xBF] + Array("Host,IP\nBÜRO-1,10.0.0.1\n".utf8))
    #expect(names(list) == ["BÜRO-1"])
    #expect(list.guess.isEncodingCertain)
    #expect(list.headers == ["Host", "IP"])
  }

  @Test(arguments: [true, false], [true, false]) func utf16(isBigEndian: Bool, hasMark: Bool) throws {
    let list = try MismatchList(utf16("Host,IP\r\nBÜRO-1,10.0.0.1\r\n端末-2,10.0.0.2", isBigEndian, hasMark))
    #expect(names(list) == ["BÜRO-1", "端末-2"])
    #expect(list.guess.encoding == (isBigEndian ? .utf16BigEndian : .utf16LittleEndian))
    #expect(list.guess.isEncodingCertain == hasMark)
  }

  @Test func halfAUnitAndLoneSurrogates() throws {
    var bytes = utf16("Host,IP\r\nA1,10.0.0.1\r\nA", false, true)
    bytes += [0x00, 0xD8, 0x41]
    let list = try MismatchList(bytes)
    #expect(names(list) == ["A1"])
    #expect(list.rejected.count == 1)
    #expect(list.notes.contains(.badBytes(count: 2, encoding: .utf16LittleEndian)))
  }

  @Test func oneBadByteInUTF8() throws {
    let list = try MismatchList(Array("Host,Note\nBÜRO-1,ä\nA2,".utf8) + [0xFF] + Array("\nA3,ö\n".utf8))
    #expect(names(list) == ["BÜRO-1", "A2", "A3"])
    #expect(list.guess.encoding == .utf8)
    #expect(list.notes == [.badBytes(count: 1, encoding: .utf8)])
  }

  /// `コンピュータ名,IP` and a row, in code page 932.
  @Test func japanese() throws {
    let header: [UInt8] = [
      0x83, 0x52, 0x83, 0x93, 0x83, 0x73, 0x83, 0x85, 0x81, 0x5B, 0x83, 0x5E, 0x96, 0xBC,
    ]
    let list = try MismatchList(header + Array(",IP\r\nA1,10.0.0.1\r\n".utf8) + [0x92, 0x5B, 0x96, 0x96, 0x0A])
    #expect(list.headers == ["コンピュータ名", "IP"])
    #expect(names(list) == ["A1", "端末"])
    #expect(list.guess.encoding == .windows932)
  }

  /// `计算机名` in 936, `電腦名稱` in 950, `컴퓨터 이름` in 949, `Имя компьютера` in 1251.
  @Test(
    arguments: [
      (TextEncoding.windows936, [0xBC, 0xC6, 0xCB, 0xE3, 0xBB, 0xFA, 0xC3, 0xFB], "计算机名"),
      (.windows950, [0xB9, 0x71, 0xB8, 0xA3, 0xA6, 0x57, 0xBA, 0xD9], "電腦名稱"),
      (.windows949, [0xC4, 0xC4, 0xC7, 0xBB, 0xC5, 0xCD, 0x20, 0xC0, 0xCC, 0xB8, 0xA7], "컴퓨터 이름"),
      (
        .windows1251, [0xC8, 0xEC, 0xFF, 0x20, 0xEA, 0xEE, 0xEC, 0xEF, 0xFC, 0xFE, 0xF2, 0xE5, 0xF0, 0xE0],
        "Имя компьютера"
      ),
    ] as [(TextEncoding, [UInt8], String)])
  func headerWordsSettleTheCodePage(_ encoding: TextEncoding, _ header: [UInt8], _ text: String) throws {
    let list = try MismatchList(header + Array(",Z\nA1,x\n".utf8))
    #expect(list.guess.encoding == encoding)
    #expect(list.headers == [text, "Z"])
    #expect(names(list) == ["A1"])
  }

  /// Domains in five scripts under an English header: the bytes alone must tell.
  @Test(
    arguments: [
      (
        .windows932, [0x93, 0x8C, 0x8B, 0x9E, 0x96, 0x7B, 0x8E, 0xD0],
        [0x91, 0xE5, 0x8D, 0xE3, 0x8E, 0x78, 0x93, 0x58, 0x20, 0x89, 0x63, 0x8B, 0xC6, 0x95, 0x94], "東京本社", "大阪支店 営業部"
      ),
      (
        .windows936, [0xB1, 0xB1, 0xBE, 0xA9, 0xD7, 0xDC, 0xB2, 0xBF],
        [0xCF, 0xFA, 0xCA, 0xDB, 0xB2, 0xBF], "北京总部", "销售部"
      ),
      (
        .windows950, [0xA5, 0x78, 0xA5, 0x5F, 0xC1, 0x60, 0xB3, 0xA1],
        [0xB7, 0x7E, 0xB0, 0xC8, 0xB3, 0xA1], "台北總部", "業務部"
      ),
      (
        .windows949, [0xBC, 0xAD, 0xBF, 0xEF, 0x20, 0xBA, 0xBB, 0xBB, 0xE7],
        [0xBF, 0xB5, 0xBE, 0xF7, 0xBA, 0xCE], "서울 본사", "영업부"
      ),
      (
        .windows1251, [0xCC, 0xEE, 0xF1, 0xEA, 0xE2, 0xE0],
        [0xCE, 0xF2, 0xE4, 0xE5, 0xEB, 0x20, 0xEF, 0xF0, 0xEE, 0xE4, 0xE0, 0xE6], "Москва", "Отдел продаж"
      ),
    ] as [(TextEncoding, [UInt8], [UInt8], String, String)])
  func bytesSettleTheCodePage(
    _ encoding: TextEncoding, _ first: [UInt8], _ second: [UInt8], _ firstText: String, _ secondText: String
  ) throws {
    let rows = [Array("Host,Domain\nA1,".utf8), first, Array("\nA2,".utf8), second, [0x0A]]
    let list = try MismatchList(rows.flatMap { $0 })
    #expect(list.guess.encoding == encoding)
    #expect(list.agents.map(\.domain) == [firstText, secondText])
  }

  /// Bytes that mean nothing in a double-byte page are marked, and what stands around them stays.
  @Test func badBytesInADoubleBytePage() throws {
    var bytes: [UInt8] = Array("Host,".utf8) + [0x83, 0x7A, 0x83, 0x58, 0x83, 0x67, 0x96, 0xBC, 0x0A]
    for number in 0..<9_000 { bytes += Array("A\(number),".utf8) + [0x93, 0x8C, 0x8B, 0x9E, 0x0A] }
    bytes += Array("B1,".utf8) + [0xFF, 0x0A] + Array("B2,x".utf8) + [0x83]
    let list = try MismatchList(bytes)
    #expect(list.guess.encoding == .windows932)
    #expect(list.agents.count == 9_002)
    #expect(list.agents[8_999].columns == ["A8999", "東京"])
    #expect(list.agents[9_000].columns == ["B1", "\u{FFFD}"])
    #expect(list.agents[9_001].columns == ["B2", "x\u{FFFD}"])
    #expect(list.notes.contains(.badBytes(count: 2, encoding: .windows932)))
  }

  @Test func westernAccentsAre1252() throws {
    // BÜRO-1, a Euro sign, and a byte that 1252 doesn't know.
    let list = try MismatchList([0x42, 0xDC] + Array("RO-1,10.0.0.1,".utf8) + [0x80, 0x20, 0x81, 0x0A])
    #expect(list.guess.encoding == .windows1252)
    #expect(names(list) == ["BÜRO-1"])
    #expect(list.agents[0].columns[2] == "€ \u{FFFD}")
    #expect(list.notes.contains(.badBytes(count: 1, encoding: .windows1252)))
  }

  @Test(arguments: [
    "<!DOCTYPE html><p>", "\n\n<html>\n", "<?xml version=\"1.0\"?><a/>", "<list>\n<agent/></list>",
    "{\"error\": 401}", " [ {\"a\":1} ]", "[]",
  ])
  func pages(_ text: String) {
    #expect { try read(text) } throws: { error in
      if case .notAList = error as? MismatchListError { true } else { false }
    }
  }

  @Test(
    arguments: [
      [0x50, 0x4B, 0x03, 0x04, 0x14], [0x4D, 0x5A, 0x90, 0x00], [0x89, 0x50, 0x4E, 0x47],
      [0x41, 0x00, 0x00, 0x2C, 0x0A],
      [0xFF, 0xFE, 0x41, 0x00, 0x00, 0x00],
    ] as [[UInt8]])
  func binaries(_ bytes: [UInt8]) {
    #expect { try MismatchList(bytes) } throws: { error in
      if case .binary(1, _) = error as? MismatchListError { true } else { false }
    }
  }

  @Test func noColumnOfHostNames() {
    #expect(throws: MismatchListError.noHostColumn(line: 1, columns: ["IP Address", "GUID"])) {
      try read("IP Address,GUID\n10.0.0.1,x y\n")
    }
    #expect(throws: MismatchListError.noHostColumn(line: 1, columns: ["1"])) { try read("Access is denied.\n") }
    #expect(
      MismatchListError.noHostColumn(line: 1, columns: ["a", "b"]).description
        == "line 1: no column holds host names ('a', 'b'); name one with --host-column")
  }

  private func utf16(_ text: String, _ isBigEndian: Bool, _ hasMark: Bool) -> [UInt8] {
    ((hasMark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return isBigEndian ? [high, low] : [low, high]
    }
  }
}
