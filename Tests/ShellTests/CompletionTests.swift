import Commands
import Foundation
import Shell
import Testing

/// What Tab offers. `▮` marks the cursor in the line.
@Suite struct CompletionTests {
  private func offered(_ marked: String) async -> (LookupResult, String) {
    let test = await TestSession()
    defer { test.remove() }
    let cursor = marked.firstIndex(of: "▮")!
    let line = marked.replacingOccurrences(of: "▮", with: "")
    let bytes = marked[..<cursor].utf8.count
    let result = await Interpreter(test.session).complete(line: line, cursor: bytes)
    return (result, String(decoding: line.utf8.prefix(bytes).dropFirst(result.start), as: UTF8.self))
  }

  @Test(arguments: [
    ("me▮", ["mend"]), ("m▮end x", ["mend"]), ("context ▮", ["list", "use", "save", "remove"]),
    ("context s▮", ["save"]),
    ("help; cou▮", ["count"]), ("count 3 && en▮", ["end"]), ("set par▮", ["parallel"]),
    ("set unl▮", ["unload-password"]),
    ("set production ▮", ["yes", "no"]), ("set waves ▮", ["1,20,10%,100%"]), ("set color n▮", ["never"]),
    ("mend WS-00▮", ["WS-002", "WS-004", "WS-006", "WS-008"]), ("mend WS-001,ws-003▮", []),
    ("mend WS-001,ws-004▮", ["WS-001,WS-004"]), ("mend @mis▮", ["@mismatched"]), ("mend all&@fai▮", ["all&@failed"]),
    ("mend @failed:▮", ["@failed:12", "@failed:7"]), ("mend @domain:S▮", ["@domain:Sales", "@domain:\"Sales West\""]),
    ("mend @domain:\"Sales W▮", ["@domain:\"Sales West\""]), ("mend 'WS-004▮", ["'WS-004'"]),
    ("mend --dr▮", ["--dry-run"]), ("mend --format ▮", ["table", "json", "csv", "tsv"]),
    ("mend --format=j▮", ["--format=json"]),
    ("mend --run ▮", ["12", "7"]), ("mend --run 7 WS-002▮", ["WS-002"]), ("mend --dry-run --dr▮", []),
    ("help out▮", ["outcomes"]), ("help context u▮", ["use"]), ("count 1 # me▮", []), ("count 1 | me▮", []),
    ("!me▮", []),
    ("nonsense ▮", []), ("mend \u{2013}\u{2013}dr▮", ["--dry-run"]),
  ])
  func offers(marked: String, expected: [String]) async {
    let (result, _) = await offered(marked)
    #expect(result.candidates.map(\.text) == expected)
  }

  @Test(arguments: [
    ("mend WS-00▮", "WS-00"), ("mend ü▮", "ü"), ("set par▮ x", "par"), ("help ▮", ""), ("mend 'WS-▮", "'WS-"),
  ])
  func theWordUnderTheCursorIsReplaced(marked: String, word: String) async {
    #expect(await offered(marked).1 == word)
  }

  /// A setting's row is what Tab offers, behind `set` and as an option.
  @Test(arguments: SettingKey.allCases)
  func everySettingIsOffered(key: SettingKey) {
    let completer = Completer(registry: .all, lookups: EmptySnapshot())
    func offered(_ line: String) -> [LookupCandidate] {
      completer.complete(line: line, cursor: line.utf8.count).candidates
    }
    let definition = key.definition
    #expect(offered("set \(key.rawValue)").first { $0.text == key.rawValue }?.description == definition.help)
    guard definition.isOfRuns, let standard = definition.standard else { return }
    let option = offered("resume 1 --\(key.rawValue)").first { $0.text == "--\(key.rawValue)" }
    #expect(option?.description.lowercased() == definition.summary.lowercased() + ".")
    #expect(offered("set \(key.rawValue) ").map(\.text) == [standard])
    #expect(offered("resume 1 --\(key.rawValue) ").map(\.text) == [standard])
  }

  @Test func filesAndFolders() async throws {
    let test = await TestSession()
    defer { test.remove() }
    _ = try test.file("one list.txt", "")
    _ = try test.file("two.txt", "")
    try FileManager.default.createDirectory(atPath: test.folder + "/sub", withIntermediateDirectories: true)
    let interpreter = Interpreter(test.session)
    func texts(_ line: String) async -> [String] {
      await interpreter.complete(line: line, cursor: line.utf8.count).candidates.map {
        $0.text.replacingOccurrences(of: test.folder, with: "D")
      }
    }
    #expect(await texts("source \(test.folder)/t") == ["D/two.txt"])
    #expect(await texts("source \(test.folder)/o") == ["'D/one list.txt'"])
    #expect(await texts("count 1 > \(test.folder)/s") == ["D/sub/"])
    #expect(await texts("mend @file:\(test.folder)/tw") == ["@file:D/two.txt"])
  }

  @Test func totalsAreKept() async {
    let (result, _) = await offered("mend ▮")
    #expect(result.candidates.contains { $0.text == "@mismatched" && !$0.description.isEmpty })
    #expect(result.total == result.candidates.count)
  }

  @Test func theCommandShowsThem() async {
    let test = await TestSession()
    defer { test.remove() }
    #expect(await test.run("complete 'mend WS-002'") == .success)
    #expect(test.console.output == "WS-002\tmismatched\n")
    let other = await TestSession()
    defer { other.remove() }
    #expect(await other.run("complete 'mend WS-002 xyz' --cursor 11 --format json") == .success)
    #expect(other.console.output == "{\"candidate\":\"WS-002\",\"description\":\"mismatched\"}\n")
    #expect(await other.run("complete x --cursor 2") == .misuse)
    let program = await TestSession()
    defer { program.remove() }
    #expect(await program.run("complete --program -- 'apexsh --agents 5 --lab mend WS-002'") == .success)
    #expect(program.console.output == "WS-002\tmismatched\n")
  }
}
