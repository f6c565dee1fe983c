import ApexOne
import Testing

@testable import Commands

/// Every way to ask `escalate` wrongly.
@Suite struct CaseArgumentTests {
  private static let url = "https://abc123.manage.trendmicro.com"

  @Test(arguments: [
    ([], "--close CASE"), (["WS-001"], "--kind"), (["--kind", "service"], "--attach CASE"),
    (["WS-001", "--kind", "cloud"], "kind"), (["WS-001", "--kind", "service"], "--clp-account"),
    (["WS-001", "--kind", "service", "--clp-account", "contoso"], "--provision-url"),
    (["WS-001", "--kind", "service", "--provision-url", url], "--clp-account"),
    (["WS-001", "--kind", "service", "--clp-account", "a b", "--provision-url", url], "--clp-account"),
    (["WS-001", "--kind", "service", "--clp-account", "contoso", "--provision-url", "http://x"], "--provision-url"),
    (["WS-001", "--kind", "on-premises", "--clp-account", "contoso"], "--clp-account"),
    (["WS-001", "--kind", "on-premises", "--provision-url", url], "--provision-url"),
    (["WS-001", "--kind", "on-premises", "--since", "yesterday"], "--since"),
    (["WS-001", "--kind", "on-premises", "--since", "2026-02-29"], "--since"),
    (["WS-001", "--kind", "on-premises", "--since", "2026-1-1"], "--since"),
    (["WS-001", "--kind", "on-premises", "--summary", "a\u{1B}[2J"], "--summary"),
    (["WS-001", "--kind", "on-premises", "--certificate", "a"], "--certificate"),
    (["WS-001", "--kind", "on-premises", "--confirm", "1"], "--confirm"),
    (["WS-[1", "--kind", "on-premises"], "bracket"),
    (["--attach", "1"], "--certificate FILE"), (["--attach", "0", "--certificate", "a"], "attach"),
    (["--attach", "1", "--certificate", "a", "--kind", "service"], "--kind"),
    (["--attach", "1", "--certificate", "a", "--close", "1"], "--close CASE"),
    (["WS-001", "--attach", "1", "--certificate", "a"], "--close CASE"),
    (["--attach", "1", "--certificate", "a", "--unlisted"], "--unlisted"),
    (["--close", "1", "--certificate", "a"], "--certificate"), (["--close", "1", "--output", "a"], "--output"),
    (["--close", "x"], "close"),
  ])
  func misuse(words: [String], part: String) async throws {
    let rig = try CaseRig()
    let ran = try await rig.run(["escalate"] + words)
    #expect(ran.code == .misuse)
    #expect(ran.error.contains(part), "\(ran.error)")
    #expect(ran.console.output.isEmpty)
  }

  @Test(arguments: CaseCommands.all.flatMap { $0.manual.examples }.map(\.line))
  func theExamplesAreRight(line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    guard case .command(let type, let consumed) = CommandRegistry(CaseCommands.all).match(words) else {
      Issue.record("no command")
      return
    }
    let command = try CommandParsing.parse(type, Array(words.dropFirst(consumed)))
    try (command as? any CheckedCommand)?.check()
  }

  @Test func theMistakesAreFoundWithoutRunning() throws {
    let command = try CommandParsing.parse(Escalate.self, ["WS-001"])
    let checked = try #require(command as? any CheckedCommand)
    #expect(throws: CommandError.self) { try checked.check() }
  }

  @Test(arguments: ["2024-02-29", "2000-02-29", "2026-12-31"])
  func days(text: String) { #expect(DayText(argument: text)?.text == text) }

  @Test(arguments: [
    "1900-02-29", "2026-00-10", "2026-13-01", "2026-04-31", "26-04-01", "2026-04-01T00", "+026-04-01", "",
  ])
  func noDays(text: String) { #expect(DayText(argument: text) == nil) }
}
