package import ApexOne

/// Why a run starts no more agents.
package enum StopReason: Error, Sendable, Hashable {
  case failures(count: Int, limit: Int)
  case unprotected(count: Int, limit: Int)
  case noEffectInFirstWave(agent: String, why: String)
  /// Its agent was removed, and the new one is not there, or does not do.
  case failedAfterRemoval(agent: String, hasAgent: Bool)
  case firstNotProved(agent: String)
  case logonRefused(String)
  case certificateChanged(String)
  case serverNotRead(String)
  case interrupted
  case journal(JournalError)

  /// The cause that agents not attempted get.
  package var cause: Cause {
    switch self {
    case .failures, .unprotected: .budgetSpent
    case .interrupted: .interrupted
    case .journal: .journal
    default: .runStopped
    }
  }

  /// Nothing but a count that was reached.
  package var isBudget: Bool {
    switch self {
    case .failures, .unprotected, .noEffectInFirstWave: true
    default: false
    }
  }

  package var state: RunState { self == .interrupted ? .interrupted : .stopped }

  package var text: String {
    switch self {
    case .failures(let count, let limit):
      "stopped: \(count) agents failed, and max-failures is \(limit); look at the causes: show run"
    case .unprotected(let count, let limit):
      "stopped: \(count) endpoint\(count == 1 ? " was" : "s were") left unprotected, and max-unprotected is \(limit)"
    case .noEffectInFirstWave(let agent, let why):
      "stopped: the tool had no effect on \(agent) in the first wave; \(why)"
    case .failedAfterRemoval(let agent, hasAgent: false):
      "stopped: \(agent) HAS NO AGENT now: the old one was removed, and the new one is not seen there; put it right first"
    case .failedAfterRemoval(let agent, hasAgent: true):
      "stopped: \(agent) was uninstalled, and its new agent is no repair; look at the cause first: show run"
    case .firstNotProved(let agent):
      "stopped: \(agent), the first one, is not proved; no vendor's document says that this way works"
    case .logonRefused(let text):
      "stopped: \(text); the password is not used again until it is entered anew (set password)"
    case .certificateChanged(let text): "stopped: \(text)"
    case .serverNotRead(let text):
      "stopped: the server's certificate could not be read again before the next wave: \(text)"
    case .interrupted: "interrupted: no more agents were started"
    case .journal(let error): "stopped: \(error)"
    }
  }
}
