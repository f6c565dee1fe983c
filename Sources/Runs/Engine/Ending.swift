import ApexOne
import Remote

/// How an agent's repair ends: thrown by a phase that can't go on, or returned by the last one.
struct Ending: Error {
  var outcome: Outcome
  var cause: Cause?
  var detail: String?

  init(_ outcome: Outcome, _ cause: Cause? = nil, _ detail: String? = nil) {
    self.outcome = outcome
    self.cause = cause
    self.detail = detail
  }

  /// No connection, or no logon.
  init(connecting error: RemoteError) {
    let (outcome, cause): (Outcome, Cause) =
      switch error.kind {
      case .unreachable: (.unreachable, .unreachable)
      case .timedOut: (.unreachable, .timedOut)
      case .dropped, .protocolFault: (.unreachable, .dropped)
      case .hostKeyUnknown: (.refused, .hostKeyUnknown)
      case .hostKeyChanged: (.refused, .hostKeyChanged)
      case .logonRefused: (.denied, .logonRefused)
      case .accessDenied: (.denied, .accessDenied)
      case .unsupported: (.refused, .cannotCarry)
      default: (.failed, .unexpected)
      }
    self.init(outcome, cause, error.message)
  }

  /// Something went wrong on an open connection, before anything was executed.
  init(working error: RemoteError, staging: Bool = false) {
    let (outcome, cause): (Outcome, Cause) =
      switch error.kind {
      case .accessDenied: (.denied, .accessDenied)
      case .noSpace: (.failed, .noSpace)
      case .timedOut: (.failed, .timedOut)
      case .dropped, .unreachable: (.failed, .dropped)
      case .unsupported: (.refused, .cannotCarry)
      default: (.failed, staging ? .stagingFailed : .unexpected)
      }
    self.init(outcome, cause, error.message)
  }
}
