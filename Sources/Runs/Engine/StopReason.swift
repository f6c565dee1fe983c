package import ApexOne

/// Why a run starts no more agents.
package enum StopReason: Error, Sendable, Hashable {
  /// `causes`: how many of the failures are due to which.
  case failures(count: Int, limit: Int, causes: [Cause?: Int])
  /// More of one wave failed than `limit`.
  case waveFailures(wave: Int, count: Int, limit: Int, causes: [Cause?: Int])
  /// The first wave is over, and nobody is proved.
  case noProof(causes: [Cause?: Int])
  /// One failure at agents in a row, before anybody was proved.
  case sameFailure(count: Int, cause: Cause?)
  case canaryFailed(agent: String, outcome: Outcome, cause: Cause?)
  case unprotected(count: Int, limit: Int)
  case noEffectInFirstWave(agent: String, why: String)
  /// Their agents were removed, and the new ones are not there (`without`), or are no repair (`other`).
  case failedAfterRemoval(without: [String], other: [String])
  case firstNotProved(agent: String, why: String)
  case logonRefused(String)
  case certificateChanged(String)
  case serverNotRead(String)
  case interrupted
  case journal(JournalError)

  /// The cause that agents not attempted get.
  package var cause: Cause {
    switch self {
    case .failures, .waveFailures, .unprotected: .budgetSpent
    case .interrupted: .interrupted
    case .journal: .journal
    default: .runStopped
    }
  }

  /// Nothing but a count that was reached.
  package var isBudget: Bool {
    switch self {
    case .failures, .waveFailures, .noProof, .sameFailure, .unprotected, .noEffectInFirstWave, .canaryFailed: true
    default: false
    }
  }

  /// Which counts begin anew when the run is carried on: `resume` is a person's answer to what stopped it, and to nothing
  /// else. After ^C, a crash or a refused logon everything counts on.
  package struct Closing: Sendable, Hashable {
    /// What spends `max-failures` and `max-unprotected`.
    package var budget = false
    /// The wave that was under way.
    package var wave = false
    package init() {}
  }

  var closing: Closing {
    var closing = Closing()
    closing.budget = isBudget
    switch self {
    case .waveFailures, .noProof, .sameFailure, .noEffectInFirstWave, .canaryFailed: closing.wave = true
    default: break
    }
    return closing
  }

  var isOfJournal: Bool { if case .journal = self { true } else { false } }

  /// `9 × access-denied (75 %), 3 × timed-out (25 %)`, the largest first.
  private static func shares(_ causes: [Cause?: Int]) -> String {
    let all = max(1, causes.values.reduce(0, +))
    return causes.map { (name: $0?.rawValue ?? "no known cause", count: $1) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
      .map { "\($0.count) × \($0.name) (\(($0.count * 100 + all / 2) / all) %)" }.joined(separator: ", ")
  }

  package var state: RunState { self == .interrupted ? .interrupted : .stopped }

  /// Both in one: the later one adds to the earlier, and outweighs a budget.
  func joined(to earlier: StopReason?) -> StopReason {
    guard case .failedAfterRemoval(let without, let other) = self else { return earlier ?? self }
    switch earlier {
    case .failedAfterRemoval(let first, let second)?:
      return .failedAfterRemoval(without: first + without, other: second + other)
    case let reason? where !reason.isBudget: return reason
    default: return self
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(10).joined(separator: ", ")
    return names.count > 10 ? "\(shown) and \(names.count - 10) more" : shown
  }

  package var text: String {
    switch self {
    case .failures(let count, let limit, let causes):
      "stopped: \(count) agents failed, and max-failures is \(limit): \(Self.shares(causes))"
    case .waveFailures(let wave, let count, let limit, let causes):
      "stopped: \(count) agents of wave \(wave) failed, and max-wave-failures allows \(limit): \(Self.shares(causes))"
    case .noProof(let causes):
      "stopped: the first wave is over and no agent is proved, before which no other begins"
        + (causes.isEmpty ? "" : ": \(Self.shares(causes))")
    case .sameFailure(let count, let cause):
      "stopped: the same failure (\(cause?.rawValue ?? "no known cause")) at \(count) agents in a row, before any was proved"
    case .canaryFailed(let agent, let outcome, let cause):
      "stopped: \(agent), which went first, ended \(outcome.rawValue)\(cause.map { " (\($0.rawValue))" } ?? "")"
    case .unprotected(let count, let limit):
      "stopped: \(count) endpoint\(count == 1 ? " was" : "s were") left unprotected, and max-unprotected is \(limit)"
    case .noEffectInFirstWave(let agent, let why):
      "stopped: the tool had no effect on \(agent) in the first wave; \(why)"
    case .failedAfterRemoval(let without, let other) where without.isEmpty:
      "stopped: after an uninstall the new agent of \(Self.list(other)) is no repair; look at the cause first: show run"
    case .failedAfterRemoval(let without, let other):
      "stopped: \(Self.list(without)) \(without.count == 1 ? "HAS" : "HAVE") NO AGENT now: the old one was removed, "
        + "and no new one is seen there; put that right first"
        + (other.isEmpty ? "" : "; the new agent of \(Self.list(other)) is no repair")
    case .firstNotProved(let agent, let why):
      "stopped: \(agent), the first one, is not proved; \(why)"
    case .logonRefused(let text):
      "stopped: \(text); the password is not used again until it is entered anew (set password)"
    case .certificateChanged(let text): "stopped: \(text)"
    case .serverNotRead(let text):
      "stopped: the certificate to deploy could not be read again before the next wave: \(text)"
    case .interrupted: "interrupted: no more agents were started"
    case .journal(let error): "stopped: \(error)"
    }
  }
}
