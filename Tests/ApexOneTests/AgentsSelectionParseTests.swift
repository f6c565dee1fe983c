import Testing

@testable import ApexOne

/// What a selection's text may be. Where one is wrong, `^` stands under the character that the error names.
@Suite struct AgentsSelectionParseTests {
  @Test(arguments: [
    "WS-001", "WS-[001-120,200]", "WS-*", "SRV?", "10.20.0.0/16", "10.20.0.5", "fe80::/10", "2001:db8::1",
    "@mismatched",
    "@failed", "@failed:7", "@already-matching", "@domain:Sales", "@domain:\"Plant, North\\Line 2\"", "@file:list.txt",
    "@file:'a&b.txt'", "@first:20", "all", "ALL", "\"all\"", "BÜRO-[1-3].contoso.local",
    "@mismatched&@domain:Sales!WS-007",
    "WS-1,WS-2&@first:1", " WS-1 , WS-2 ! WS-3 ", "[1-3]", "WS-[1-3]*", "@domain:Plant\\Line 2 & WS-1", "@MISMATCHED",
    "R[1-2]-[a]".replacing("[a]", with: "[01-09]"),
  ])
  func accepted(_ text: String) throws {
    #expect(try Selection(text).text == text)
  }

  @Test(
    arguments: [
      ("", "^", .empty),
      ("  ", "^", .empty),
      (",WS-1", "^", .missingOperand),
      ("WS-1,", "     ^", .missingOperand),
      ("WS-1,,WS-2", "     ^", .missingOperand),
      ("WS-1&", "     ^", .missingOperand),
      ("WS-1!!WS-2", "     ^", .missingOperand),
      ("!WS-1", "^", .nothingToReduce),
      ("WS-1,!WS-2", "     ^", .nothingToReduce),
      ("WS-1 WS-2", "     ^", .unexpected("W")),
      ("\"WS-1\"x", "      ^", .unexpected("x")),
      ("WS-1,\"WS-2", "     ^", .openQuote),
      ("@domain:'Sales", "        ^", .openQuote),
      ("WS-1,WS-[1-2", "        ^", .openBracket),
      ("WS-1,-x", "     ^", .malformedName("-x", fault: "a part of it begins with a hyphen")),
      ("BÜRO-1,a$b", "       ^", .malformedName("a$b", fault: "it holds '$'")),
      ("WS-[5-3]", "    ^", .malformedRange("5-3", fault: "it runs backwards")),
      ("WS-[1-2,x]", "        ^", .malformedRange("x", fault: "write [001-120] or [7]")),
      ("WS-[1-2,]", "        ^", .malformedRange("", fault: "it is empty")),
      ("WS-[]", "    ^", .malformedRange("", fault: "it is empty")),
      ("WS-[a-b]", "    ^", .malformedRange("a-b", fault: "write [001-120] or [7]")),
      ("WS-[1-2-3]", "    ^", .malformedRange("1-2-3", fault: "write [001-120] or [7]")),
      ("WS-[1-005]", "    ^", .malformedRange("1-005", fault: "its ends are padded differently")),
      ("WS-[001-10]", "    ^", .malformedRange("001-10", fault: "its ends are padded differently")),
      ("WS-[1-1000001]", "   ^", .tooManyNames),
      ("A[1-1000][1-1001]", "         ^", .tooManyNames),
      ("A[0-999999999999999999]", " ^", .tooManyNames),
      ("x,A[1-1001]*", "  ^", .tooManyPatterns),
      ("10.0.0.0/33", "^", .malformedNetwork("10.0.0.0/33")),
      ("10.20.0.[1-300]", "^", .malformedNetwork("10.20.0.[1-300]")),
      ("10.20.", "^", .malformedNetwork("10.20.")),
      ("WS-1,10.20.0.2-VPN", "     ^", .malformedNetwork("10.20.0.2-VPN")),
      ("all,@broken", "    ^", .unknownSet("broken")),
      ("all,@", "    ^", .unknownSet("")),
      ("@domain", "^", .missingValue("domain")),
      ("@domain:", "        ^", .missingValue("domain")),
      ("@failed:", "        ^", .missingValue("failed")),
      ("@mismatched:7", "            ^", .needlessValue("mismatched")),
      ("@failed:x", "        ^", .malformedRun("x")),
      ("@failed:0", "        ^", .malformedRun("0")),
      ("@first:-1", "       ^", .malformedCount("-1")),
      ("@first:0", "       ^", .malformedCount("0")),
    ] as [(String, String, SelectionError.Reason)])
  func refused(_ text: String, _ marker: String, _ reason: SelectionError.Reason) {
    let error = #expect(throws: SelectionError.self) { try Selection(text) }
    #expect(error?.reason == reason)
    #expect(error?.column == marker.count)
  }

  @Test func errorsAreSentences() {
    let error = #expect(throws: SelectionError.self) { try Selection("WS-[5-3]") }
    #expect(error?.description == "selection, column 5: '5-3' is not a range of numbers: it runs backwards")
  }

  @Test func filesAndSetsCanBeAskedFor() throws {
    let selection = try Selection("@file:a.txt,@mismatched&@file:\"b c\"!@failed:3")
    let files = selection.operands.compactMap { if case .file(let path) = $0.kind { path } else { nil } }
    let sets = selection.operands.compactMap { if case .set(let set) = $0.kind { set } else { nil } }
    #expect(files == ["a.txt", "b c"])
    #expect(sets == [.mismatched, .outcome(.failed, run: 3)])
  }

  @Test func manyBracketsAndQuotesTakeNoTime() throws {
    #expect(throws: SelectionError.self) { try Selection(String(repeating: "A[1-9]", count: 20_000)) }
    #expect(throws: SelectionError.self) { try Selection(String(repeating: "[", count: 200_000)) }
    #expect(throws: SelectionError.self) { try Selection(String(repeating: "!", count: 200_000)) }
  }
}
