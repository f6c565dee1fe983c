package import Remote
import Synchronization

/// Never lock an account: the first logon with a password runs alone, the others wait until it has succeeded; after a
/// refusal nobody tries that password again.
package final class LogonGate: Sendable {
  private enum State {
    case untried
    case trying([Parked])
    case accepted
    case refused(String)
  }

  package enum Verdict: Sendable {
    case accepted
    case refused(String)
    /// The logon did not get as far as the password.
    case inconclusive
  }

  private let state: Mutex<State>
  private let refused: (@Sendable () -> Void)?

  /// `offersPassword` false opens the gate for good: keys and tickets lock nothing. `refused`: called at the refusal,
  /// before anybody is told of it.
  package init(offersPassword: Bool, refused: (@Sendable () -> Void)? = nil) {
    self.refused = refused
    state = Mutex(offersPassword ? .untried : .accepted)
  }

  /// The refusal's sentence, where the password was refused.
  package var refusal: String? {
    state.withLock { if case .refused(let text) = $0 { text } else { nil } }
  }

  /// The password was accepted, or there is none.
  var isOpen: Bool { state.withLock { if case .accepted = $0 { true } else { false } } }

  /// Waits for leave to log on. True: the caller runs alone and must call `settle`. False: go ahead. Nil: refused.
  package func enter(on clock: any Timekeeper) async -> Bool? {
    while true {
      let answer: Bool?? = state.withLock { state in
        switch state {
        case .untried:
          state = .trying([])
          return .some(true)
        case .trying: return .none
        case .accepted: return .some(false)
        case .refused: return .some(nil)
        }
      }
      if let answer { return answer }
      await Parked.wait(on: clock) { parked in
        state.withLock { state in
          guard case .trying(var waiters) = state else { return false }
          waiters.append(parked)
          state = .trying(waiters)
          return true
        }
      }
    }
  }

  /// What became of a logon: the lone one's verdict opens or shuts the gate, a later refusal shuts it too.
  package func settle(_ verdict: Verdict) {
    if case .refused = verdict { refused?() }
    let waiters = state.withLock { state -> [Parked] in
      var waiters: [Parked] = []
      if case .trying(let list) = state { waiters = list }
      switch (verdict, state) {
      case (.refused(let text), _): state = .refused(text)
      case (.accepted, .trying): state = .accepted
      case (.inconclusive, .trying): state = .untried
      default: break
      }
      return waiters
    }
    for waiter in waiters { waiter.wake() }
  }
}
