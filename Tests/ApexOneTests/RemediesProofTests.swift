import Testing

@testable import ApexOne

/// What the looks after a transfer prove, one row a way it can end.
@Suite struct RemediesProofTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var before = look(.running(10), .other)
    var looks: [(Int, AgentFacts)]
    var sawStopped = false
    var outcome: Outcome
    var cause: Cause?
  }

  enum Listener: Sendable {
    case running(UInt32?)
    case state(ServiceFact.State)
    case unknown
  }

  static func look(
    _ listener: Listener, _ certificate: CertificateVerdict?, scanner: ServiceFact.State? = .running,
    sha256: String? = nil, more: ServiceFacts = [:]
  ) -> AgentFacts {
    var facts = AgentFacts(isInstalled: true, services: more, certificate: certificate, certificateSHA256: sha256)
    switch listener {
    case .running(let pid): facts[service: "tmlisten"] = ServiceFact(.running, pid: pid)
    case .state(let state): facts[service: "tmlisten"] = ServiceFact(state)
    case .unknown: break
    }
    facts[service: "ntrtscan"] = scanner.map { ServiceFact($0, pid: $0 == .running ? 77 : nil) }
    return facts
  }

  private static let good = look(.running(20), .equal)
  private static let other = look(.running(20), .other)

  static let rows: [Row] = [
    Row(testDescription: "proved", looks: [(0, good), (15, good)], outcome: .repaired),
    Row(
      testDescription: "first too early, then proved", looks: [(0, other), (5, good), (20, good)], outcome: .repaired),
    Row(testDescription: "no look", looks: [], outcome: .unproved, cause: .servicesUnproved),
    Row(testDescription: "one look", looks: [(9, good)], outcome: .unproved, cause: .servicesUnproved),
    Row(
      testDescription: "looks too close", looks: [(0, good), (14, good)], outcome: .unproved, cause: .servicesUnproved),
    Row(
      testDescription: "certificate right at the last look only", looks: [(0, other), (15, good)],
      outcome: .unproved, cause: .servicesUnproved),
    Row(
      testDescription: "stopped in between", looks: [(0, good), (8, look(.state(.stopped), .equal)), (16, good)],
      outcome: .unproved, cause: .servicesUnproved),
    Row(
      testDescription: "the old process, then the new one", looks: [(0, look(.running(10), .equal)), (16, good)],
      outcome: .unproved, cause: .servicesUnproved),
    Row(
      testDescription: "same process id", looks: [(0, look(.running(10), .equal)), (15, look(.running(10), .equal))],
      outcome: .unproved, cause: .restartUnproved),
    Row(
      testDescription: "same process id, but seen stopped",
      looks: [(0, look(.state(.stopped), .other)), (2, look(.running(10), .equal)), (17, look(.running(10), .equal))],
      outcome: .repaired),
    Row(
      testDescription: "seen stopped elsewhere",
      looks: [(0, look(.running(nil), .equal)), (15, look(.running(nil), .equal))], sawStopped: true,
      outcome: .repaired),
    Row(
      testDescription: "process ids not known",
      looks: [(0, look(.running(nil), .equal)), (15, look(.running(nil), .equal))],
      outcome: .unproved, cause: .restartUnproved),
    Row(
      testDescription: "stopped before", before: look(.state(.stopped), .absent), looks: [(0, good), (15, good)],
      outcome: .repaired),
    Row(testDescription: "no effect", looks: [(0, other), (15, other)], outcome: .failed, cause: .toolHadNoEffect),
    Row(
      testDescription: "still absent", before: look(.running(10), .absent), looks: [(0, look(.running(20), .absent))],
      outcome: .failed, cause: .toolHadNoEffect),
    Row(
      testDescription: "another wrong certificate", before: look(.running(10), .other, sha256: "aa"),
      looks: [(0, look(.running(20), .other, sha256: "bb"))], outcome: .failed, cause: .certificateChanged),
    Row(
      testDescription: "vanished", looks: [(0, look(.running(20), .absent))], outcome: .failed,
      cause: .certificateChanged),
    Row(
      testDescription: "right, then wrong again", looks: [(0, good), (15, other)], outcome: .failed,
      cause: .certificateChanged),
    Row(
      testDescription: "unreadable afterwards", looks: [(0, look(.running(20), .unreadable))], outcome: .unproved,
      cause: .certificateUnreadable),
    Row(
      testDescription: "certificate not looked at", looks: [(0, look(.running(20), nil))], outcome: .unproved,
      cause: .certificateUnreadable),
    Row(
      testDescription: "listener down", looks: [(0, look(.state(.stopped), .equal))], outcome: .failed,
      cause: .servicesStopped),
    Row(
      testDescription: "cut off in the middle", looks: [(0, look(.state(.stopped), .other))], outcome: .failed,
      cause: .servicesStopped),
    Row(
      testDescription: "scanner down", looks: [(0, look(.running(20), .equal, scanner: .stopped))], outcome: .failed,
      cause: .servicesStopped),
    Row(
      testDescription: "scanner starting",
      looks: [(0, good), (15, look(.running(20), .equal, scanner: .startPending))],
      outcome: .unproved, cause: .servicesUnproved),
    Row(
      testDescription: "scanner not seen", looks: [(0, good), (15, look(.running(20), .equal, scanner: nil))],
      outcome: .unproved, cause: .servicesUnproved),
    Row(
      testDescription: "down before and untouched", before: look(.state(.stopped), .other),
      looks: [(0, look(.state(.stopped), .other))], outcome: .failed, cause: .toolHadNoEffect),
    Row(
      testDescription: "another service that ran is down",
      before: look(.running(10), .other, more: ["TmCCSF": ServiceFact(.running, pid: 5)]),
      looks: [(0, look(.running(20), .equal, more: ["tmccsf": ServiceFact(.stopped)]))],
      outcome: .failed, cause: .servicesStopped),
    Row(
      testDescription: "another service that did not run needn't",
      before: look(.running(10), .other, more: ["TmCCSF": ServiceFact(.stopped)]),
      looks: [(0, good), (15, good)], outcome: .repaired),
  ]

  @Test(arguments: rows) func transfer(row: Row) {
    let looks = row.looks.map { ProofLook(at: .seconds($0.0), $0.1) }
    let decision = TransferProof(before: row.before, looks: looks, sawListenerStopped: row.sawStopped).decide()
    #expect(decision.outcome == row.outcome)
    #expect(decision.cause == row.cause)
    #expect(!decision.detail.isEmpty && !decision.detail.hasSuffix("."))
  }

  @Test func servicesToRestoreAreTheRequiredAndThoseThatRan() {
    let facts = Self.look(
      .state(.stopped), .other, more: ["TMBMServer": ServiceFact(.running, pid: 4), "TmCCSF": ServiceFact(.stopped)])
    #expect(facts.servicesToRestore == ["tmlisten", "ntrtscan", "tmbmserver"])
  }

  /// `--move` and `--change-port`: servers that share a key make the certificate no proof of the place.
  @Test func anAgentThatWasToMoveMustHaveMoved() {
    func facts(_ server: String, _ port: Int, pid: UInt32) -> AgentFacts {
      AgentFacts(
        isInstalled: true, server: server, agentPort: port,
        services: ["tmlisten": ServiceFact(.running, pid: pid), "ntrtscan": ServiceFact(.running, pid: pid + 1)],
        certificate: .equal)
    }
    let expected = LookExpectations(
      serverName: "apexone", agentPort: 37_462, allowMove: true, allowPortChange: true, force: true)
    func decide(_ now: AgentFacts, from before: AgentFacts) -> ProofDecision {
      TransferProof(
        before: before, looks: [ProofLook(at: .seconds(0), now), ProofLook(at: .seconds(15), now)], expected: expected
      ).decide()
    }
    let elsewhere = facts("old-server", 21_112, pid: 10)
    #expect(decide(facts("APEXONE", 37_462, pid: 20), from: elsewhere).outcome == .repaired)
    let stayed = decide(facts("old-server", 37_462, pid: 20), from: elsewhere)
    #expect(stayed.outcome == .failed && stayed.cause == .otherServer)
    let kept = decide(facts("apexone", 21_112, pid: 20), from: elsewhere)
    #expect(kept.outcome == .failed && kept.cause == .otherPort)
    // Nothing was to change but the certificate: the looks after the tool do not read the place.
    let here = facts("apexone", 37_462, pid: 10)
    #expect(decide(facts("apexone", 37_462, pid: 20), from: here).outcome == .repaired)
  }
}
