import Foundation
import Testing

@testable import ApexOne

/// The rule that decides before anything is touched, branch by branch.
@Suite struct RemediesLookTests {
  private let expected = LookExpectations(serverName: "apexone.contoso.local", agentPort: 21_112)

  private func facts(_ change: (inout AgentFacts) -> Void = { _ in }) -> AgentFacts {
    var facts = AgentFacts(
      isInstalled: true, server: "apexone.contoso.local", agentPort: 21_112, architecture: .x64, certificate: .other)
    change(&facts)
    return facts
  }

  private func cause(_ facts: AgentFacts, _ expected: LookExpectations) -> Cause? {
    if case .refuse(let cause, let sentence) = LookVerdict(facts, expected) {
      #expect(!sentence.isEmpty && !sentence.hasSuffix("."))
      return cause
    }
    return nil
  }

  @Test(arguments: [CertificateVerdict.other, .renewed, .absent, .unreadable])
  func mismatchesGoOn(certificate: CertificateVerdict) {
    #expect(LookVerdict(facts { $0.certificate = certificate }, expected) == .proceed)
  }

  @Test func namesAreComparedWithoutCase() {
    #expect(LookVerdict(facts { $0.server = "APEXONE.Contoso.Local" }, expected) == .proceed)
  }

  @Test(arguments: [
    ("10.0.0.5", "10.0.0.5"), ("2001:db8::5", "2001:DB8:0:0:0:0:0:5"), ("2001:db8::5", "[2001:db8::5]"),
    ("10.0.0.5", "::ffff:10.0.0.5"), ("10.0.0.5", "::FFFF:A00:5"), ("fe80::5", "[fe80::5%12]"),
    ("apexone.contoso.local", "ApexOne.contoso.local."), ("10.0.0.5", " 10.0.0.5 "), ("::1", "0:0:0:0:0:0:0:1"),
  ])
  func addressesAreComparedNotTheirSpellings(setting: String, registry: String) {
    #expect(LookVerdict(facts { $0.server = registry }, LookExpectations(serverName: setting)) == .proceed)
    let alias = LookExpectations(serverName: "apexone", serverAliases: ["other", setting])
    #expect(LookVerdict(facts { $0.server = registry }, alias) == .proceed)
  }

  @Test(arguments: [
    ("10.0.0.5", "10.0.0.50"), ("10.0.0.5", "10.0.0.05"), ("2001:db8::5", "2001:db8::50"), ("10.0.0.5", "10"),
    ("apexone", "apexone.."), ("::5", "0.0.0.5"), ("2001:db8::", "2001:db8"),
  ])
  func otherAddressesAreOthers(setting: String, registry: String) {
    #expect(cause(facts { $0.server = registry }, LookExpectations(serverName: setting)) == .otherServer)
  }

  @Test func shortAndFullNamesAreTwoUnlessAnAliasSaysSo() {
    var expected = expected
    let short = facts { $0.server = "APEXONE" }
    guard case .refuse(.otherServer, let sentence) = LookVerdict(short, expected) else {
      Issue.record("a short name was taken for the full one")
      return
    }
    #expect(sentence.contains("server-aliases") && sentence.contains("APEXONE"))
    expected.serverAliases = ["apexone"]
    #expect(LookVerdict(short, expected) == .proceed)
  }

  @Test func anotherServerNeedsMove() {
    var expected = expected
    let other = facts { $0.server = "apexone2.contoso.local" }
    #expect(cause(other, expected) == .otherServer)
    #expect(cause(facts { $0.server = nil }, expected) == .otherServer)
    #expect(cause(facts { $0.server = "" }, expected) == .otherServer)
    expected.allowMove = true
    #expect(LookVerdict(other, expected) == .proceed)
    // A common key for all servers: the certificate is equal, and yet the agent has to be moved.
    #expect(LookVerdict(facts { ($0.server, $0.certificate) = ("apexone2", .equal) }, expected) == .proceed)
  }

  @Test func anotherPortNeedsChangePort() {
    var expected = expected
    let other = facts { $0.agentPort = 40_000 }
    #expect(cause(other, expected) == .otherPort)
    #expect(LookVerdict(facts { $0.agentPort = nil }, expected) == .proceed)
    expected.allowPortChange = true
    #expect(LookVerdict(other, expected) == .proceed)
    expected.agentPort = nil
    #expect(LookVerdict(other, expected) == .proceed)
  }

  @Test func matchingAgentsAreLeftUnlessForced() {
    var expected = expected
    let matching = facts { $0.certificate = .equal }
    guard case .alreadyMatching(let note) = LookVerdict(matching, expected) else {
      Issue.record("a matching agent would be repaired")
      return
    }
    #expect(note.contains("stale"))
    // Nothing is done, so nothing about its port or machine stands in the way.
    let odd = facts { ($0.certificate, $0.agentPort, $0.architecture) = (.equal, 40_000, .other("ARM64")) }
    #expect(LookVerdict(odd, expected) == .alreadyMatching(note))
    expected.allowPortChange = true
    #expect(LookVerdict(facts { ($0.certificate, $0.agentPort) = (.equal, 40_000) }, expected) == .proceed)
    expected.force = true
    #expect(LookVerdict(matching, expected) == .proceed)
  }

  @Test func noAgentIsRefusedWhereOneIsNeeded() {
    var expected = expected
    let none = AgentFacts(isInstalled: false, architecture: .x64)
    #expect(cause(none, expected) == .noAgent)
    expected.needsAgent = false
    #expect(LookVerdict(none, expected) == .proceed)
  }

  @Test func machinesOfOtherKindsAreRefused() {
    var expected = expected
    #expect(cause(facts { $0.architecture = .other("ARM64") }, expected) == .unsupportedMachine)
    #expect(cause(facts { $0.architecture = nil }, expected) == .unsupportedMachine)
    #expect(LookVerdict(facts { $0.architecture = .x86 }, expected) == .proceed)
    expected.needsKnownMachine = false
    #expect(LookVerdict(facts { $0.architecture = nil }, expected) == .proceed)
    #expect(EndpointArchitecture(processorArchitecture: "amd64") == .x64)
    #expect(EndpointArchitecture(processorArchitecture: "x86") == .x86)
    #expect(EndpointArchitecture(processorArchitecture: "ARM64") == .other("ARM64"))
  }

  @Test(
    arguments: [
      (ServiceFact.State.running, ServiceFact.State.running, Bool?.some(true)),
      (.running, .stopped, false), (.startPending, .running, false), (.absent, nil, false),
      (.running, nil, nil), (nil, nil, nil), (nil, .paused, false),
    ] as [(ServiceFact.State?, ServiceFact.State?, Bool?)])
  func protectionFollowsTheRequiredServices(row: (ServiceFact.State?, ServiceFact.State?, Bool?)) {
    var facts = AgentFacts(isInstalled: true)
    facts[service: "TmListen"] = row.0.map { ServiceFact($0) }
    facts[service: "ntrtscan"] = row.1.map { ServiceFact($0) }
    facts[service: "TMBMServer"] = ServiceFact(.stopped)
    #expect(facts.isProtected == row.2)
    facts.isInstalled = false
    #expect(facts.isProtected == nil)
  }

  @Test func aCopyIsOnesOwn() {
    let facts = facts { $0[service: "TmListen"] = ServiceFact(.running, pid: 812) }
    var copy = facts
    copy.server = "another"
    copy[service: "tmlisten"] = nil
    #expect(facts.server != "another" && facts[service: "TMLISTEN"]?.pid == 812)
    #expect(copy.server == "another" && copy[service: "TMLISTEN"] == nil)
    #expect(copy != facts)
    copy.server = facts.server
    #expect(copy.with(["TmListen": ServiceFact(.running, pid: 812)]) == facts)
  }

  @Test func servicesStandInTheOrderOfTheirNames() {
    var services: ServiceFacts = ["tmlisten": ServiceFact(.running), "NtRtScan": ServiceFact(.stopped)]
    services["TMCCSF"] = ServiceFact(.absent)
    services["tmlisten"] = ServiceFact(.paused)
    #expect(services.entries.map(\.name) == ["ntrtscan", "tmccsf", "tmlisten"])
    #expect(services["TmListen"]?.state == .paused && services["nothing"] == nil)
    services["ntrtscan"] = nil
    services["nothing"] = nil
    #expect(services.entries.map(\.name) == ["tmccsf", "tmlisten"])
  }

  /// What the later look could not read is not what it was before.
  @Test func aLaterLookSaysAllThatIsKnown() {
    let facts = facts {
      $0[service: "tmlisten"] = ServiceFact(.running)
      $0[service: "ntrtscan"] = ServiceFact(.running)
    }
    let later = facts.with(["tmlisten": ServiceFact(.running)])
    #expect(later[service: "tmlisten"]?.state == .running && later[service: "ntrtscan"] == nil)
    #expect(later.server == facts.server && later.isProtected == nil)
  }
}
