import Testing

@testable import Commands

/// The line grammar: what a line is cut into, and what is wrong with it.
@Suite struct LineGrammarTests {
  private func words(_ line: String, _ variables: [String: String] = [:]) throws -> [String] {
    var scanner = LineScanner(line, variables: { variables[$0] })
    return try scanner.scan().map { token in
      switch token {
      case .word(let word): word.text
      case .semicolon: "<;>"
      case .and: "<&&>"
      case .or: "<||>"
      case .pipe(let text): "<|\(text)>"
      case .redirect(let appending): appending ? "<>>>" : "<>>"
      case .background: "<&>"
      }
    }
  }

  @Test(arguments: [
    ("", []),
    ("  show   agent\tWS-001 ", ["show", "agent", "WS-001"]),
    ("a # b c", ["a"]),
    ("a#b", ["a#b"]),
    (#"get C:\Program Files\x"#, ["get", #"C:\Program"#, #"Files\x"#]),
    (#"set server "ssh://h/C:/Program Files\""#, ["set", "server", #"ssh://h/C:/Program Files\"#]),
    ("'a b'\"c d\"e", ["a bc de"]),
    ("''", [""]),
    ("a;b ; c", ["a", "<;>", "b", "<;>", "c"]),
    ("a&&b || c", ["a", "<&&>", "b", "<||>", "c"]),
    ("transfer @mismatched&@domain:Sales!WS-007 &", ["transfer", "@mismatched&@domain:Sales!WS-007", "<&>"]),
    ("list | grep 'a;b' | sort; help", ["list", "<|grep 'a;b' | sort>", "<;>", "help"]),
    ("list | cat 2>&1 && help", ["list", "<|cat 2>&1 >", "<&&>", "help"]),
    ("list>f", ["list", "<>>", "f"]),
    ("list >> 'my file'", ["list", "<>>>", "my file"]),
    (#"x @domain:"Sales West"&WS-1"#, ["x", #"@domain:"Sales West"&WS-1"#]),
    ("x \u{2013}s \u{2014}help a\u{2013}b '\u{2013}q'", ["x", "-s", "--help", "a\u{2013}b", "\u{2013}q"]),
    ("x \u{201C}a b\u{201D} c", ["x", "a b", "c"]),
    ("x\u{A0}y", ["x", "y"]),
  ])
  func cuts(line: String, expected: [String]) throws {
    #expect(try words(line) == expected)
  }

  @Test func variablesAreOneWordAndOnlyOurs() throws {
    #expect(try words("a ${X} \"${X}\" '${X}' $X", ["X": "1 2"]) == ["a", "1 2", "1 2", "${X}", "$X"])
  }

  @Test(arguments: [
    ("set waves \"1", 11), ("a 'b", 3), ("a ${X}", 3), ("a ${X", 3), ("| less", 1), ("a |", 3), ("a < b", 3),
    ("a >", 4), ("&& a", 1), ("a &&", 5), ("a & b", 5), ("!", 1), ("a > b > c", 7), ("a > ; b", 5), ("a && ; b", 6),
  ])
  func faultsHaveColumns(line: String, column: Int) {
    let error = #expect(throws: LineError.self) { try ParsedLine(line) }
    #expect(error?.column == column)
    #expect(error?.exitCode == .misuse)
    #expect(error?.message.last != ".")
  }

  @Test func stepsAndTheirConnectors() throws {
    let line = try ParsedLine("a 1 && b | less || c > f; d &")
    #expect(line.steps.map(\.connector) == [.always, .ifSucceeded, .ifFailed, .always])
    #expect(line.isBackground)
    guard case .command(_, let redirect, _) = line.steps[2].body else { return #expect(Bool(false)) }
    #expect(redirect == ParsedLine.Redirect(path: "f", isAppending: false))
    guard case .command(_, _, let pipe) = line.steps[1].body else { return #expect(Bool(false)) }
    #expect(pipe?.hasPrefix("less") == true)
  }

  @Test func localCommandsStayAsTheyAre() throws {
    #expect(try ParsedLine("  !ls | wc; x ${Y}").steps.map(\.body) == [.local("ls | wc; x ${Y}")])
  }

  @Test func typographyIsSaid() throws {
    let line = try ParsedLine("help \u{2013}x")
    #expect(line.remarks == ["column 6: '\u{2013}' was read as '-'"])
    #expect(try ParsedLine("help 'a' -x").remarks.isEmpty)
  }

  @Test(arguments: [
    "plain", "", "two words", "it's", "say \"x\"", "both ' and \"", "${X}", "' ${X}", "#x", "!x", "a;b", "a&b", "a&&b",
    "&", "C:\\x\\", "@mismatched&@domain:\"Sales West\"!WS-1", "a>b", "a|b", "ü\u{A0}x",
  ])
  func quotingRoundTrips(text: String) throws {
    #expect(try words("x " + WordText.quoted(text)) == ["x", text])
  }

  @Test func randomLinesNeverCrash() throws {
    var generator = SeededGenerator(seed: 7)
    let alphabet = Array("ab '\"|&;<>#!\\$@{}:\u{2013}\u{201C}\u{201D}=- \t")
    for _ in 0..<20_000 {
      let line = String(
        (0..<Int.random(in: 0..<24, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! })
      if let parsed = try? ParsedLine(line, variables: { $0 }) {
        for step in parsed.steps {
          if case .command(let words, _, _) = step.body { #expect(!words.isEmpty) }
        }
      }
      var partial = LineScanner(line, isPartial: true)
      _ = try? partial.scan()
    }
  }
}
