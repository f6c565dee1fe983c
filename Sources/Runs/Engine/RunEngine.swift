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
  let pauses: Pauses
  let readings: CertificateReadings
  let carriage = CarriageChecks()
  let screen: OutputScreen
  let policy: RepairPolicy
  let run: Int
  /// What an earlier leg of the run left at endpoints that it was working on, by position.
  let traces: [Int: RepairState]
  /// What earlier legs of the run saw fail.
  let earlierFailures: RunFailures
  let thread = RunThread()
  let reports: RunReports
  let state: Mutex<State>
  let started: Duration
  package var parallel: Int { plan.options.parallel }

  struct State {
    var tally: RunTally
    var stop: StopReason?
    /// What spends `max-failures`, by cause: since the run began, or since a budget stopped it.
    var causes: [Cause?: Int] = [:]
    /// Agents that were protected at the look and are not at the end, since then.
    var lost = 0
    /// Who was left without the agent that was there, or with one that is no repair, whatever stopped the run.
    var removed: StopReason?
    /// Agents that count for the waves' sizes: ended ones, less those that could not be reached.
    var credited = 0
    var inFlight = 0
    /// Failures of the wave that goes on, by their cause.
    var waveCauses: [Cause?: Int] = [:]
    /// The wave of an earlier leg that is still to be judged.
    var openWave: Int?
    /// Failures of one cause in a row.
    var row = RunFailures.Row()
    /// The next place in the queue.
    var cursor = 0
    /// Unreachable agents that are tried again, with what was seen last, by position.
    var waiting: [Int: AgentResult] = [:]
    /// Those of them that answer again, to be worked on before new ones.
    var returned: [Int] = []
    /// Unreachable agents are tried again.
    var keepsTrying = false
    /// When the pause between two waves is over.
    var restsUntil: Duration?
    /// How often something here has changed that a task may wait for.
    var changes = 0
    /// Tasks of this run that wait for something to change here.
    var parked: [Parked] = []
  }

  /// Positions in the order in which they are worked on: what an earlier leg left half done comes first.
  let queue: [Int]
  /// An earlier leg had not filled the first wave.
  let beganInFirstWave: Bool

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
    screen = OutputScreen(work.secrets)
    policy = RepairPolicy(work, plan.options, run: run, screen)
    slots = SlotPool(limit: plan.options.parallel, clock: clock)
    pauses = Pauses(on: clock, controls: controls)
    traces = progress.traces
    earlierFailures = progress.failures
    let open = plan.agents.indices.filter { plan.agents[$0].refusal == nil && progress.kept[$0] == nil }
    let (canaries, others) = plan.split(open.filter { progress.traces[$0] == nil })
    queue = open.filter { progress.traces[$0] != nil } + canaries + others
    var tally = RunTally(planned: plan.agents.count)
    tally.counts[.refused] = plan.refused == 0 ? nil : plan.refused
    for (position, result) in progress.kept where plan.agents[position].refusal == nil {
      tally.counts[result.outcome, default: 0] += 1
      if result.protected == false { tally.unprotected += 1 }
    }
    tally.earlier = tally.done
    tally.waves = plan.waveSizes.count
    var state = State(tally: tally)
    state.credited = progress.kept.count {
      plan.agents[$0.key].refusal == nil && RunEngine.fillsWave($0.value.outcome)
    }
    beganInFirstWave = state.credited < plan.waveSizes.first ?? 0
    // What was wrong with the first wave may be wrong everywhere: until one is proved, a run that is carried on begins
    // with its first wave again.
    if tally[.repaired] == 0 { state.credited = 0 }
    state.keepsTrying = plan.options.keepTryingSeconds ?? 0 > 0
    self.state = Mutex(state)
    started = clock.now
  }

  deinit { thread.end() }

  /// A snapshot of the counts, for progress.
  package var tally: RunTally {
    state.withLock { state in
      var tally = state.tally
      tally.inFlight = state.inFlight
      tally.waiting = state.waiting.count + state.returned.count
      tally.restSeconds = state.restsUntil.map { max(0, ($0 - clock.now).seconds) }
      tally.seconds = (clock.now - started).seconds
      return tally
    }
  }

  /// Runs to the end and journals it. The caller's task must not live on the clock.
  package func execute() async -> RunEnd {
    do throws(JournalError) {
      if !journal.owns(run), try !journal.own(run) { throw .owned(run: run, isHere: false) }
    } catch {
      return RunEnd(run: run, tally: tally, stop: .journal(error), seconds: 0)
    }
    journal.whenFailed(run) { [weak self] in self?.stop(.journal($0)) }
    defer { journal.disown(run) }
    return await withTaskExecutorPreference(thread) { await carryOut() }
  }

  private func carryOut() async -> RunEnd {
    clock.begin()
    defer { clock.end() }
    controls.onInterrupt { [weak self] in
      self?.stop(.interrupted)
      self?.pauses.interrupt()
    }
    controls.onChange { [weak self] in self?.obey() }
    if controls.interrupts > 0 { stop(.interrupted) }
    // What may be unprotected comes before everything else, and needs no wave.
    if !traces.isEmpty {
      journal.post(wave: RunWave(number: 0, count: plan.waveSizes.count), isContinued: false, run: run)
      await work(until: nil, places: traces.count)
    }
    countOn()
    beginTrying()
    await workInWaves()
    return await finish()
  }
}

extension Int {
  /// The whole part of a number of whatever size, the nearest integer there is for one beyond them, 0 for none: what
  /// stands in files and journals may be anything.
  package init(clamping value: Double) {
    self = Int(exactly: value.rounded(.towardZero)) ?? (value.isNaN ? 0 : value < 0 ? .min : .max)
  }
}

extension Duration {
  /// Seconds, with fractions.
  package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
