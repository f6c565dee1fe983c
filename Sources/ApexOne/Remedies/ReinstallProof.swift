/// Was a reinstallation a repair? A running agent of the right server with its certificate is the proof; that its
/// processes are new needs none, since the installer put them there.
package struct ReinstallProof: Sendable, Hashable {
  package var before: AgentFacts
  /// The looks since the installer ended, in order of time.
  package var looks: [ProofLook]
  /// What the installer said; nil where its end was not seen.
  package var installer: InstallerResult?
  package var expected: LookExpectations

  package init(before: AgentFacts, looks: [ProofLook], installer: InstallerResult?, expected: LookExpectations) {
    self.before = before
    self.looks = looks
    self.installer = installer
    self.expected = expected
  }

  package func decide() -> ProofDecision {
    // Whatever the endpoint shows now, what waits for the reboot isn't done yet.
    if let installer, installer.asksForReboot { return ProofDecision(.rebootRequired, .reboot, installer.meaning) }
    if installer == .busy { return ProofDecision(.failed, .installerBusy, InstallerResult.busy.meaning) }
    guard let last = looks.last?.facts else {
      if let installer, !installer.isSuccess { return ProofDecision(.failed, .installFailed, installer.meaning) }
      return ProofDecision(.unproved, .servicesUnproved, "the endpoint could not be looked at afterwards")
    }
    guard last.isInstalled else {
      let said = installer.map { ": \($0.meaning)" } ?? ""
      var decision = ProofDecision(.failed, .installFailed, "no agent is installed afterwards\(said)")
      decision.isOver = installer?.advice(at: .install) == .fail
      return decision
    }
    return agentDecision(last)
  }

  private func agentDecision(_ last: AgentFacts) -> ProofDecision {
    let standing = ServiceStanding.judge(AgentService.required, looks) { $0.certificate == .equal }
    if case .down(let services) = standing {
      return ProofDecision(.failed, .servicesStopped, "\(ServiceStanding.names(services)) not running afterwards")
    }
    guard let server = last.server, expected.isOwnServer(server) else {
      let name = last.server ?? "no server"
      return ProofDecision(
        .failed, .otherServer,
        "the agent belongs to \(name) afterwards, not to \(expected.serverName): "
          + "the package was made for another server")
    }
    if let port = last.httpPort, let own = expected.httpPort, port != own {
      return ProofDecision(
        .failed, .otherServer,
        "the agent reports to port \(port) of \(server) afterwards, not to \(own): "
          + "the package was made for another server")
    }
    if var problem = CertificateProof(before: before, looks: looks.map(\.facts), last: last).problem() {
      if let installer, !installer.isSuccess, problem.outcome == .failed {
        problem = ProofDecision(.failed, .installFailed, installer.meaning)
      }
      return problem
    }
    if case .unproved(let reason) = standing { return ProofDecision(.unproved, .servicesUnproved, reason) }
    // An agent that was as right before shows nothing of the package, unless it is another one now.
    if before.isInstalled, before.certificate == .equal {
      if let installer, installer.advice(at: .install) == .fail {
        return ProofDecision(.failed, .installFailed, "\(installer.meaning); the agent is what it was")
      }
      guard before.version != last.version || looks.showRestart(since: before) else {
        return ProofDecision(
          .unproved, .restartUnproved, "the agent is right, but nothing shows that the package was installed")
      }
    }
    return ProofDecision(
      .repaired, nil, "the agent runs, belongs to \(server), and its certificate is \(expected.certificate.owner)")
  }
}
