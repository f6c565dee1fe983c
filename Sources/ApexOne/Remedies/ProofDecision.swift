/// What became of one agent, as far as the evidence goes.
package struct ProofDecision: Sendable, Hashable {
  package var outcome: Outcome
  package var cause: Cause?
  /// One sentence without a full stop.
  package var detail: String
  /// More time would change nothing, though the outcome is no success.
  package var isOver = false

  package init(_ outcome: Outcome, _ cause: Cause? = nil, _ detail: String) {
    self.outcome = outcome
    self.cause = cause
    self.detail = detail
  }
}

/// One look at an endpoint after the tool was started.
package struct ProofLook: Sendable, Hashable {
  /// On any clock, the same for all looks of one agent.
  package var at: Duration
  package var facts: AgentFacts

  package init(at: Duration, _ facts: AgentFacts) {
    self.at = at
    self.facts = facts
  }
}

extension [ProofLook] {
  /// Evidence that the listener was restarted since `before`: another process id, or it was seen stopped, then or since.
  func showRestart(since before: AgentFacts) -> Bool {
    let own = before[service: AgentService.listener]
    if own?.state == .stopped { return true }
    return contains { look in
      let now = look.facts[service: AgentService.listener]
      if now?.state == .stopped { return true }
      guard let old = own?.pid, let new = now?.pid else { return false }
      return old != new
    }
  }
}

/// How the services that must run did over the looks: the same rule for every remedy.
struct ServiceStanding {
  enum Kind: Equatable {
    /// Ran on two looks far enough apart, never seen otherwise in between, with the same process ids.
    case steady
    /// Down at the last look: the services' names.
    case down([String])
    /// Neither: why not.
    case unproved(String)
  }

  /// Time between the two looks that prove that services run.
  static let apart: Duration = .seconds(15)

  /// `looks` in order of time; `isGood` says what else must be so at the first and the last look.
  static func judge(_ required: [String], _ looks: [ProofLook], isGood: (AgentFacts) -> Bool) -> Kind {
    guard let last = looks.last else { return .unproved("the endpoint could not be looked at afterwards") }
    let now = required.map { last.facts[service: $0] }
    let down = zip(required, now).filter { isDown($1?.state) }.map(\.0)
    if !down.isEmpty { return .down(down) }
    let missing = zip(required, now).filter { $1?.state != .running }.map(\.0)
    if !missing.isEmpty { return .unproved("\(names(missing)) not seen running at the last look") }
    // Backwards from the last look while nothing has changed.
    var first: ProofLook?
    for look in looks.reversed() {
      guard zip(required, now).allSatisfy({ isSteady(look.facts[service: $0], $1) }) else { break }
      if isGood(look.facts) { first = look }
    }
    guard let first, last.at - first.at >= apart else {
      return .unproved("the services were not seen running, with the certificate, on two looks 15 s apart")
    }
    return .steady
  }

  /// On its way up is neither down nor running.
  private static func isDown(_ state: ServiceFact.State?) -> Bool {
    switch state {
    case .stopped, .stopPending, .paused, .absent: true
    case .running, .startPending, .pending, nil: false
    }
  }

  private static func isSteady(_ look: ServiceFact?, _ last: ServiceFact?) -> Bool {
    guard look?.state == .running else { return false }
    guard let own = look?.pid, let later = last?.pid else { return true }
    return own == later
  }

  static func names(_ services: [String]) -> String { services.joined(separator: ", ") }
}
