import ApexOne
import Remote
import Runs

/// What would stop the repair of one agent, as far as looking can tell, and whether it protects its endpoint.
struct AgentCheck: Sendable, Hashable {
  let state: CheckState
  let cause: Cause?
  let detail: String

  /// The endpoint was looked at.
  init(_ facts: AgentFacts, _ expected: LookExpectations, of agent: String? = nil) {
    let seen = AgentCheck.summary(facts, expected, agent)
    if let agent, case .refuse(let cause, let text)? = LookVerdict.machine(facts.machine, agent, expected) {
      // Nothing of that machine is the agent's.
      (state, self.cause, detail) = (.red, cause, text)
      return
    }
    let danger = facts.isProtected == false ? "not protected now: \(facts.stoppedServices)" : nil
    switch (LookVerdict(facts, expected), danger) {
    case (.refuse(let cause, let text), let danger):
      let text = danger.map { "\($0); \(text)" } ?? text
      (state, self.cause, detail) = (.red, cause, facts.isInstalled ? "\(text) (\(seen))" : text)
    // Whatever its certificate is.
    case (_, let danger?):
      (state, cause, detail) = (.red, .servicesStopped, "\(danger) (\(seen))")
    case (.alreadyMatching(let text), nil), (.matchingUnprotected(let text), nil):
      (state, cause, detail) = (.amber, .listStale, "\(text) (\(seen))")
    case (.proceed, nil):
      (state, cause, detail) = (.green, nil, seen)
    }
  }

  /// It could not be: no connection, no trust, no logon, no rights.
  init(_ error: RemoteError) {
    state = .red
    cause = Cause(error)
    detail = error.message
  }

  private static func summary(_ facts: AgentFacts, _ expected: LookExpectations, _ agent: String?) -> String {
    let isNamed =
      agent.map { !LookVerdict.isNotNamed(facts.machine, $0, expected) } ?? !facts.machine.isEmpty
    let port = facts.agentPort.map { "port \($0)" } ?? "port not known"
    let parts: [String?] = [
      "agent \(facts.version ?? "of unknown version")", facts.architecture.map { "\($0)" }, facts.server, port,
      facts.certificate.map(expected.certificate.meaning), protection(facts), facts.shell.map { "shell \($0)" },
      isNamed ? nil : LookVerdict.machineNotNamed,
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }

  /// Nil where it is said before everything else that it is not.
  private static func protection(_ facts: AgentFacts) -> String? {
    guard let isProtected = facts.isProtected else { return "not known whether its services run" }
    return isProtected ? "its services run" : nil
  }
}

extension AgentFacts {
  /// The required services that do not run, and what they do: `tmlisten stopped`.
  var stoppedServices: String {
    AgentService.required.compactMap { name in
      guard let state = self[service: name]?.state, state != .running else { return nil }
      return "\(name) \(state.rawValue)"
    }.joined(separator: ", ")
  }
}
