import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// However endpoints answer to a password, and however many are worked on at once: an account is never locked by us.
@Suite struct LockOutTests {
  /// Endpoints of a lab whose answers to the password are chosen, and what went on at them.
  private final class Doorkeeper: ForwardingConnector {
    enum Answer { case accepts, refuses, hangsUp, unreachable }

    private struct State {
      var tries: [(name: String, answer: Answer)] = []
      var inFlight = 0
      var most = 0
      var mostAfterRefusal = 0
    }

    let base: any HostConnector
    let offersPassword = true
    private let clock: any Timekeeper
    private let choose: @Sendable (_ name: String, _ before: Int) -> Answer
    private let state = Mutex(State())

    /// `answer`: by the endpoint, and how often it was offered the password before.
    init(_ fleet: LabFleet, _ answer: @escaping @Sendable (_ name: String, _ before: Int) -> Answer) {
      (base, clock, choose) = (fleet.connector, fleet.clock, answer)
    }

    /// Whoever was offered the password, in order.
    var tries: [(name: String, answer: Answer)] { state.withLock { $0.tries } }
    var refusals: Int { tries.count { $0.answer == .refuses } }
    /// Answers that may be refusals.
    var doubts: Int { tries.count { $0.answer == .hangsUp } }
    /// Logons by password that were under way at once, at most; and when one had been refused.
    var most: Int { state.withLock { $0.most } }
    var mostAfterRefusal: Int { state.withLock { $0.mostAfterRefusal } }

    func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
      try await connect(to: endpoint, within: limit, asking: FreeLeave())
    }

    func connect(
      to endpoint: Endpoint, within limit: Duration, asking leave: any PasswordLeave
    ) async throws(RemoteError) -> any Remote.Host {
      if choose(endpoint.name, 0) == .unreachable {
        await clock.pass(limit)
        throw RemoteError(.timedOut, "\(endpoint.name): no answer")
      }
      let host = try await base.connect(to: endpoint, within: limit)
      guard await leave.mayBeSent() else { throw .passwordNotSent(to: endpoint) }
      let answer = state.withLock { state in
        let answer = choose(endpoint.name, state.tries.count { $0.name == endpoint.name })
        state.inFlight += 1
        state.most = max(state.most, state.inFlight)
        return answer
      }
      await clock.pass(.milliseconds(300))
      let hasRefused = state.withLock { state in
        state.tries.append((endpoint.name, answer))
        state.inFlight -= 1
        return state.tries.contains { $0.answer == .refuses }
      }
      if hasRefused { state.withLock { $0.mostAfterRefusal = max($0.mostAfterRefusal, $0.inFlight) } }
      switch answer {
      case .accepts: return host
      case .refuses: throw RemoteError(.logonRefused, "\(endpoint.name): refused", credential: .password)
      case .hangsUp: throw RemoteError(.dropped, "\(endpoint.name): hung up on it", credential: .password)
      case .unreachable: throw RemoteError(.timedOut, "\(endpoint.name): no answer")
      }
    }
  }

  private func rig(agents: Int, parallel: Int) throws -> EngineRig {
    let rig = try EngineRig(agents: agents)
    rig.options.waves = try #require(WaveSizes("100%"))
    rig.options.maxFailures = .percentage(100)
    rig.options.maxUnprotected = .percentage(100)
    rig.options.parallel = parallel
    return rig
  }

  /// One endpoint takes it, whatever it is: that proves nothing of the others.
  @Test(arguments: [32, 512]) func oneThatTakesItLetsNoWaveOfferIt(parallel: Int) async throws {
    let rig = try rig(agents: 60, parallel: parallel)
    let doors = Doorkeeper(rig.fleet) { name, _ in name == "WS-001" ? .accepts : .refuses }
    rig.connector = doors
    let outcome = try await rig.transfer()
    #expect(doors.refusals == 1, "\(doors.tries.map(\.name))")
    guard case .logonRefused = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
  }

  @Test func atMostThreeRefusalsWhateverMixtureAcceptsAndRefuses() async throws {
    try await Histories.run(Histories.count(soak: 1_500, test: 60)) { seed in
      var random = Seeded(seed ^ 0x10C4)
      let rig = try rig(agents: 20 + random.below(60), parallel: [32, 512][random.below(2)])
      let shares = (
        refuses: random.below(60), fickle: random.below(20), hangsUp: random.below([3, 30][random.below(2)]),
        silent: random.below(20)
      )
      // The password is changed, or the account locked, in mid-run: whoever took it hangs up from then on.
      let locked = random.below(2) == 0 ? Int.max : random.below(4)
      let atOnce = [nil, nil, 1, 2, 5][random.below(5)]
      rig.options.logonsInFlight = atOnce
      let doors = Doorkeeper(rig.fleet) { name, before in
        var own = Seeded(seed &* 31 &+ UInt64(name.utf8.reduce(0) { $0 &* 131 &+ Int($1) }))
        switch own.below(100) {
        case ..<shares.refuses: return .refuses
        // Takes it at first, and not when it is to be proved.
        case ..<(shares.refuses + shares.fickle): return before == 0 ? .accepts : .refuses
        case ..<(shares.refuses + shares.fickle + shares.hangsUp): return .hangsUp
        case ..<(shares.refuses + shares.fickle + shares.hangsUp + shares.silent): return .unreachable
        default: return before > locked ? .hangsUp : .accepts
        }
      }
      rig.connector = doors
      rig.useGate(atOnce: atOnce ?? LogonGate.usualAtOnce)
      let outcome = try await rig.transfer()
      let what = "seed \(seed): \(doors.tries.map { "\($0.name) \($0.answer)" })"
      #expect(doors.refusals + doors.doubts <= max(3, atOnce ?? 3), "\(what)")
      #expect(doors.most <= atOnce ?? 3, "\(what)")
      #expect(doors.mostAfterRefusal <= atOnce ?? 3, "\(what)")
      #expect(outcome.end.tally.done == rig.fleet.names.count, "\(what)")
      if doors.refusals > 0 {
        guard case .logonRefused = outcome.end.stop else { return #expect(Bool(false), "\(what): \(outcome.end)") }
      }
    }
  }

  @Test func threeThatTookItLetThreeGoOnAtOnce() async throws {
    let rig = try rig(agents: 120, parallel: 64)
    let doors = Doorkeeper(rig.fleet) { _, _ in .accepts }
    rig.connector = doors
    #expect(try await rig.transfer().end.tally[.repaired] == 120)
    #expect(doors.most == 3)
  }

  /// Endpoints that don't answer hold up nobody while logons go singly.
  @Test func silentEndpointsAreDialledSideBySide() async throws {
    let rig = try rig(agents: 40, parallel: 32)
    rig.options.retries = 0
    let silent = Set(rig.fleet.names.prefix(30))
    rig.connector = Doorkeeper(rig.fleet) { name, _ in silent.contains(name) ? .unreachable : .accepts }
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.repaired] == 10 && outcome.end.tally[.unreachable] == 30)
    #expect(outcome.end.seconds < 300, "one after the other takes \(30 * 15) s: \(outcome.end.seconds)")
  }

  /// Where the password was taken, something of ours may be left: it is seen to, one endpoint after the other.
  @Test func afterARefusalWhatWasBegunIsProvedAndCleanedUp() async throws {
    let rig = try rig(agents: 60, parallel: 32)
    let doors = Doorkeeper(rig.fleet) { name, _ in name == "WS-030" ? .refuses : .accepts }
    rig.connector = doors
    let outcome = try await rig.transfer()
    guard case .logonRefused = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    let tries = doors.tries
    let refusal = try #require(tries.firstIndex { $0.answer == .refuses })
    let takers = Set(tries[..<refusal].map(\.name))
    #expect(!takers.isEmpty)
    let after = tries[(refusal + 1)...].map(\.name)
    // Logons may have been on their way when the refusal came.
    #expect(after.filter { !takers.contains($0) }.count <= 3, "\(after)")
    #expect(after.count > 2, "those that settle are looked at again")
    for result in outcome.results where takers.contains(result.name) {
      #expect([.repaired, .notAttempted].contains(result.outcome), "\(result)")
      #expect(rig.fleet.leftovers(of: result.name).isEmpty, "\(result)")
    }
    #expect(outcome.end.tally[.repaired] > 0 && outcome.end.tally[.denied] == 1)
  }

  /// Endpoints that took it once are doubted as others are.
  @Test(arguments: [1, 2, 5]) func anAccountLockedInMidRunIsTriedThreeTimesAtMost(before: Int) async throws {
    let rig = try rig(agents: 60, parallel: 32)
    let doors = Doorkeeper(rig.fleet) { _, count in count < before ? .accepts : .hangsUp }
    rig.connector = doors
    let outcome = try await rig.transfer()
    #expect(doors.doubts <= 3, "\(doors.tries.map(\.name))")
    if before < 3 {
      guard case .logonRefused = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    }
  }

  /// No acceptance in between makes hang-ups fewer.
  @Test func hangUpsBetweenAcceptancesStopTheRun() async throws {
    let rig = try rig(agents: 80, parallel: 8)
    let doors = Doorkeeper(rig.fleet) { name, _ in
      name > "WS-010" && (name.utf8.last ?? 0) % 5 == 4 ? .hangsUp : .accepts
    }
    rig.connector = doors
    let outcome = try await rig.transfer()
    guard case .logonRefused = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    #expect(doors.doubts <= 3, "\(doors.doubts)")
  }

  /// Who waits to send the password sends it no more once the run is interrupted or cut.
  @Test(arguments: [1, 3]) func interruptsEndTheWaitForLeave(interrupts: Int) async throws {
    let rig = try rig(agents: 60, parallel: 32)
    let controls = rig.controls
    let cut = Mutex<Int?>(nil)
    let doors = Doorkeeper(rig.fleet) { _, _ in .accepts }
    rig.connector = doors
    rig.onBegin = {
      _ = rig.fleet.clock.schedule(after: .seconds(4)) {
        for _ in 0..<interrupts { controls.interrupt() }
        cut.withLock { $0 = doors.tries.count }
      }
    }
    let outcome = try await rig.transfer()
    let before = try #require(cut.withLock { $0 })
    let begun = Set(doors.tries.prefix(before + 3).map(\.name))
    #expect(outcome.end.stop == .interrupted && before < 20, "\(before) \(outcome.end)")
    #expect(Set(doors.tries.map(\.name)).isSubset(of: begun), "nothing is sent to others any more")
    if interrupts == 3 { #expect(doors.tries.count <= before + 3, "\(doors.tries.count) \(before)") }
  }

  /// Three that say nothing, in sum, are as a refusal; one is not.
  @Test func logonsWithoutAnAnswerStopTheRun() async throws {
    let rig = try rig(agents: 60, parallel: 32)
    let doors = Doorkeeper(rig.fleet) { name, _ in name > "WS-010" ? .hangsUp : .accepts }
    rig.connector = doors
    let outcome = try await rig.transfer()
    guard case .logonRefused(let text) = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    #expect(text.contains("in sum without an answer"), "\(text)")
    #expect(doors.doubts <= 3, "\(doors.doubts)")
  }

  /// The lock-out figure has precedence over cleaning up; what stays there is said.
  @Test func afterThreeUnansweredOnesWhatStaysIsSaid() async throws {
    let rig = try rig(agents: 60, parallel: 32)
    let doors = Doorkeeper(rig.fleet) { _, count in count < 1 ? .accepts : .hangsUp }
    rig.connector = doors
    let outcome = try await rig.transfer()
    #expect(doors.doubts <= 3, "\(doors.tries.map(\.name))")
    var left = 0
    for result in outcome.results where !rig.fleet.leftovers(of: result.name).isEmpty {
      left += 1
      #expect(result.detail?.contains("left behind: ") == true, "\(result)")
      let steps = try rig.journal.events(ofRun: outcome.run, position: result.position).map(\.word)
      #expect(steps.contains("left-behind"), "\(steps)")
    }
    #expect(left > 0, "else this shows nothing")
  }

  /// What others of the account spent a short time ago is spent.
  @Test(arguments: [0, 1, 2, 3, 9]) func recentRefusalsLeaveFewer(spent: Int) async throws {
    let rig = try rig(agents: 60, parallel: 32)
    let failures = Counter()
    let gate = LogonGate(spent: spent, failed: { _ = failures.next() })
    let doors = Doorkeeper(rig.fleet) { name, _ in name > "WS-010" ? .hangsUp : .accepts }
    rig.connector = doors
    rig.use(gate)
    let outcome = try await rig.transfer()
    guard case .logonRefused = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    #expect(doors.doubts <= max(1, 3 - spent) && doors.most <= max(1, 3 - spent), "\(doors.tries.map(\.name))")
    #expect(failures.next() == doors.doubts)
    #expect(outcome.end.tally.done == 60)
  }

  @Test func aGateThatIsNarrowedComesToAnEnd() async throws {
    let rig = try rig(agents: 20, parallel: 32)
    let gate = LogonGate(atOnce: 12, spent: 9)
    gate.narrow(to: 2)
    rig.use(gate)
    rig.connector = Doorkeeper(rig.fleet) { _, _ in .accepts }
    #expect(try await rig.transfer().end.tally[.repaired] == 20)
  }
}
