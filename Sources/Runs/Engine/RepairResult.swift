package import ApexOne
package import Remote

/// How the repair of an agent ends.
struct RepairResult: Error, Hashable {
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
    let outcome: Outcome =
      switch error.kind {
      case _ where error.mayHaveRefusedPassword: .denied
      case .unreachable, .timedOut, .dropped, .protocolFault: .unreachable
      case .hostKeyUnknown, .hostKeyChanged, .unsupported, .channelRefused, .noSFTP, .noCommonAlgorithm: .refused
      case .logonRefused, .accessDenied: .denied
      default: .failed
      }
    self.init(outcome, Cause(error), error.message)
  }

  /// Something went wrong on an open connection, before anything was executed.
  init(working error: RemoteError, staging: Bool = false) {
    let (outcome, cause): (Outcome, Cause) =
      switch error.kind {
      case .accessDenied: (.denied, .accessDenied)
      case .noSpace: (.failed, .noSpace)
      // Opened, and silent from its first word on.
      case .timedOut where error.nothingRan: (.refused, .noSFTP)
      case .timedOut: (.failed, .timedOut)
      case .dropped, .unreachable: (.failed, .dropped)
      case .unsupported: (.refused, .cannotCarry)
      case .channelRefused: (.refused, .channelRefused)
      case .noSFTP: (.refused, .noSFTP)
      default: (.failed, staging ? .stagingFailed : .unexpected)
      }
    self.init(outcome, cause, error.message)
  }
}

extension Cause {
  /// The word for what went wrong at a distance.
  package init(_ error: RemoteError) {
    self =
      switch error.kind {
      case .unreachable: .unreachable
      case .timedOut: .timedOut
      case .dropped, .protocolFault: .dropped
      case .hostKeyUnknown: .hostKeyUnknown
      case .hostKeyChanged: .hostKeyChanged
      case .logonRefused: .logonRefused
      case .accessDenied: .accessDenied
      case .noSpace: .noSpace
      case .unsupported: .cannotCarry
      case .channelRefused: .channelRefused
      case .noSFTP: .noSFTP
      case .noCommonAlgorithm: .noCommonAlgorithm
      default: .unexpected
      }
  }
}
