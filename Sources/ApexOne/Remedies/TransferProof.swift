/// Was a transfer a repair? Decided from what the endpoint shows, never from the tool's exit code or messages.
package struct TransferProof: Sendable, Hashable {
  /// The look before anything was done.
  package var before: AgentFacts
  /// The looks since the tool was started, in order of time; services while it ran count too. One that failed is left
  /// out.
  package var looks: [ProofLook]
  /// The listener was seen stopped by other means than these looks.
  package var sawListenerStopped: Bool
  /// Nil where only the certificate was to change.
  package var expected: LookExpectations?

  package init(
    before: AgentFacts, looks: [ProofLook], sawListenerStopped: Bool = false, expected: LookExpectations? = nil
  ) {
    self.expected = expected
    self.before = before
    self.looks = looks
    self.sawListenerStopped = sawListenerStopped
  }

  /// As of the last look. Whoever still has time may look again: only `repaired` is final.
  package func decide() -> ProofDecision {
    guard let last = looks.last?.facts else {
      return ProofDecision(.unproved, .servicesUnproved, "the endpoint could not be looked at afterwards")
    }
    let required = before.servicesToRestore
    let standing = ServiceStanding.judge(required, looks) { $0.certificate == .equal }
    if case .down(let services) = standing {
      // A service that was down before, beside a certificate that is what it was: the tool did nothing at all.
      let broken = services.filter { before[service: $0]?.state == .running || last.certificate == .equal }
      if !broken.isEmpty || last.certificate == nil {
        let down = broken.isEmpty ? services : broken
        return ProofDecision(.failed, .servicesStopped, "\(ServiceStanding.names(down)) not running afterwards")
      }
    }
    if let decision = certificateDecision(last) { return decision }
    switch standing {
    case .down(let services):
      return ProofDecision(.failed, .servicesStopped, "\(ServiceStanding.names(services)) not running afterwards")
    case .unproved(let reason): return ProofDecision(.unproved, .servicesUnproved, reason)
    case .steady: break
    }
    if let decision = placeDecision(last) { return decision }
    guard sawListenerStopped || looks.showRestart(since: before) else {
      return ProofDecision(
        .unproved, .restartUnproved,
        "the certificate is right, but nothing shows that \(AgentService.listener) was restarted")
    }
    let other =
      switch expected?.certificate {
      case .other?: " to the one deployed, which is NOT the server's own"
      case .notCompared?: " to the one deployed (the server's own is not known)"
      case .server?, nil: ""
      }
    return ProofDecision(
      .repaired, nil, "certificate equal\(other), services running, \(AgentService.listener) restarted")
  }

  /// Nil where the certificate is right at the last look.
  private func certificateDecision(_ last: AgentFacts) -> ProofDecision? {
    if last.certificate == .equal { return nil }
    return CertificateProof(before: before, looks: looks.map(\.facts), last: last).problem()
  }

  /// Where the agent was to move or to change its port: nil where it did.
  private func placeDecision(_ last: AgentFacts) -> ProofDecision? {
    guard let expected, expected.changesPlace(of: before) else { return nil }
    let server = last.server ?? "no server"
    guard let own = last.server, expected.isOwnServer(own) else {
      return ProofDecision(
        .failed, .otherServer, "the agent belongs to \(server) afterwards, not to \(expected.serverName)")
    }
    if let port = expected.agentPort, last.agentPort != port {
      let now = last.agentPort.map(String.init) ?? "not known"
      return ProofDecision(.failed, .otherPort, "the agent's port is \(now) afterwards, not \(port)")
    }
    return nil
  }
}
