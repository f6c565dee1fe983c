import ApexOne
import Testing

/// What a selection stands for, in a fleet of ten.
@Suite struct AgentsSelectionEvaluationTests {
  @Test(arguments: [
    ("all", "WS-001 WS-002 WS-003 WS-004 SRV01 SRV02 BÜRO-1 LAP-1 LAP-2 LAP-3"),
    ("LAP-1,WS-001,lap-1", "WS-001 LAP-1"),
    ("WS-[001-002,004]", "WS-001 WS-002 WS-004"),
    ("ws-*", "WS-001 WS-002 WS-003 WS-004"),
    ("büro-?", "BÜRO-1"),
    ("B?RO*", "BÜRO-1"),
    ("*-?,SRV*", "SRV01 SRV02 BÜRO-1 LAP-1 LAP-2 LAP-3"),
    ("WS-[001-002]*", "WS-001 WS-002"),
    ("10.20.0.0/16", "WS-001 WS-002 WS-003 WS-004"),
    ("10.20.0.2", "WS-002"),
    ("fe80::/10", "SRV01 LAP-1"),
    ("FE80::1", "SRV01"),
    ("0.0.0.0/0", "WS-001 WS-002 WS-003 WS-004 SRV01 SRV02"),
    ("@mismatched", "WS-001 WS-003 SRV01 LAP-2"),
    ("@failed", "WS-003"),
    ("@failed:7", "WS-004 LAP-1"),
    // In no list any more, and all the same what the run left.
    ("@failed:8", "WS-001 GONE-9 GONE-8"),
    ("@failed:8,WS-002", "WS-001 WS-002 GONE-9 GONE-8"),
    ("@failed:8!@failed:8", ""),
    ("@failed:8!GONE-*", "WS-001"),
    ("@failed:8!GONE-9", "WS-001 GONE-8"),
    ("@failed:8&*-8", "GONE-8"),
    ("GONE-*,@failed:8", "WS-001 GONE-9 GONE-8"),
    ("@failed:8&@mismatched", "WS-001"),
    ("@mismatched!@failed:8", "WS-003 SRV01 LAP-2"),
    ("@domain:sales", "WS-001 WS-002 WS-003"),
    ("@domain:Sales\\North", "WS-002"),
    ("@domain:'Sales\\'", "WS-001 WS-002 WS-003"),
    ("@file:list.txt", "WS-002 WS-003 SRV01 SRV02 LAP-1 LAP-2 LAP-3"),
    ("@first:3", "WS-001 WS-002 WS-003"),
    ("@mismatched&@first:2", "WS-001 WS-003"),
    ("@mismatched!@first:2", "SRV01 LAP-2"),
    ("@first:2&@mismatched", "WS-001"),
    ("LAP-3,@first:1", "WS-001 LAP-3"),
    ("@mismatched&@domain:Sales!WS-003", "WS-001"),
    ("LAP-1,@mismatched!WS-*!SRV01", "LAP-1 LAP-2"),
    ("WS-*!WS-003&@mismatched,SRV02", "WS-001 SRV02"),
    ("@first:99", "WS-001 WS-002 WS-003 WS-004 SRV01 SRV02 BÜRO-1 LAP-1 LAP-2 LAP-3"),
    ("WS-001&SRV01", ""),
  ])
  func stands(_ text: String, for names: String) throws {
    let result = try Selection(text).evaluate(in: Fleet())
    #expect(result.agents.map(\.name.text).joined(separator: " ") == names)
    #expect(result.unmatched(allowingUnlisted: false).isEmpty)
    #expect(result.unlisted.isEmpty)
  }

  @Test func whatMatchesNothingIsListedWhereverItStands() throws {
    let result = try Selection("WS-[004-006],X-*,@mismatched&GONE,@mismatched,10.99.0.0/16,A[1-2]*,ws-005").evaluate(
      in: Fleet())
    #expect(result.unknownNames == ["WS-005", "WS-006", "GONE"])
    #expect(result.unmatchedPatterns == ["X-*", "10.99.0.0/16", "A1*", "A2*"])
    #expect(result.unmatched(allowingUnlisted: true) == ["X-*", "10.99.0.0/16", "A1*", "A2*"])
    #expect(result.unlisted.map(\.text) == ["WS-005", "WS-006"])
    #expect(result.agents.map(\.name.text) == ["WS-001", "WS-003", "WS-004", "SRV01", "LAP-2"])
  }

  @Test func unlistedNamesFollowTheAlgebra() throws {
    let result = try Selection("NEW-[1-3]!NEW-2,all&NEW-4").evaluate(in: Fleet())
    #expect(result.unlisted.map(\.text) == ["NEW-1", "NEW-3"])
    #expect(result.agents.isEmpty)
  }

  @Test func emptySetsAreNotes() throws {
    let result = try Selection("@repaired,@domain:Nowhere,@file:empty.txt").evaluate(in: Fleet())
    #expect(result.agents.isEmpty)
    #expect(result.unmatched(allowingUnlisted: false).isEmpty)
    #expect(result.emptySets == ["@repaired", "@domain:Nowhere", "@file:empty.txt"])
  }

  @Test(arguments: [
    ("all,@failed:99", 5, "run 99 is not in the journal"),
    ("@file:gone.txt", 1, "gone.txt: no such file"),
    (
      "@failed:8!10.20.0.0/16", 11,
      "GONE-9 and 1 more: in no list any more, so the address isn't known; name agents or patterns in place of "
        + "10.20.0.0/16"
    ),
    (
      "@failed:8&@domain:Sales", 11,
      "GONE-9 and 1 more: in no list any more, so the domain isn't known; name agents or patterns in place of "
        + "@domain:Sales"
    ),
    ("WS-001,@file:bad.txt", 8, "bad.txt:2: '@mismatched' is not a name, a pattern or a network"),
  ])
  func whatTheUniverseLacks(_ text: String, _ column: Int, _ sentence: String) throws {
    let selection = try Selection(text)
    let error = #expect(throws: SelectionError.self) { try selection.evaluate(in: Fleet()) }
    #expect(error?.description == sentence)
    #expect(error?.column == column)
  }

  @Test func manyNamesAreNotQuadratic() throws {
    let roster = AgentRoster((0..<20_000).compactMap { AgentName("WS-\(padded($0, to: 6))") }.map { Agent(name: $0) })
    let universe = Fleet(roster: roster)
    let text = roster.agents.reversed().map(\.name.text).joined(separator: ",")
    #expect(try Selection(text).evaluate(in: universe).agents == roster.agents)
    #expect(try Selection("WS-[000000-019999]!WS-000007").evaluate(in: universe).agents.count == 19_999)
    #expect(try Selection("\(String(repeating: "*0", count: 60))*").evaluate(in: universe).unmatchedPatterns.count == 1)
  }

  /// What is not known to be well stays an agent of the inventory when it leaves the list.
  @Test func whatIsKnownBeyondTheListIsNamedAsAnyAgent() throws {
    var universe = Fleet()
    universe.knownBeyondRoster = ["GONE-7"].compactMap { AgentName($0).map { Agent(name: $0) } }
    func names(_ text: String) throws -> [String] {
      let result = try Selection(text).evaluate(in: universe)
      #expect(result.unmatched(allowingUnlisted: false).isEmpty, "\(text)")
      return result.agents.map(\.name.text)
    }
    #expect(try names("@unprotected") == ["WS-002", "GONE-7"])
    #expect(try names("gone-7") == ["GONE-7"] && names("GONE-*") == ["GONE-7"])
    #expect(try names("@unprotected!WS-*") == ["GONE-7"])
    #expect(try !names("all").contains("GONE-7"), "all is the list")
    #expect(try Selection("@no-agent").evaluate(in: universe).emptySets == ["@no-agent"])
    #expect(throws: SelectionError.self) { try Selection("@unprotected:3") }
    #expect(throws: SelectionError.self) { try Selection("@unprotected!10.20.0.0/16").evaluate(in: universe) }
  }
}

/// Ten agents, one list, two runs.
struct Fleet: SelectionUniverse {
  var knownBeyondRoster: [Agent] = []
  var roster = AgentRoster([
    agent("WS-001", "10.20.0.1", "Sales"), agent("WS-002", "10.20.0.2", "Sales\\North"),
    agent("WS-003", "10.20.3.1", "SALES"), agent("WS-004", "10.20.0.4", "Salesforce"),
    agent("SRV01", "10.9.8.1; fe80::1", "Servers"), agent("SRV02", "10.9.8.2", nil), agent("BÜRO-1", nil, "Köln"),
    agent("LAP-1", "fe80::2%7", nil), agent("LAP-2", "n/a", nil), agent("LAP-3", nil, nil), agent("ws-001", nil, nil),
  ])

  func names(in set: SelectionSet) throws(SelectionUnavailable) -> [AgentName] {
    switch set {
    case .mismatched: ["LAP-2", "ws-003", "WS-001", "SRV01", "GONE-9"].compactMap { AgentName($0) }
    case .unprotected: ["GONE-7", "WS-002"].compactMap { AgentName($0) }
    case .noAgent: []
    case .outcome(.failed, nil): ["WS-003"].compactMap { AgentName($0) }
    case .outcome(.failed, 7): ["LAP-1", "WS-004"].compactMap { AgentName($0) }
    case .outcome(.failed, 8): ["GONE-9", "WS-001", "GONE-8"].compactMap { AgentName($0) }
    case .outcome(_, let run):
      if let run { throw SelectionUnavailable("run \(run) is not in the journal") } else { [] }
    }
  }

  func lines(ofFile path: String) throws(SelectionUnavailable) -> [String] {
    switch path {
    case "list.txt":
      ["\u{FEFF}LAP-[1-2]", "# servers", " SRV01 \r", "", "srv*", "10.20.0.2", "LAP-3, WS-003"]
    case "empty.txt": ["", "# nothing"]
    case "bad.txt": ["WS-001", "@mismatched"]
    default: throw SelectionUnavailable("\(path): no such file")
    }
  }

  private static func agent(_ name: String, _ address: String?, _ domain: String?) -> Agent {
    guard let name = AgentName(name) else { preconditionFailure("'\(name)' is no name for a test") }
    return Agent(name: name, address: address, domain: domain)
  }
}
