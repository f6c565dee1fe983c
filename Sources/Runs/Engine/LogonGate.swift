import Remote
import Synchronization

/// Never lock an account: who may send its password, and when. One gate for whatever uses an account and a password at
/// the same time.
///
/// Logons by password go singly until three different endpoints have taken it: one endpoint's acceptance (a local account
/// of that name, a cached old password, a hostile machine) proves nothing of the others. From then on `atOnce` go on at a
/// time, one fewer at endpoints that have not taken it yet. The first refusal stops all that have not sent it; only
/// endpoints that had taken it are logged on to again, singly, to clean up. So there are never more refusals than three,
/// or `atOnce` where that is more, whatever mixture accepts and refuses.
package final class LogonGate: Sendable {
  /// Logons by password at a time, where nothing else is set: below any usual lock-out threshold.
  package static let usualAtOnce = 3
  /// So many different endpoints must have taken the password before two logons with it go on at once.
  static let provers = 3
  /// So many logons in a row that got no answer to the password count as a refusal.
  static let mostUnanswered = 3

  /// What became of a logon that had leave.
  enum Verdict: Sendable {
    case accepted
    case refused(String)
    /// The password was sent and nothing came back: it may have been refused.
    case unanswered(String)
    /// The logon did not get as far as the password.
    case inconclusive
  }

  /// What a logon is for.
  package enum Purpose: Sendable, Hashable {
    case work
    /// Something of ours is at that endpoint: it is seen to after a refusal elsewhere, too, where the endpoint had taken
    /// the password before.
    case cleaningUp
    /// A logon to the server, which proves nothing of endpoints.
    case server
  }

  /// Who asks for leave.
  struct Applicant: Sendable {
    /// The same for all logons to one machine.
    var machine: String
    var purpose: Purpose
  }

  enum Answer: Sendable {
    case refused
    /// It may send the password to a machine that has not taken it yet, or to one that has.
    case goes(isNew: Bool)
  }

  private final class Waiter: Sendable {
    let applicant: Applicant
    let parked: Parked
    let answer: Mutex<Answer?>

    init(_ applicant: Applicant, _ parked: Parked, _ answer: Answer?) {
      (self.applicant, self.parked) = (applicant, parked)
      self.answer = Mutex(answer)
    }
  }

  private struct State {
    var atOnce: Int
    /// Endpoints that took the password.
    var takers: Set<String> = []
    /// Logons that may have sent it and have no answer yet, and those of them at machines that have not taken it.
    var inFlight = 0
    var newInFlight = 0
    var refusals = 0
    /// Logons in a row that got no answer.
    var unanswered = 0
    var refusal: String?
    /// Who waits, those at endpoints that took it apart from the others.
    var known = WaitingLine<Waiter>()
    var new = WaitingLine<Waiter>()

    private var most: Int { max(LogonGate.provers, atOnce) }

    func knows(_ applicant: Applicant) -> Bool { takers.contains(applicant.machine) }

    private func mayCleanUp(_ applicant: Applicant) -> Bool {
      knows(applicant) && applicant.purpose == .cleaningUp && refusals < most
    }

    /// Nil: not now.
    mutating func admit(_ applicant: Applicant) -> Answer? {
      let isKnown = knows(applicant)
      if refusal != nil {
        guard mayCleanUp(applicant) else { return .refused }
        if inFlight > 0 { return nil }
      } else if takers.count < LogonGate.provers {
        if inFlight > 0 { return nil }
      } else if inFlight >= atOnce || !isKnown && newInFlight >= min(atOnce, most - 1) {
        // One is left for endpoints that have taken it: where all others are refused at once, they can still be seen to.
        return nil
      }
      inFlight += 1
      if !isKnown { newInFlight += 1 }
      return .goes(isNew: !isKnown)
    }

    /// Answers whoever can be answered now, and gives them back to be woken.
    mutating func advance() -> [Parked] {
      var answered: [(Waiter, Answer)] = []
      if refusal != nil {
        let mayCleanUp = mayCleanUp
        answered += new.remove { _ in true }.map { ($0, .refused) }
        answered += known.remove { !mayCleanUp($0.applicant) }.map { ($0, .refused) }
      }
      while let waiter = known.first, let answer = admit(waiter.applicant) {
        _ = known.leave()
        answered.append((waiter, answer))
      }
      while let waiter = new.first, let answer = admit(waiter.applicant) {
        _ = new.leave()
        answered.append((waiter, answer))
      }
      for (waiter, answer) in answered { waiter.answer.withLock { $0 = answer } }
      return answered.map(\.0.parked)
    }

    mutating func take(_ verdict: Verdict, of applicant: Applicant) {
      switch verdict {
      case .accepted:
        unanswered = 0
        if applicant.purpose != .server { takers.insert(applicant.machine) }
      case .refused(let text): refuse(text)
      case .unanswered(let text):
        // Where it was taken before, a logon that breaks is a connection that broke.
        if knows(applicant) { return }
        unanswered += 1
        if takers.count < LogonGate.provers {
          refuse(text)
        } else if unanswered >= LogonGate.mostUnanswered {
          refuse("\(text) (the last of \(unanswered) in a row without an answer)")
        }
      case .inconclusive: break
      }
    }

    mutating func refuse(_ text: String) {
      refusals += 1
      refusal = refusal ?? text
    }
  }

  private let state: Mutex<State>
  private let refused: (@Sendable () -> Void)?

  /// `refused`: called at the first refusal, before anybody is told of it.
  package init(atOnce: Int = LogonGate.usualAtOnce, refused: (@Sendable () -> Void)? = nil) {
    self.refused = refused
    state = Mutex(State(atOnce: max(1, atOnce)))
  }

  /// The refusal's sentence, where the password was refused.
  package var refusal: String? { state.withLock { $0.refusal } }

  /// From now on so many at a time at most: whoever shares the gate is held to the smallest number that was asked for.
  package func narrow(to atOnce: Int) { state.withLock { $0.atOnce = min($0.atOnce, max(1, atOnce)) } }

  /// Waits for leave to send the password; whoever goes must call `settle`.
  func enter(_ applicant: Applicant, on clock: any Timekeeper) async -> Answer {
    let place = Mutex<Waiter?>(nil)
    await Parked.wait(on: clock) { parked in
      state.withLock { state in
        let answer = state.admit(applicant)
        let waiter = Waiter(applicant, parked, answer)
        place.withLock { $0 = waiter }
        guard answer == nil else { return false }
        if state.knows(applicant) { state.known.join(waiter) } else { state.new.join(waiter) }
        return true
      }
    }
    return place.withLock { $0 }?.answer.withLock { $0 } ?? .refused
  }

  /// What became of a logon that had leave.
  func settle(_ verdict: Verdict, of applicant: Applicant, isNew: Bool) {
    change { state in
      state.inFlight -= 1
      if isNew { state.newInFlight -= 1 }
      state.take(verdict, of: applicant)
    }
  }

  /// A password was refused that was sent without leave.
  func shut(_ text: String) { change { $0.refuse(text) } }

  private func change(_ body: (inout State) -> Void) {
    let isFirst = state.withLock { state in
      let wasOpen = state.refusal == nil
      body(&state)
      return wasOpen && state.refusal != nil
    }
    // Before anybody else hears of it.
    if isFirst { refused?() }
    for waiter in state.withLock({ $0.advance() }) { waiter.wake() }
  }
}
