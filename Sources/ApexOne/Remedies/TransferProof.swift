/// Was a transfer a repair? Decided from what the endpoint shows, never from the tool's exit code or messages.
package struct TransferProof: Sendable, Hashable {
  /// The look before anything was done.
  package var before: AgentFacts
  /// The looks since the tool was started, in order of time; services while it ran count too. One that failed is left
  /// out.
  package var looks: [ProofLook]
  /// The listener was seen stopped by other means than these looks.
  package var sawListenerStopped: Bool

  package init(before: AgentFacts, looks: [ProofLook], sawListenerStopped: Bool = false) {
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
    guard wasRestarted else {
      return ProofDecision(
        .unproved, .restartUnproved,
        "the certificate is right, but nothing shows that \(AgentService.listener) was restarted")
    }
    return ProofDecision(.repaired, nil, "certificate equal, services running, \(AgentService.listener) restarted")
  }

  /// Nil where the certificate is right at the last look.
  private func certificateDecision(_ last: AgentFacts) -> ProofDecision? {
    if last.certificate == .equal { return nil }
    return CertificateProof(before: before, looks: looks.map(\.facts), last: last).problem()
  }

  /// Another process id than before, or the listener seen stopped: before (it runs now), or since.
  private var wasRestarted: Bool {
    let own = before[service: AgentService.listener]
    if sawListenerStopped || own?.state == .stopped { return true }
    return looks.contains { look in
      let now = look.facts[service: AgentService.listener]
      if now?.state == .stopped { return true }
      guard let old = own?.pid, let new = now?.pid else { return false }
      return old != new
    }
  }
}
