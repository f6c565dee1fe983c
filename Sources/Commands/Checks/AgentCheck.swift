import ApexOne
import Remote
import Runs

/// What would stop the repair of one agent, as far as looking can tell.
struct AgentCheck: Sendable, Hashable {
  let state: CheckState
  let cause: Cause?
  let detail: String

  /// The endpoint was looked at.
  init(_ facts: AgentFacts, _ expected: LookExpectations) {
    let seen = AgentCheck.summary(facts)
    switch LookVerdict(facts, expected) {
    case .refuse(let cause, let text):
      (state, self.cause, detail) = (.red, cause, facts.isInstalled ? "\(text) (\(seen))" : text)
    case .alreadyMatching(let text):
      (state, cause, detail) = (.amber, .listStale, "\(text) (\(seen))")
    case .proceed where facts.isProtected == false:
      (state, cause, detail) = (.amber, .servicesStopped, "not protected now: \(facts.stoppedServices) (\(seen))")
    case .proceed:
      (state, cause, detail) = (.green, nil, seen)
    }
  }

  /// It could not be: no connection, no trust, no logon, no rights.
  init(_ error: RemoteError) {
    state = .red
    cause = Cause(error)
    detail = error.message
  }

  private static func summary(_ facts: AgentFacts) -> String {
    let port = facts.agentPort.map { "port \($0)" } ?? "port not known"
    let parts: [String?] = [
      "agent \(facts.version ?? "of unknown version")", facts.architecture.map { "\($0)" }, facts.server, port,
      facts.certificate?.meaning, facts.shell.map { "shell \($0)" },
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
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
