import ApexOne
package import Remote
import Synchronization

/// Carries out a plan: waves, budgets, bounded parallel work, exactly one outcome for each agent.
///
/// It is the only thing that changes an endpoint, and does so through `AgentRepair`, one task for each agent that has
/// begun; agents that have not begun cost nothing.
package final class RunEngine: Sendable {
  let plan: Plan
  let work: RepairWork
  let connector: any HostConnector
  let journal: Journal
  let clock: any Timekeeper
  let controls: RunControls
  let gate: LogonGate
  let slots: SlotPool
  let run: Int
  private let onResult: @Sendable (AgentResult) -> Void
  private let state: Mutex<State>
  private let started: Duration

  private struct State {
    var tally: RunTally
    var stop: StopReason?
    /// Agents of the present wave that count for its size: ended ones, less those that could not be reached.
    var credited = 0
    var inFlight = 0
    var cursor = 0
    var waiter: Parked?
  }

  /// `run` is the number that `Journal.beginRun` gave.
  package init(
    plan: Plan, work: RepairWork, connector: any HostConnector, journal: Journal, run: Int,
    clock: any Timekeeper, controls: RunControls, gate: LogonGate,
    onResult: @escaping @Sendable (AgentResult) -> Void
  ) {
    self.plan = plan
    self.work = work
    self.connector = connector
    self.journal = journal
    self.run = run
    self.clock = clock
    self.controls = controls
    self.gate = gate
    self.onResult = onResult
    slots = SlotPool(limit: plan.options.parallel, clock: clock)
    var tally = RunTally(planned: plan.agents.count)
    tally.counts[.refused] = plan.refused == 0 ? nil : plan.refused
    tally.waves = plan.options.waves.sizes(of: plan.count).count
    state = Mutex(State(tally: tally))
    started = clock.now
  }

  /// A snapshot of the counts, for progress.
  package var tally: RunTally {
    state.withLock { state in
      var tally = state.tally
      tally.inFlight = state.inFlight
      tally.seconds = (clock.now - started).seconds
      return tally
    }
  }

  /// Runs to the end and journals it. The caller's task must not live on the clock.
  package func execute() async -> RunEnd {
    let owner = RunOwner.take(run: run, journal: journal.path)
    defer { withExtendedLifetime(owner) {} }
    clock.begin()
    defer { clock.end() }
    controls.onInterrupt { [weak self] in self?.stop(.interrupted) }
    if controls.interrupts > 0 { stop(.interrupted) }
    for (index, size) in plan.options.waves.sizes(of: plan.count).enumerated() {
      if index > 0, !isFinished { await recheckCertificate() }
      if isFinished { break }
      state.withLock {
        $0.tally.wave = index + 1
        $0.credited = 0
      }
      await runWave(size)
    }
    return finish()
  }

  private var isFinished: Bool {
    state.withLock { $0.stop != nil || $0.cursor >= plan.agents.count }
  }

  // MARK: - Waves

  private func runWave(_ size: Int) async {
    enum Next { case start, wait, over }
    while true {
      let next: Next = state.withLock { state in
        skipRefused(&state)
        let mayStart = state.stop == nil && state.cursor < plan.agents.count
        if mayStart, state.credited + state.inFlight < size { return .start }
        return state.inFlight > 0 ? .wait : .over
      }
      switch next {
      case .start: await startOne()
      case .wait: await waitForAnEnd()
      case .over: return
      }
    }
  }

  private func skipRefused(_ state: inout State) {
    while state.cursor < plan.agents.count, plan.agents[state.cursor].refusal != nil { state.cursor += 1 }
  }

  private func startOne() async {
    await slots.acquire(.new)
    let position: Int? = state.withLock { state in
      guard state.stop == nil else { return nil }
      defer { state.cursor += 1 }
      state.inFlight += 1
      return state.cursor
    }
    guard let position else { return slots.release() }
    let repair = AgentRepair(engine: self, position: position)
    clock.begin()
    Task {
      let result = await repair.run()
      ended(result)
      clock.end()
    }
  }

  private func waitForAnEnd() async {
    let before = state.withLock { $0.inFlight }
    await Parked.wait(on: clock) { parked in
      state.withLock { state in
        guard state.inFlight == before, state.inFlight > 0 else { return false }
        state.waiter = parked
        return true
      }
    }
  }

  private func ended(_ repair: AgentRepair.Ended) {
    let result = repair.result
    onResult(result)
    let waiter = state.withLock { state -> Parked? in
      state.inFlight -= 1
      if result.outcome != .unreachable { state.credited += 1 }
      state.tally.counts[result.outcome, default: 0] += 1
      if repair.lostProtection { state.tally.unprotected += 1 }
      if state.stop == nil { state.stop = reasonToStop(after: result, state.tally) }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.wake()
  }

  private func reasonToStop(after result: AgentResult, _ tally: RunTally) -> StopReason? {
    let options = plan.options
    if let refusal = gate.refusal { return .logonRefused(refusal) }
    let unprotectedLimit = max(1, options.maxUnprotected.limit(of: tally.planned))
    if tally.unprotected >= unprotectedLimit, !options.maxUnprotected.isOff {
      return .unprotected(count: tally.unprotected, limit: unprotectedLimit)
    }
    if options.maxFailures.isOff { return nil }
    if result.cause == .toolHadNoEffect, result.outcome == .failed, tally.wave == 1 {
      return .noEffectInFirstWave(agent: result.name)
    }
    let limit = max(1, options.maxFailures.limit(of: tally.planned, atLeast: 3))
    return tally.failures >= limit ? .failures(count: tally.failures, limit: limit) : nil
  }

  /// Starts no more agents; the first reason stands.
  func stop(_ reason: StopReason) {
    let waiter = state.withLock { state -> Parked? in
      if state.stop == nil { state.stop = reason }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.wake()
  }

  var isStopped: Bool { state.withLock { $0.stop != nil } }

  private func recheckCertificate() async {
    do {
      let now = try await work.currentCertificate()
      guard now.sha256 != plan.certificateSHA256 else { return }
      stop(
        .certificateChanged(
          "the certificate to deploy changed while the run went on (serial \(plan.certificateSerial), now \(now.serial)); plan anew"
        ))
    } catch {
      stop(.serverNotRead("\(error)"))
    }
  }

  private func finish() -> RunEnd {
    var (tally, stop) = state.withLock { ($0.tally, $0.stop) }
    let left = tally.planned - tally.done
    // A budget that the last agents spent has stopped nothing.
    if left == 0, let reason = stop, reason.isBudget { stop = nil }
    if left > 0 { tally.counts[.notAttempted, default: 0] += left }
    let seconds = (clock.now - started).seconds
    tally.seconds = seconds
    do {
      try journal.endRun(
        run, state: stop?.state ?? .finished, why: stop?.text, cause: stop?.cause, at: clock.date)
    } catch {
      stop = stop ?? .journal(error)
    }
    return RunEnd(run: run, tally: tally, stop: stop, seconds: seconds)
  }
}

extension Duration {
  /// Seconds, with fractions.
  package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
