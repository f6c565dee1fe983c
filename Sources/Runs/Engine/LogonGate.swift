import Remote
import Synchronization

/// Never lock an account: who may send its password, and when. One gate for whatever uses an account and a password at
/// the same time.
///
/// Logons by password go singly until three different machines have taken it: one machine's acceptance (a local account
/// of that name, a cached old password, a hostile machine) proves nothing of the others. Endpoints that show one host key
/// or are at one address are one machine, under whatever names. From then on `atOnce` go on at a
/// time, one fewer at endpoints that have not taken it yet. The first refusal stops all that have not sent it; only
/// endpoints that had taken it are logged on to again, singly, to clean up.
///
/// A password that got no answer may have been refused, also where it was taken before: it may have been changed, or the
/// account locked, meanwhile. So no more logons are under way than there may be refusals yet: never more refusals and
/// unanswered ones in sum than three, or `atOnce` where that is more, whatever mixture accepts, refuses and hangs up.
package final class LogonGate: Sendable {
  /// Logons by password at a time, where nothing else is set: below any usual lock-out threshold.
  package static let usualAtOnce = 3
  /// So many different machines must have taken the password before two logons with it go on at once.
  static let provers = 3
  /// So many logons in sum that got no answer to the password count as a refusal; acceptances in between change nothing.
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
    /// The same for all logons to one endpoint.
    var machine: String
    /// What the connection shows of the machine there.
    var marks = MachineMarks()
    var purpose: Purpose
    /// Whoever wanted it wants it no more. Never asked under the gate's lock.
    var isWithdrawn: @Sendable () -> Bool = { false }
  }

  enum Answer: Sendable {
    /// The password was refused, here or elsewhere.
    case refused
    /// This machine was sent it before and gave no answer.
    case barred
    /// The applicant wants it no more.
    case withdrawn
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
    /// Endpoints that took the password, the last time that it was sent there.
    var takers = PasswordTakers()
    /// Those that took it at any time.
    var formerTakers: Set<String> = []
    /// How often a machine gave no answer to it since it took it.
    var doubts: [String: Int] = [:]
    /// Logons that may have sent it and have no answer yet, and those of them at machines that have not taken it.
    var inFlight = 0
    var newInFlight = 0
    /// Logons that were refused, or may have been; those of others a short time ago among them.
    var failures: Int
    /// Those of them that got no answer.
    var unanswered = 0
    var refusal: String?
    /// Who waits, those at endpoints that took it apart from the others.
    var known = WaitingLine<Waiter>()
    var new = WaitingLine<Waiter>()

    /// Refusals, at most.
    private var most: Int { LogonGate.most(atOnce) }

    func knows(_ applicant: Applicant) -> Bool { formerTakers.contains(applicant.machine) }

    /// It took the password, and gave no answer the last time: one more try, to see to what was begun there.
    private func isDoubted(_ applicant: Applicant) -> Bool { doubts[applicant.machine] != nil }

    private func isBarred(_ applicant: Applicant) -> Bool {
      guard let count = doubts[applicant.machine] else { return false }
      return count > 1 || applicant.purpose != .cleaningUp || !knows(applicant)
    }

    private func mayCleanUp(_ applicant: Applicant) -> Bool {
      knows(applicant) && applicant.purpose == .cleaningUp && !isBarred(applicant) && failures < most
    }

    /// Somebody waits until nobody else is under way.
    private var drains: Bool { known.first.map { isDoubted($0.applicant) && !isBarred($0.applicant) } ?? false }

    /// For one who has just come: nobody overtakes one who waits for all others to end.
    mutating func admit(newcomer applicant: Applicant) -> Answer? {
      refusal == nil && drains && !isBarred(applicant) ? nil : admit(applicant)
    }

    /// Nil: not now.
    private mutating func admit(_ applicant: Applicant) -> Answer? {
      let isNew = !takers.contains(applicant.machine)
      if refusal != nil {
        guard mayCleanUp(applicant) else { return .refused }
        if inFlight > 0 { return nil }
      } else if isBarred(applicant) {
        return .barred
      } else if takers.machines < LogonGate.provers || isDoubted(applicant) {
        if inFlight > 0 { return nil }
      } else if inFlight >= min(atOnce, most - failures) {
        return nil
      } else if isNew, newInFlight >= max(1, min(atOnce, most - 1 - failures)) {
        // One is left for endpoints that have taken it: where all others are refused at once, they can still be seen to.
        return nil
      }
      inFlight += 1
      if isNew { newInFlight += 1 }
      return .goes(isNew: isNew)
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
      while !drains || refusal != nil, let waiter = new.first, let answer = admit(waiter.applicant) {
        _ = new.leave()
        answered.append((waiter, answer))
      }
      for (waiter, answer) in answered { waiter.answer.withLock { $0 = answer } }
      return answered.map(\.0.parked)
    }

    mutating func take(_ verdict: Verdict, of applicant: Applicant) {
      let machine = applicant.machine
      switch verdict {
      case .accepted:
        doubts[machine] = nil
        if applicant.purpose == .server { return }
        takers.insert(machine, applicant.marks)
        formerTakers.insert(machine)
      case .refused(let text):
        takers.remove(machine)
        doubts[machine] = 2
        refuse(text)
      case .unanswered(let text):
        takers.remove(machine)
        doubts[machine, default: 0] += 1
        unanswered += 1
        if unanswered >= LogonGate.mostUnanswered {
          refuse("\(text) (the last of \(unanswered) in sum without an answer)")
        } else if takers.machines < LogonGate.provers && !knows(applicant) || failures + 1 >= most {
          refuse(text)
        } else {
          failures += 1
        }
      case .inconclusive: break
      }
    }

    mutating func refuse(_ text: String) {
      failures += 1
      refusal = refusal ?? text
    }

    /// Takes whoever `isGone` says out of the lines, to be woken without leave.
    mutating func withdraw(where isGone: @Sendable (Waiter) -> Bool) -> [Waiter] {
      let gone = known.remove(where: isGone) + new.remove(where: isGone)
      for waiter in gone { waiter.answer.withLock { $0 = .withdrawn } }
      return gone
    }
  }

  private let state: Mutex<State>
  private let refused: (@Sendable () -> Void)?
  private let failed: (@Sendable () -> Void)?

  /// `spent`: refusals of the account that came before, of which one fewer than the limit counts at most: then one is left.
  /// `failed`: called at each logon that was refused, or may have been; `refused`: at the first that shuts the gate. Both
  /// before anybody is told of it.
  package init(
    atOnce: Int = LogonGate.usualAtOnce, spent: Int = 0, failed: (@Sendable () -> Void)? = nil,
    refused: (@Sendable () -> Void)? = nil
  ) {
    (self.refused, self.failed) = (refused, failed)
    let atOnce = max(1, atOnce)
    state = Mutex(State(atOnce: atOnce, failures: min(max(0, spent), LogonGate.most(atOnce) - 1)))
  }

  /// So many logons may be refused at most, where so many go on at once.
  package static func most(_ atOnce: Int) -> Int { max(provers, atOnce) }

  /// The refusal's sentence, where the password was refused.
  package var refusal: String? { state.withLock { $0.refusal } }

  /// From now on so many at a time at most: whoever shares the gate is held to the smallest number that was asked for.
  package func narrow(to atOnce: Int) {
    state.withLock { state in
      state.atOnce = min(state.atOnce, max(1, atOnce))
      // One is left: whoever waits must come to an end.
      if state.refusal == nil { state.failures = min(state.failures, LogonGate.most(state.atOnce) - 1) }
    }
  }

  /// Waits for leave to send the password; whoever goes must call `settle`. Cancelling the task ends the wait.
  func enter(_ applicant: Applicant, on clock: any Timekeeper) async -> Answer {
    let place = Mutex<Waiter?>(nil)
    await withTaskCancellationHandler {
      await Parked.wait(on: clock) { parked in
        let waits = state.withLock { state in
          let answer = Task.isCancelled ? .withdrawn : state.admit(newcomer: applicant)
          let waiter = Waiter(applicant, parked, answer)
          place.withLock { $0 = waiter }
          guard answer == nil else { return false }
          if state.knows(applicant) { state.known.join(waiter) } else { state.new.join(waiter) }
          return true
        }
        // Whoever recalls after this question finds the waiter.
        if waits, applicant.isWithdrawn() { recall() }
        return waits
      }
    } onCancel: {
      if let waiter = place.withLock({ $0 }) { withdraw { $0 === waiter } }
    }
    let answer = place.withLock { $0 }?.answer.withLock { $0 } ?? .refused
    guard case .goes(let isNew) = answer, Task.isCancelled || applicant.isWithdrawn() else { return answer }
    settle(.inconclusive, of: applicant, isNew: isNew)
    return .withdrawn
  }

  /// Some who wait may want it no more: they are told so at once.
  func recall() {
    let waiters = state.withLock { $0.known.all + $0.new.all }
    let gone = Set(waiters.filter { $0.applicant.isWithdrawn() }.map(ObjectIdentifier.init))
    if !gone.isEmpty { withdraw { gone.contains(ObjectIdentifier($0)) } }
  }

  private func withdraw(where isGone: @Sendable (Waiter) -> Bool) {
    for waiter in state.withLock({ $0.withdraw(where: isGone) }) { waiter.parked.wake() }
    change { _ in }
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
    let (isFirst, more) = state.withLock { state in
      let (wasOpen, before) = (state.refusal == nil, state.failures)
      body(&state)
      return (wasOpen && state.refusal != nil, state.failures > before)
    }
    // Before anybody else hears of it.
    if more { failed?() }
    if isFirst { refused?() }
    for waiter in state.withLock({ $0.advance() }) { waiter.wake() }
  }
}
