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
  let readings: CertificateReadings
  let carriage = CarriageChecks()
  let run: Int
  /// What an earlier leg of the run left at endpoints that it was working on, by position.
  let traces: [Int: RunTrace]
  let thread = RunThread()
  let reports: RunReports
  let state: Mutex<State>
  let started: Duration
  package var parallel: Int { plan.options.parallel }

  struct State {
    var tally: RunTally
    var stop: StopReason?
    /// What failed since this leg began; a budget is spent by that, not by what was seen to before.
    var failures = 0
    /// Agents that count for the waves' sizes: ended ones, less those that could not be reached.
    var credited = 0
    var inFlight = 0
    /// The next place in the queue.
    var cursor = 0
    var waiter: Parked?
  }

  /// Positions in the order in which they are worked on: what an earlier leg left half done comes first.
  let queue: [Int]

  /// `run` is the number that `Journal.beginRun` gave; `progress`: where that run stands, when it is carried on.
  package init(
    plan: Plan, work: RepairWork, connector: any HostConnector, journal: Journal, run: Int,
    clock: any Timekeeper, controls: RunControls, gate: LogonGate, progress: RunProgress = RunProgress(),
    reports: RunReports
  ) {
    self.plan = plan
    self.work = work
    self.connector = connector
    self.journal = journal
    self.run = run
    self.clock = clock
    self.controls = controls
    self.gate = gate
    self.reports = reports
    readings = CertificateReadings(against: work.certificate)
    slots = SlotPool(limit: plan.options.parallel, clock: clock)
    traces = progress.traces
    let open = plan.agents.indices.filter { plan.agents[$0].refusal == nil && progress.kept[$0] == nil }
    queue = open.filter { progress.traces[$0] != nil } + open.filter { progress.traces[$0] == nil }
    var tally = RunTally(planned: plan.agents.count)
    tally.counts[.refused] = plan.refused == 0 ? nil : plan.refused
    for (position, result) in progress.kept where plan.agents[position].refusal == nil {
      tally.counts[result.outcome, default: 0] += 1
    }
    tally.earlier = tally.done
    tally.waves = plan.options.waves.sizes(of: plan.count).count
    var state = State(tally: tally)
    state.credited = progress.kept.count {
      plan.agents[$0.key].refusal == nil && $0.value.outcome != .unreachable
    }
    self.state = Mutex(state)
    started = clock.now
  }

  deinit { thread.end() }

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
    journal.own(run)
    defer { journal.disown(run) }
    return await withTaskExecutorPreference(thread) { await carryOut() }
  }

  private func carryOut() async -> RunEnd {
    clock.begin()
    defer { clock.end() }
    controls.onInterrupt { [weak self] in self?.stop(.interrupted) }
    controls.onChange { [weak self] in self?.obey() }
    if controls.interrupts > 0 { stop(.interrupted) }
    // What may be unprotected comes before everything else, and needs no wave.
    if !traces.isEmpty { await work(until: nil, places: traces.count) }
    var (target, isFirst) = (0, true)
    for (index, size) in plan.options.waves.sizes(of: plan.count).enumerated() {
      target += size
      if state.withLock({ $0.credited >= target }) { continue }
      if !isFirst || !traces.isEmpty, !isFinished { await recheckCertificate() }
      if isFinished { break }
      isFirst = false
      state.withLock { $0.tally.wave = index + 1 }
      await work(until: target, places: queue.count)
      if !isStopped { reports.wave(tally) }
    }
    return await finish()
  }

  private var isFinished: Bool {
    state.withLock { $0.stop != nil || $0.cursor >= queue.count }
  }

  // MARK: - Waves

  /// Works on the queue until `target` agents are credited, or none is left before `places`; returns when all that were
  /// started have ended.
  private func work(until target: Int?, places: Int) async {
    enum Next { case start, wait, over }
    while true {
      let next: Next = state.withLock { state in
        let mayStart = state.stop == nil && state.cursor < places
        if mayStart, target.map({ state.credited + state.inFlight < $0 }) ?? true {
          return controls.isPaused ? .wait : .start
        }
        return state.inFlight > 0 ? .wait : .over
      }
      switch next {
      case .start: await startOne()
      case .wait: await waitForAnEnd()
      case .over: return
      }
    }
  }

  private func startOne() async {
    await slots.acquire(.new)
    let position: Int? = state.withLock { state in
      guard state.stop == nil else { return nil }
      defer { state.cursor += 1 }
      state.inFlight += 1
      return queue[state.cursor]
    }
    guard let position else { return slots.release() }
    let repair = AgentRepair(engine: self, position: position)
    clock.begin()
    Task(executorPreference: thread) { [self] in
      let result = await repair.run()
      ended(result)
      clock.end()
    }
  }

  private func waitForAnEnd() async {
    let before = state.withLock { $0.inFlight }
    await Parked.wait(on: clock) { parked in
      state.withLock { state in
        guard state.inFlight == before, state.inFlight > 0 || controls.isPaused && state.stop == nil else {
          return false
        }
        state.waiter = parked
        return true
      }
    }
  }

  /// The controls have changed.
  private func obey() {
    if let parallel = controls.parallel { slots.setLimit(parallel) }
    wake()
  }

  private func wake() {
    let waiter = state.withLock { state -> Parked? in
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.wake()
  }

  /// Starts no more agents; the first reason stands.
  func stop(_ reason: StopReason) {
    state.withLock { if $0.stop == nil { $0.stop = reason } }
    wake()
  }

  package var isStopped: Bool { state.withLock { $0.stop != nil } }

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
}

extension Duration {
  /// Seconds, with fractions.
  package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
