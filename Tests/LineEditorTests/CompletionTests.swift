import DisplayText
import Testing

@testable import LineEditor

@Suite struct CompletionInsertionTests {
  private func insertion(
    _ line: String, start: Int, _ candidates: [String], total: Int? = nil, prefix: String? = nil, isFinal: Bool = true,
    cursor: Int? = nil
  ) -> CompletionInsertion? {
    let completion = LineCompletion(
      start: start, candidates: candidates.map { .init($0, isFinal: isFinal) }, total: total, commonPrefix: prefix)
    return CompletionInsertion(completion, line: line, cursor: cursor ?? line.utf8.count)
  }

  @Test func theOnlyCandidateGetsABlank() throws {
    let change = try #require(insertion("transfer WS-0", start: 9, ["WS-001"]))
    #expect(change.deleted == 4)
    #expect(change.inserted == "WS-001 ")
    #expect(insertion("x", start: 0, ["x/"], isFinal: false)?.inserted == "x/")
    #expect(insertion("tr rest", start: 0, ["transfer"], cursor: 2)?.inserted == "transfer")
    #expect(insertion("transfer", start: 0, ["transfer"])?.inserted == "transfer ")
    #expect(insertion("x/", start: 0, ["x/"], isFinal: false) == nil)
  }

  @Test func severalGetWhatIsCommon() {
    #expect(insertion("t", start: 0, ["transfer", "transport"])?.inserted == "trans")
    #expect(insertion("trans", start: 0, ["transfer", "transport"]) == nil)
    #expect(insertion("ws-", start: 0, ["WS-001", "WS-002"])?.inserted == "WS-00")
    #expect(insertion("", start: 0, ["a", "b"]) == nil)
    #expect(insertion("a", start: 0, []) == nil)
  }

  @Test func aCharacterIsNeverSplit() {
    // ä and ö begin with the same byte.
    #expect(insertion("", start: 0, ["xä", "xö"])?.inserted == "x")
    #expect(insertion("ä", start: 0, ["äbc", "äbd"])?.deleted == 1)
  }

  @Test func whatMatchesOtherwiseTakesNothingAway() {
    #expect(insertion("exact", start: 0, ["ex", "exact"]) == nil)
    #expect(insertion("sales", start: 0, ["WS-SALES-1", "WS-SALES-2"])?.inserted == "WS-SALES-")
  }

  @Test func aCutListInsertsOnlyWhatTheCompleterSays() {
    #expect(insertion("W", start: 0, ["WS-001", "WS-002"], total: 500) == nil)
    #expect(insertion("W", start: 0, ["WS-001", "WS-002"], total: 500, prefix: "WS-")?.inserted == "WS-")
  }

  @Test func offsetsThatAreNoneAreHarmless() {
    #expect(insertion("ä", start: 1, ["x"]) == nil)
    #expect(insertion("abc", start: 2, ["x"], cursor: 1) == nil)
    #expect(insertion("abc", start: 0, ["x"], cursor: 9) == nil)
    #expect(insertion("abc", start: -1, ["x"]) == nil)
  }
}

@Suite struct CompletionListTests {
  private func rows(_ names: [String], total: Int? = nil, columns: Int = 40, rows: Int = 6) -> [String] {
    CompletionList.rows(
      LineCompletion(start: 0, candidates: names.map { .init($0) }, total: total), columns: columns, rows: rows)
  }

  @Test func descriptionsStandInAColumn() {
    let completion = LineCompletion(
      start: 0,
      candidates: [
        .init("transfer", description: "repair with IpXfer"), .init("trust", description: "keys of endpoints"),
        .init("true"),
      ])
    #expect(
      CompletionList.rows(completion, columns: 40, rows: 6) == [
        "transfer  repair with IpXfer", "trust     keys of endpoints", "true",
      ])
    #expect(
      CompletionList.rows(completion, columns: 20, rows: 2) == ["transfer  repair w…", "+2 more"])
  }

  @Test func namesFillColumnsDownwards() {
    #expect(rows(["a1", "a2", "a3", "a4", "a5"], columns: 11) == ["a1  a3  a5", "a2  a4"])
    #expect(rows(["日本", "x"], columns: 40) == ["日本  x"])
  }

  @Test func atMostOneScreen() {
    let names = (0..<500).map { "WS-\(1000 + $0)" }
    let shown = rows(names, columns: 38, rows: 6)
    #expect(shown.count == 6)
    #expect(shown.last == "+480 more")
    #expect(shown.dropLast().allSatisfy { TextWidth.of($0) <= 37 })
    #expect(shown.first == "WS-1000  WS-1005  WS-1010  WS-1015")
  }

  @Test func countsWhatTheCompleterLeftOff() {
    #expect(rows(["a", "b"], total: 100_000).last == "+99,998 more")
    #expect(rows(["a", "b"], total: 2) == ["a  b"])
  }

  @Test func aHundredThousandAreOnlyCounted() {
    let names = (0..<100_000).map { "WS-\(100_000 + $0)" }
    let shown = rows(names, columns: 80, rows: 23)
    #expect(shown.count == 23)
    #expect(shown.last == "+99,846 more")
  }

  @Test func aNarrowWindowAndLongNames() {
    let long = String(repeating: "x", count: 100)
    let shown = rows([long, long + "y", "z"], columns: 10, rows: 2)
    #expect(shown.count == 2)
    #expect(shown.allSatisfy { TextWidth.of($0) < 10 })
  }

  @Test func namesFromOutsideCanNotDriveTheTerminal() {
    #expect(rows(["a\u{1b}[2Jb", "c"]) == ["a\\u{1B}[2Jb  c"])
  }
}
