import Foundation
import Testing

@testable import Commands

/// What every command declares, and that the parser's description of it has the form that we read.
@Suite struct DeclarationTests {
  private static let commands = CommandRegistry.all.commands

  /// A command that is declared and stands in no list would be there for nobody.
  @Test func everyDeclarationIsInTheList() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var declared: [String] = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      declared += text.matches(of: #/struct (\w+): \w*Command\b[^{]*\{\s*static let configuration/#).map {
        String($0.1)
      }
    }
    let listed = Self.commands.map { String(describing: $0) }
    #expect(Set(listed).count == listed.count && Set(Self.commands.map { $0.name }).count == listed.count)
    #expect(Set(declared) == Set(listed), "\(Set(declared).symmetricDifference(listed))")
  }

  @Test(arguments: DeclarationTests.commands.map { $0.name })
  func everyCommandIsWhole(name: String) throws {
    let type = try #require(Self.commands.first { $0.name == name })
    #expect(!type.abstract.isEmpty && type.abstract.hasSuffix("."))
    #expect((1...2).contains(type.nameWords.count))
    #expect(!type.manual.examples.isEmpty)
    var own = 0
    for example in type.manual.examples where !example.line.contains("(") {
      let line = try ParsedLine(example.line)
      guard case .command(let words, _, _) = try #require(line.steps.first).body else { return #expect(Bool(false)) }
      let texts = words.map(\.text)
      // What comes before or afterwards is an example, too.
      guard case .command(let shown, let count) = CommandRegistry.all.match(texts) else {
        Issue.record("\(example.line): no such command")
        continue
      }
      if shown.name == name { own += 1 }
      _ = try CommandParsing.parse(shown, Array(texts.dropFirst(count)))
    }
    #expect(own > 0 || type.manual.examples.contains { $0.line.contains("(") }, "no example shows \(name) itself")
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
