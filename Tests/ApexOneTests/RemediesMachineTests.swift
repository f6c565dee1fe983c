import Testing

@testable import ApexOne

/// Whether the machine that answers is the agent's: by what it calls itself.
@Suite struct RemediesMachineTests {
  private func match(_ agent: String, _ host: String?, _ computer: String?) -> MachineNames.Match {
    MachineNames(host: host, computer: computer).match(agent)
  }

  @Test(
    arguments: [
      ("WS-001", "ws-001", "WS-001"), ("ws-001.contoso.local", "WS-001", nil), ("WS-001", nil, "ws-001"),
      // One of the two is enough.
      ("WS-001", "old-name", "WS-001"), ("WS-001", "WS-001", "OLD-NAME"),
      // NetBIOS cuts at 15 characters, on either side.
      ("ACCOUNTING-PC-0017", nil, "ACCOUNTING-PC-0"), ("ACCOUNTING-PC-0017", "accounting-pc-0017", "ACCOUNTING-PC-0"),
      ("ACCOUNTING-PC-0", "accounting-pc-0017", nil), ("ACCOUNTING-PC-0017", "renamed", "ACCOUNTING-PC-0"),
      ("BÜRO-7", "büro-7", nil), ("BÜRO-7", "bu\u{308}ro-7", nil), ("東京01", "東京01", nil),
      ("東京", "??", "東京"), ("BÜRO-7", "b?ro-7", "BÜRO-7"),
    ] as [(String, String?, String?)])
  func itIs(row: (String, String?, String?)) { #expect(match(row.0, row.1, row.2) == .same) }

  @Test(
    arguments: [
      ("WS-001", "ws-002", "WS-002"), ("WS-001", "ws-0011", nil), ("WS-0011", "ws-001", "WS-001"),
      ("WS-001.contoso.local", "contoso", nil),
      // Both are cut to the same, and the host name says that they are two.
      ("ACCOUNTING-PC-0017", "accounting-pc-0018", "ACCOUNTING-PC-0"), ("ACCOUNTING-PC-0017", nil, "ACCOUNTING-PC"),
      ("BÜRO-7", "b\u{FFFD}ro-8", nil), ("BURO-7", "b\u{FFFD}ro-7", nil), ("WS-001", "ws?001", nil),
      ("東京", "大阪", nil), ("東京", "大阪", "大阪"), ("東京01", "大阪01", nil), ("büro-7", "bäro-7", nil), ("東京", "?", "?"),
      ("東京", "???", nil), ("東京", "大?", nil), ("東京", "大\u{FFFD}", nil), ("東京01", "??02", nil), ("BÜRO-7", "buro-7", nil),
      ("東京", "ws-001", nil),
      // Many for one, and nothing that shows a wrong code page.
      ("BÜRO-7", "bÃ¼ro-7", nil), ("東京", "大阪大阪", nil), ("BÜRO-7", "b\u{FFFD}xro-7", nil),
      // One of the two was read, and is another.
      ("東京", "大阪", "??"), ("東京", "??", "大阪"), ("東京01", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}02", nil),
    ] as [(String, String?, String?)])
  func itIsNot(row: (String, String?, String?)) { #expect(match(row.0, row.1, row.2) == .different) }

  /// Read through a console's code page: it may be the agent's.
  @Test(
    arguments: [
      ("BÜRO-7", "b\u{FFFD}ro-7", nil), ("BÜRO-7", "b?ro-7", "B?RO-7"), ("東京", "??", "??"), ("東京01", "東?01", nil),
      // UTF-8 as code page 437, 850 as 1252, 932 as UTF-8; `表` has a backslash for its second byte.
      ("BÜRO-7", "b├╝ro-7", nil), ("BÜRO-7", "b\u{81}ro-7", nil),
      ("東京01", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}01", nil), ("表示-7", "\u{FFFD}\\\u{FFFD}\u{FFFD}-7", nil),
      ("WS-001", nil, nil),
    ] as [(String, String?, String?)])
  func itIsNotKnown(row: (String, String?, String?)) {
    #expect(match(row.0, row.1, row.2) == .notRead)
    let facts = AgentFacts(isInstalled: false, machine: MachineNames(host: row.1, computer: row.2))
    let expected = LookExpectations(serverName: "apexone", needsAgent: false, needsKnownMachine: false)
    #expect(LookVerdict(facts, expected, of: row.0) == .proceed)
  }

  @Test func aHostileNameIsJudgedInTime() {
    let name = String(repeating: "表a", count: 60)
    let read = String(repeating: "\u{FFFD}a", count: 120)
    #expect(match(name, read + "b", nil) == .different)
  }

  @Test func anotherMachineIsAllowedByItsOwnName() {
    #expect(MachineNames(host: "大阪").match("東京", or: ["大阪"]) == .same)
    #expect(MachineNames(host: "大阪").match("東京", or: ["京都"]) == .different)
  }

  @Test func itIsRefusedBeforeEverythingElse() {
    var expected = LookExpectations(serverName: "apexone", needsAgent: false, needsKnownMachine: false)
    let machine = MachineNames(host: "pc-9", computer: "PC-9")
    for facts in [AgentFacts(isInstalled: false, machine: machine), AgentFacts(isInstalled: true, machine: machine)] {
      guard case .refuse(.otherMachine, let text) = LookVerdict(facts, expected, of: "WS-001") else {
        Issue.record("another machine would be repaired")
        continue
      }
      #expect(text.contains("calls itself pc-9, not WS-001") && text.contains("--other-machine pc-9"), "\(text)")
    }
    expected.otherMachines = ["PC-9"]
    #expect(LookVerdict(AgentFacts(isInstalled: false, machine: machine), expected, of: "WS-001") == .proceed)
    expected.otherMachines = []
    #expect(LookVerdict(AgentFacts(isInstalled: false), expected, of: "WS-001") == .proceed, "it says no name")
  }

  @Test func theNamesStandInTheLine() {
    let facts = AgentFacts(isInstalled: false, machine: MachineNames(host: "büro 7", computer: "BÜRO"))
    #expect(AgentFacts(line: facts.line) == facts)
    #expect(AgentFacts(line: "agent=none")?.machine == MachineNames())
  }
}
