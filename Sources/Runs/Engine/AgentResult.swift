package import ApexOne
import Remote

/// How one agent of a run ended.
package struct AgentResult: Sendable, Hashable {
  /// Bytes of a detail that are kept: parts of it may be an endpoint's words.
  package static let longestDetail = 2_000

  /// Its place in the plan, from 0.
  package var position: Int
  package var name: String
  package var outcome: Outcome
  package var cause: Cause?
  /// Do the required services run? Nil where no agent is installed, or it is not known.
  package var protected: Bool?
  package var detail: String?
  /// 1, and 1 more for each time that connecting, looking, staging or cleaning up was tried again.
  package var attempts: Int
  /// Seconds on the run's clock from the first connection to the end.
  package var seconds: Double

  package init(
    position: Int, name: String, outcome: Outcome, cause: Cause? = nil, protected: Bool? = nil, detail: String? = nil,
    attempts: Int = 0, seconds: Double = 0
  ) {
    self.position = position
    self.name = name
    self.outcome = outcome
    self.cause = cause
    self.protected = protected
    self.detail = detail?.cut(to: AgentResult.longestDetail)
    self.attempts = attempts
    self.seconds = seconds
  }
}
