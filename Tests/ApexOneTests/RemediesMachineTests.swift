import Testing

@testable import ApexOne

/// Whether the machine that answers is the agent's: by what it calls itself.
@Suite struct RemediesMachineTests {
  private func isAgents(_ agent: String, _ host: String?, _ computer: String?) -> Bool {
    MachineNames(host: host, computer: computer).include(agent)
  }

  @Test(
    arguments: [
      ("WS-001", "ws-001", "WS-001"), ("ws-001.contoso.local", "WS-001", nil), ("WS-001", nil, "ws-001"),
      // One of the two is enough.
      ("WS-001", "old-name", "WS-001"), ("WS-001", "WS-001", "OLD-NAME"),
      // NetBIOS cuts at 15 characters, on either side.
      ("ACCOUNTING-PC-0017", nil, "ACCOUNTING-PC-0"), ("ACCOUNTING-PC-0017", "accounting-pc-0017", "ACCOUNTING-PC-0"),
      ("ACCOUNTING-PC-0", "accounting-pc-0017", nil), ("ACCOUNTING-PC-0017", "renamed", "ACCOUNTING-PC-0"),
      // Read through a console's code page.
      ("BÜRO-7", "b\u{FFFD}ro-7", nil), ("BÜRO-7", "b?ro-7", "B?RO-7"), ("BÜRO-7", "büro-7", nil),
    ] as [(String, String?, String?)])
  func itIs(row: (String, String?, String?)) { #expect(isAgents(row.0, row.1, row.2)) }

  @Test(
    arguments: [
      ("WS-001", "ws-002", "WS-002"), ("WS-001", "ws-0011", nil), ("WS-0011", "ws-001", "WS-001"),
      ("WS-001.contoso.local", "contoso", nil),
      // Both are cut to the same, and the host name says that they are two.
      ("ACCOUNTING-PC-0017", "accounting-pc-0018", "ACCOUNTING-PC-0"), ("ACCOUNTING-PC-0017", nil, "ACCOUNTING-PC"),
      ("BÜRO-7", "b\u{FFFD}ro-8", nil), ("BURO-7", "b\u{FFFD}ro-7", nil), ("WS-001", "ws?001", nil),
    ] as [(String, String?, String?)])
  func itIsNot(row: (String, String?, String?)) { #expect(!isAgents(row.0, row.1, row.2)) }

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
