import Testing

@testable import Commands

/// What every command declares, and that the parser's description of it has the form that we read.
@Suite struct DeclarationTests {
  private static let commands =
    ContextCommands.all + SessionCommands.all + AgentCommands.all + CertificateCommands.all + CheckCommands.all
    + RunCommands.all

  @Test(arguments: DeclarationTests.commands.map { $0.name })
  func everyCommandIsWhole(name: String) throws {
    let type = try #require(Self.commands.first { $0.name == name })
    #expect(!type.abstract.isEmpty && type.abstract.hasSuffix("."))
    #expect((1...2).contains(type.nameWords.count))
    #expect(!type.manual.examples.isEmpty)
    for example in type.manual.examples where !example.line.contains("(") {
      let line = try ParsedLine(example.line)
      guard case .command(let words, _, _) = try #require(line.steps.first).body else { return #expect(Bool(false)) }
      let rest = words.map(\.text).dropFirst(type.nameWords.count)
      #expect(words.map(\.text).starts(with: type.nameWords), "\(example.line)")
      _ = try CommandParsing.parse(type, Array(rest))
    }
    let shape = CommandShape.of(type)
    #expect(shape.options.contains { $0.names.contains("--help") }, "the parser's description has another form")
    if type is any ResultCommand.Type {
      #expect(shape.options.contains { $0.names.contains("--format") && $0.values == ["table", "json", "csv", "tsv"] })
      #expect(!type.manual.jsonKeys.isEmpty)
    }
    #expect(HelpText.of(type, width: 80).contains("EXAMPLES:"))
  }

  /// In a window every line of help fits, but an example, and no word is lost; elsewhere nothing is folded.
  @Test(arguments: [60, 80, 100]) func helpFitsTheWindow(_ width: Int) {
    let window = ConsoleTraits(outputIsTerminal: true, width: width)
    let registry = CommandRegistry { [Self.commands] }
    let texts =
      Self.commands.map { HelpText.of($0, width: width) } + HelpTopic.allCases.map(\.text) + [
        HelpText.overview(registry)
      ]
    for text in texts {
      let fitted = HelpText.fitted(text, in: window)
      #expect(fitted.split { $0.isWhitespace } == text.split { $0.isWhitespace })
      let examples = Set(Self.commands.flatMap { $0.manual.examples.map { "  " + $0.line } })
      for line in fitted.split(separator: "\n") where CellWidth.of(String(line)) > width {
        #expect(examples.contains(String(line)), "over \(width): \(line)")
      }
      #expect(HelpText.fitted(text, in: ConsoleTraits(width: width)) == text)
    }
    let folded = HelpText.fitted("  name    " + String(repeating: "word ", count: 20), in: window)
    #expect(folded.split(separator: "\n").dropFirst().allSatisfy { $0.hasPrefix("          word") }, "\(folded)")
  }

  @Test func theDescriptionIsReadAsWeReadIt() throws {
    let shape = CommandShape.of(SetSetting.self)
    #expect(shape.positionals.map(\.completion) == [.anyKey, .settingValue])
    #expect(shape.positionals.map(\.isRepeating) == [false, true])
    let file = try #require(shape.options.first { $0.names == ["--from-file"] })
    #expect(file.takesValue && file.completion == .file)
    #expect(shape.options.first { $0.names.contains("--help") }?.takesValue == false)
    #expect(CommandShape.of(UseContext.self).positionals.first?.completion == .context)
  }

  @Test func completionKindsRoundTrip() throws {
    #expect(CommandCompletion(carried: "apexsh-lookup:selection:mismatched") == .selection(preferring: "mismatched"))
    #expect(CommandCompletion(carried: "apexsh-lookup:selection") == .selection(preferring: nil))
    #expect(CommandCompletion(carried: "ls") == nil)
  }

  @Test(arguments: [
    ("trasnfer", "transfer"), ("pasword", "password"), ("sett", "set"), ("parallel-x", "parallel"), ("hel", "help"),
  ])
  func suggestions(typed: String, meant: String) {
    #expect(Suggestion.nearest(to: typed, among: ["transfer", "password", "set", "parallel", "help", "show"]) == meant)
  }

  @Test func nothingIsSuggestedForNoise() {
    #expect(Suggestion.nearest(to: "xyzzy", among: ["transfer", "set", "help"]) == nil)
    #expect(Suggestion.nearest(to: "", among: ["transfer", "help"]) == nil)
  }

  @Test(arguments: [
    ("Missing expected argument '<name>'", "missing expected argument '<name>'"),
    ("Unknown option '--fo'. Did you mean '--format'?", "unknown option '--fo'; did you mean '--format'?"),
    ("Bad.\nUsage: x", "bad"),
  ])
  func theParsersSentences(theirs: String, ours: String) { #expect(CommandParsing.sentence(theirs) == ours) }

  @Test func topicsSayAll() {
    for topic in HelpTopic.allCases { #expect(topic.text.count > 80) }
    for key in SettingKey.allCases { #expect(HelpTopic.keys.text.contains(key.rawValue)) }
    #expect(HelpTopic.outcomes.text.contains("tool-had-no-effect"))
  }
}
