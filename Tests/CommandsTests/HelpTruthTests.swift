import ApexOne
import Foundation
import Testing

@testable import Commands

/// Nothing is offered that is not there: every command, option, setting, scheme and topic that help, errors and the README
/// name is looked for.
@Suite struct HelpTruthTests {
  private static let registry = CommandRegistry.all
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let keys = SettingKey.allCases.map(\.rawValue) + SecretKey.allCases.map(\.rawValue)
  private static let topics = HelpTopic.allCases.map(\.rawValue)
  private static let schemes = ["ssh", "file", "lab"]

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// All that help can show, by what it is called.
  private static var helps: [(name: String, text: String)] {
    registry.commands.map { ($0.name, HelpText.of($0, width: 100)) } + HelpTopic.allCases.map { ($0.rawValue, $0.text) }
      + [("overview", HelpText.overview(registry))]
  }

  /// Why the words of a line can't be what they say; nil where they can. A word in capitals stands for any.
  private static func problem(_ line: String) -> String? {
    guard let parsed = try? ParsedLine(line) else { return "is no line" }
    for step in parsed.steps {
      guard case .command(let words, _, _) = step.body else { continue }
      if let problem = problem(words.map(\.text)) { return problem }
    }
    return nil
  }

  private static func problem(_ words: [String]) -> String? {
    guard case .command(let type, let count) = registry.match(words) else { return "there is no such command" }
    let rest = words.dropFirst(count)
    let options = CommandShape.of(type).options.flatMap(\.names)
    if let wrong = rest.first(where: { $0.hasPrefix("--") && !options.contains(String($0.prefix { $0 != "=" })) }) {
      return "\(type.name) has no \(wrong)"
    }
    if ["set", "unset"].contains(type.name), let key = rest.first, key != key.uppercased(), !keys.contains(key) {
      return "there is no setting \(key)"
    }
    if type.name == "help", let subject = rest.first, subject != subject.uppercased(),
      registry.command(named: rest.joined(separator: " ")) == nil,
      !topics.contains(subject), registry.secondWords(after: subject).isEmpty
    {
      return "there is no help for \(subject)"
    }
    return nil
  }

  @Test func everyExampleCanBeTyped() throws {
    for type in Self.registry.commands {
      for example in type.manual.examples {
        #expect(Self.problem(example.line) == nil, "\(type.name): \(example.line): \(Self.problem(example.line) ?? "")")
      }
    }
  }

  /// A whole word: `--for` is not in `--format`.
  private static func names(_ text: String, _ word: String) -> Bool {
    text.ranges(of: word).contains { range in text[range.upperBound...].first.map { !$0.isLetter && $0 != "-" } ?? true
    }
  }

  @Test func nothingPromisedIsOffered() throws {
    let words = Self.registry.firstWords
    for (word, _) in NotThereYet.commands { #expect(!words.contains(word), "\(word) is there: it is promised no more") }
    for (key, _) in NotThereYet.settings {
      #expect(!Self.keys.contains(key), "\(key) is there: it is promised no more")
    }
    let options = Set(Self.registry.commands.flatMap { CommandShape.of($0).options.flatMap(\.names) })
    for (option, _) in NotThereYet.options { #expect(!options.contains(option), "\(option) is there") }
    let promised =
      NotThereYet.settings.keys.filter { $0.contains("-") } + NotThereYet.options.keys + NotThereYet.schemes
      + ["address add", "certificate history", "certificate compare", "certificate export", "WinRM", "SMB"]
    for (name, text) in Self.helps {
      for word in promised { #expect(!Self.names(text, word), "help \(name) names \(word)") }
    }
    for key in SettingKey.allCases {
      for word in promised {
        #expect(!key.definition.form.description.contains(word), "set \(key.rawValue) names \(word)")
      }
    }
    let readme = try Self.text("README.md")
    for word in promised { #expect(!Self.names(readme, word), "the README names \(word)") }
  }

  @Test func everySchemeIsThere() throws {
    for (name, text) in Self.helps + [("README", try Self.text("README.md"))] {
      for match in text.matches(of: #/([a-z]+):\/\//#) where !["http", "https"].contains(match.1) {
        #expect(Self.schemes.contains(String(match.1)), "\(name) names \(match.1)://")
      }
    }
    for scheme in NotThereYet.schemes {
      for (key, text) in [
        (SettingKey.server, "\(scheme)://apexone/C:/x"), (.transport, scheme), (.server, "\(scheme)://apexone"),
      ] {
        let error = #expect(throws: CommandError.self) { try key.definition.canonical(text) }
        #expect(error?.message.contains("\(scheme) is not there yet") == true, "\(error?.message ?? "")")
      }
    }
  }

  /// Whatever a text of ours sends a person to is there: `see: COMMAND`, `use: COMMAND`, `help TOPIC`, `set KEY`.
  @Test func whatTheProgramSendsAPersonToIsThere() throws {
    let folder = Self.root.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var looked = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: #/(?:see|use|first|next|by): ([a-z][a-z-]*(?: [a-z][a-z-]*)?)/#) {
        let words = match.1.split(separator: " ").map(String.init)
        guard Self.registry.firstWords.contains(words[0]) || NotThereYet.commands[words[0]] != nil else { continue }
        looked += 1
        var isThere = Self.problem(words) == nil
        if !isThere, words.count == 2, words[0] != "help" { isThere = Self.problem([words[0]]) == nil }
        #expect(isThere, "\(file.lastPathComponent) sends to: \(match.1)")
      }
      for match in text.matches(of: #/[^a-z]help ([a-z][a-z-]+)[^a-z-]/#) where text.contains("see: help \(match.1)") {
        looked += 1
        #expect(Self.problem(["help", String(match.1)]) == nil, "\(file.lastPathComponent): help \(match.1)")
      }
      for match in text.matches(of: #/(?:set|unset) ([a-z]+-[a-z-]+)/#) where !Self.keys.contains(String(match.1)) {
        // Words of prose, such as "set aside-…", are none of ours; a setting's name begins as one does.
        #expect(NotThereYet.settings[String(match.1)] == nil, "\(file.lastPathComponent): set \(match.1)")
      }
    }
    #expect(looked > 40, "the form of our texts has changed: \(looked)")
  }

  @Test func everyCommandOfTheReadmeIsThere() throws {
    let text = try Self.text("README.md")
    var looked = 0
    for match in text.matches(of: #/`([^`\n]+)`/#) {
      let words = match.1.split(separator: " ").map(String.init)
      guard let first = words.first else { continue }
      if first.hasPrefix("--") {
        let known = Self.registry.commands.contains {
          CommandShape.of($0).options.contains { $0.names.contains(first) }
        }
        // Options of scripts stand behind the script's name; these are the program's own.
        #expect(known || StartOptionName.all.contains { $0.name == first }, "the README names \(first)")
        looked += 1
      } else if Self.registry.firstWords.contains(first), !first.hasPrefix("PccNTMon") {
        looked += 1
        let isThere = Self.problem(words) == nil || words.count == 1 && !Self.registry.secondWords(after: first).isEmpty
        #expect(isThere || Self.keys.contains(first), "the README names `\(match.1)`: \(Self.problem(words) ?? "")")
      }
    }
    for line in text.split(separator: "\n") where line.hasPrefix("apexsh") {
      guard let mark = line.firstIndex(of: ">") else { continue }
      looked += 1
      let command = String(line[line.index(after: mark)...])
      #expect(Self.problem(command) == nil, "the README's \(command): \(Self.problem(command) ?? "")")
    }
    #expect(looked > 35, "\(looked)")
  }

  @Test(arguments: [
    ("address add WS-001 10.0.0.1", "address is not there yet"),
    ("certificate history", "certificate is not there yet"),
    ("set allowed-networks 10.0.0.0/8", "the setting allowed-networks is not there yet"),
    ("report --html a.html", "--html is not there yet"), ("status", "status is not there yet"),
    ("help allowed-networks", "not there yet"), ("help winrm", "not there yet"),
    ("unset tools", "the setting tools is not there yet"),
    ("transfer WS-001 --by-address", "--by-address is not there yet"),
    ("set sites a", "the setting sites is not there yet"), ("help sites", "not there yet"),
    ("connect smb://apexone/ofcscan", "smb is not there yet"),
    ("set transport winrm", "winrm is not there yet"),
  ])
  func whoTriesWhatIsPromisedIsTold(line: String, told: String) async throws {
    let rig = try await CommandRig(agents: 1)
    let result = try await rig.run(line)
    #expect(result.code == .misuse && result.said.contains(told), "\(result.said)")
  }

  /// One text says what a run setting is, in `help keys` and beside the option.
  @Test(arguments: ["transfer", "reinstall", "apply", "retry", "resume"])
  func runSettingsAreSaidOnce(name: String) throws {
    let command = try #require(Self.registry.command(named: name))
    // The page is filled: blanks differ.
    func flat(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    let page = flat(HelpText.of(command, width: 100)).lowercased()
    for key in SettingKey.ofRuns {
      #expect(page.contains("--\(key.rawValue) <\(key.rawValue)>"), "\(name) --\(key.rawValue)")
      #expect(page.contains(flat(key.definition.summary).lowercased()), "\(key.rawValue): \(key.definition.summary)")
    }
  }

  @Test func aSavedContextThatNamesItIsTold() throws {
    let error = #expect(throws: CommandError.self) {
      try ContextFile("set allowed-networks 10.0.0.0/8\n", path: "hq.apx")
    }
    #expect(error?.message.contains("hq.apx:1: the setting allowed-networks is not there yet") == true)
  }
}
