import Testing

@testable import Commands

/// Rows in every form.
@Suite struct RenderingTests {
  private static let columns = [
    ResultColumn("agent"), ResultColumn("line", isNumeric: true), ResultColumn("raw", isJSONOnly: true),
  ]

  private func render(_ format: OutputFormat, width: Int = 80, _ rows: [[ResultValue]]) throws -> String {
    let console = TestConsole(traits: ConsoleTraits(outputIsTerminal: format == .table, width: width))
    let writer = RowWriter(Self.columns, format: format, to: console)
    for row in rows { try writer.write(row) }
    try writer.end()
    return console.output
  }

  @Test func jsonKeepsRawValuesAndOrder() throws {
    let rows: [[ResultValue]] = [
      ["WS-\u{202E}1\t\"\\", .number(7), .object([.init("a", nil), .init("b", .flag(true))])],
      ["ü\u{1F600}", nil, nil],
    ]
    #expect(
      try render(.json, rows) == """
        {"agent":"WS-\\u202e1\\t\\"\\\\","line":7,"raw":{"a":null,"b":true}}
        {"agent":"ü\u{1F600}","line":null,"raw":null}

        """)
  }

  @Test func hiddenCharactersAreVisibleElsewhere() throws {
    #expect(try render(.tsv, [["a\tb\u{1B}[31m\u{200B}", nil, nil]]) == "a\\tb\\u{1B}[31m\\u{200B}\t\n")
    #expect(OutputText.visible("a\u{85}b\u{2066}\u{E0041}") == "a\\u{85}b\\u{2066}\\u{E0041}")
    #expect(OutputText.visible("Büro 東京 😀") == "Büro 東京 😀")
  }

  @Test(arguments: [
    ("=1+1", "'=1+1"), ("@x", "'@x"), ("-x", "'-x"), ("-5", "-5"), ("+5", "'+5"), ("a,b", "\"a,b\""),
    ("a\"b", "\"a\"\"b\""), ("=a,b", "\"'=a,b\""), ("plain", "plain"), ("", ""),
  ])
  func csvCells(cell: String, expected: String) { #expect(DelimitedText.csv([cell]) == expected) }

  @Test func csvHasAHeader() throws {
    #expect(try render(.csv, [["a", .number(1), nil]]) == "agent,line\r\na,1\r\n")
    #expect(try render(.csv, []) == "agent,line\r\n")
  }

  @Test func tablesAreAlignedAndCut() throws {
    #expect(
      try render(.table, [["WS-1", .number(1), nil], ["WS-100", .number(20), nil]])
        == "AGENT   LINE\nWS-1       1\nWS-100    20\n")
    let long = try render(.table, width: 20, [[.text(String(repeating: "x", count: 50)), .number(1), nil]])
    #expect(long.split(separator: "\n").allSatisfy { CellWidth.of(String($0)) <= 20 })
    #expect(long.contains("…"))
    #expect(try render(.table, []) == "")
    #expect(CellWidth.of("東京") == 4)
    #expect(CellWidth.fit("東京x", 4) == "東… " && CellWidth.fit("東京", 6, rightAligned: true) == "  東京")
    for text in ["e\u{301}a", "กำ", "👍🏽", "한", "ㅎㅏ", "¼\u{ad}", "\u{1160}"] {
      for width in 0...6 { #expect(CellWidth.of(CellWidth.fit(text, width)) == width, "\(text) in \(width)") }
    }
    #expect(CellWidth.fit("東京", 3) == "東…")
  }

  @Test func manyRowsGoOutInPieces() throws {
    let console = CountingConsole()
    let writer = RowWriter(Self.columns, format: .json, to: console)
    for index in 0..<20_000 { try writer.write([.text("WS-\(index)"), .number(index), nil]) }
    try writer.end()
    #expect(console.largest < 70_000)
    #expect(writer.count == 20_000)
  }
}
