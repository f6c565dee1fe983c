/// What became of one agent in a run. Every agent of a plan ends in exactly one.
package enum Outcome: String, Sendable, Hashable, CaseIterable, Codable {
  case repaired
  case unproved
  case alreadyMatching = "already-matching"
  case rebootRequired = "reboot-required"
  case refused
  case unreachable
  case denied
  case failed
  case unknown
  case notAttempted = "not-attempted"

  /// All asked for is so: the agent holds the server's certificate.
  package var isGood: Bool { self == .repaired || self == .alreadyMatching }
  /// Spends the failure budget.
  package var isFailure: Bool {
    switch self {
    case .failed, .denied, .unproved, .unknown: true
    default: false
    }
  }

  package var meaning: String {
    switch self {
    case .repaired: "proved: certificate equal, services running, restart seen"
    case .unproved: "done, but proof was not possible yet"
    case .alreadyMatching: "the certificate was right before anything was done"
    case .rebootRequired: "the installer or uninstaller asks for a reboot; resume goes on after it"
    case .refused: "a rule forbade it, before anything was touched"
    case .unreachable: "no connection could be made"
    case .denied: "the logon was refused, or the account has no rights there"
    case .failed: "it was tried and did not work"
    case .unknown: "in flight when apexsh ended; resume looks first"
    case .notAttempted: "the run ended before its turn"
    }
  }
}
