import ApexOne
import Remote
import Synchronization

// `--keep-trying`: unreachable agents stay in the run, and are tried again by a TCP probe, without a logon.
extension RunEngine {
  /// Seconds before a round of probes: short at first, since many an endpoint is only starting up.
  static let firstProbe = 60.0
  static let lastProbe = 600.0
  /// Seconds that one probe takes at most.
  private static let probeLimit = 5.0

  /// Whether an agent that ended so stays in the run; it does then.
  func keeps(_ result: AgentResult) -> Bool {
    guard result.outcome == .unreachable else { return false }
    let isKept = state.withLock { state -> Bool in
      guard state.keepsTrying, state.stop == nil else { return false }
      state.waiting[result.position] = result
      state.inFlight -= 1
      return true
    }
    guard isKept else { return false }
    journal.note(.unreachable(result.detail), run: run, position: result.position, at: clock.date)
    wake()
    return true
  }

  func beginTrying() {
    guard state.withLock({ $0.keepsTrying }) else { return }
    clock.begin()
    Task(executorPreference: thread) { [self] in
      await keepTrying()
      state.withLock { $0.keepsTrying = false }
      wake()
      clock.end()
    }
  }

  /// Until the time is over, or the run.
  private func keepTrying() async {
    let deadline = clock.now + .seconds(plan.options.keepTryingSeconds ?? 0)
    var pause = Self.firstProbe
    while await waitToProbe(pause, deadline) {
      await probe(state.withLock { $0.waiting.keys.sorted() })
      pause = min(pause * 2, Self.lastProbe)
    }
  }

  /// Waits `seconds`, or to the deadline; a paused run is not probed for. False where there is nothing to try for.
  private func waitToProbe(_ seconds: Double, _ deadline: Duration) async -> Bool {
    let isOver = Flag()
    let timer = clock.schedule(after: min(.seconds(seconds), deadline - clock.now)) { [weak self] in
      isOver.raise()
      self?.wake()
    }
    defer { timer.cancel() }
    await park { $0.isOpen && (!isOver.isRaised || controls.isPaused) }
    return state.withLock { $0.isOpen } && clock.now < deadline
  }

  /// Probes agents, as many at once as the run works on; those that answer go back to work.
  private func probe(_ positions: [Int]) async {
    let workers = min(controls.parallel ?? plan.options.parallel, positions.count)
    guard workers > 0 else { return }
    let round = ProbeRound(positions, workers: workers, on: clock)
    for _ in 0..<workers {
      clock.begin()
      Task(executorPreference: thread) { [self] in
        while !isStopped, let position = round.next() {
          if await answers(position) { bringBack(position) }
        }
        round.end()
        clock.end()
      }
    }
    await round.wait()
  }

  private func answers(_ position: Int) async -> Bool {
    let agent = plan.agents[position]
    do {
      try await connector.probe(
        Endpoint(name: agent.name, address: agent.address),
        within: .seconds(min(Self.probeLimit, plan.options.connectSeconds)))
      return true
    } catch {
      return false
    }
  }

  private func bringBack(_ position: Int) {
    state.withLock { state in
      guard state.waiting.removeValue(forKey: position) != nil else { return }
      state.returned.append(position)
    }
    wake()
  }

  /// At the end of the run: what is still not reached gets its outcome.
  func giveUpWaiting() {
    let left = state.withLock { state -> [AgentResult] in
      state.keepsTrying = false
      let returned = state.returned.map { AgentResult(position: $0, name: plan.agents[$0].name, outcome: .unreachable) }
      defer { (state.waiting, state.returned) = ([:], []) }
      return (state.waiting.values + returned).sorted { $0.position < $1.position }
    }
    for result in left { settle(AgentRepair.Ended(result: result, lostProtection: false)) }
    wake()
  }
}

extension RunEngine.State {
  /// The run goes on, and an agent may yet come back.
  fileprivate var isOpen: Bool { stop == nil && keepsTrying }
}

/// The agents that are still to be probed, and those who wait for all probes to be over.
private final class ProbeRound: Sendable {
  private struct State {
    var positions: ArraySlice<Int>
    var workers: Int
    var waiter: Parked?
  }

  private let state: Mutex<State>
  private let clock: any Timekeeper

  init(_ positions: [Int], workers: Int, on clock: any Timekeeper) {
    state = Mutex(State(positions: positions[...], workers: workers))
    self.clock = clock
  }

  func next() -> Int? { state.withLock { $0.positions.popFirst() } }

  /// One worker is done.
  func end() {
    let waiter = state.withLock { state -> Parked? in
      state.workers -= 1
      return state.workers == 0 ? state.waiter : nil
    }
    waiter?.wake()
  }

  func wait() async {
    await Parked.wait(on: clock) { parked in
      state.withLock { state in
        if state.workers > 0 { state.waiter = parked }
        return state.workers > 0
      }
    }
  }
}
