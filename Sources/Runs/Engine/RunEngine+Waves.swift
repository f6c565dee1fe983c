import ApexOne
import Remote
import Synchronization

// Waves: each starts only if the last one stayed inside the budget.
extension RunEngine {
  func workInWaves() async {
    var (target, isFirst) = (0, true)
    for (index, size) in plan.waveSizes.enumerated() {
      target += size
      if state.withLock({ $0.credited >= target }) {
        judgeEarlier(index, of: size)
        continue
      }
      if !isFirst, !isFinished { await rest() }
      if !isFirst || !traces.isEmpty, !isFinished { await recheckCertificate() }
      if isFinished { break }
      isFirst = false
      begin(RunWave(number: index + 1, count: plan.waveSizes.count))
      await work(until: target, places: queue.count)
      if let reason = reasonToEnd(afterWave: index, of: size) { stop(reason) }
      if !isStopped { reports.wave(tally) }
    }
  }

  /// What earlier legs saw fail counts on, from where the waves go on: what they left half done is seen to whatever it is.
  func countOn() {
    let reason = state.withLock { state -> StopReason? in
      state.take(earlierFailures)
      return state.stop == nil ? spentBudget(state) : nil
    }
    if let reason { stop(reason) }
  }

  /// What an earlier leg had begun and filled, or what it left half done has filled now: broken off before it was judged.
  private func judgeEarlier(_ index: Int, of size: Int) {
    guard state.withLock({ $0.openWave == index + 1 }) else { return }
    if let reason = reasonToEnd(afterWave: index, of: size) { stop(reason) }
  }

  /// A wave begins, or goes on where an earlier leg broke it off: then its failures count on.
  private func begin(_ wave: RunWave) {
    let isContinued = state.withLock { state in
      let isContinued = state.openWave.map { wave.number <= $0 } ?? false
      state.openWave = nil
      state.tally.wave = wave.number
      if !isContinued { state.waveCauses = [:] }
      return isContinued
    }
    journal.post(wave: wave, isContinued: isContinued, run: run)
  }

  private var isFinished: Bool {
    state.withLock { $0.stop != nil || !($0.cursor < queue.count || $0.mayReturn) }
  }

  /// Works on the queue until `target` agents are credited, or none is left before `places`; returns when all that were
  /// started have ended.
  func work(until target: Int?, places: Int) async {
    enum Next { case start, wait, over }
    while true {
      let (next, changes): (Next, Int) = state.withLock { state in
        let wait = state.inFlight > 0 ? Next.wait : .over
        if state.stop != nil { return (wait, state.changes) }
        let isFull = target.map { state.credited + state.inFlight >= $0 } ?? false || awaitsProof(state)
        if !isFull, state.cursor < places || !state.returned.isEmpty {
          return (controls.isPaused ? .wait : .start, state.changes)
        }
        // Whoever may come back fills the wave too; what an earlier leg left half done is waited for by no wave.
        return (target != nil && !isFull && state.mayReturn ? .wait : wait, state.changes)
      }
      switch next {
      case .start: await startOne()
      case .wait: await park { $0.changes == changes }
      case .over: return
      }
    }
  }

  private func startOne() async {
    await slots.acquire(.new)
    let next: (position: Int, wave: RunWave)? = state.withLock { state in
      // Either may have come while a slot was waited for.
      guard state.stop == nil, !controls.isPaused else { return nil }
      state.inFlight += 1
      let wave = RunWave(number: state.tally.wave, count: state.tally.waves)
      if !state.returned.isEmpty { return (state.returned.removeFirst(), wave) }
      defer { state.cursor += 1 }
      return (queue[state.cursor], wave)
    }
    guard let next else { return slots.release() }
    let repair = AgentRepair(engine: self, position: next.position, in: next.wave)
    clock.begin()
    Task(executorPreference: thread) { [self] in
      let result = await repair.run()
      ended(result)
      clock.end()
    }
  }

  /// Waits while `holds`; whatever changes the state or the controls makes it look again.
  func park(while holds: (State) -> Bool) async {
    while state.withLock({ holds($0) }) {
      await Parked.wait(on: clock) { parked in
        state.withLock { state in
          guard holds(state) else { return false }
          state.parked.append(parked)
          return true
        }
      }
    }
  }

  /// The controls have changed.
  func obey() {
    if let parallel = controls.parallel { slots.setLimit(parallel) }
    wake()
  }

  /// Something has changed: whoever is parked looks again.
  func wake() {
    let waiting = state.withLock { state -> [Parked] in
      state.changes += 1
      defer { state.parked = [] }
      return state.parked
    }
    for parked in waiting { parked.wake() }
    // Whoever waits to send the password for the first time sends it no more.
    if isStopped { gate.recall() }
  }

  /// Starts no more agents; the first reason stands, but for a journal that can't be written: what ended since is in
  /// none, whatever else had stopped the run.
  func stop(_ reason: StopReason) {
    state.withLock { if $0.stop == nil || reason.isOfJournal { $0.stop = reason } }
    wake()
  }

  package var stopReason: StopReason? { state.withLock { $0.stop } }
  package var isStopped: Bool { state.withLock { $0.stop != nil } }

  /// The pause between two waves; `continue` ends it.
  private func rest() async {
    guard let seconds = plan.options.wavePauseSeconds, seconds > 0 else { return }
    let (isOver, before) = (Flag(), controls.proceeds)
    state.withLock { $0.restsUntil = clock.now + .seconds(seconds) }
    let timer = clock.schedule(after: .seconds(seconds)) { [weak self] in
      isOver.raise()
      self?.wake()
    }
    await park { $0.stop == nil && !isOver.isRaised && controls.proceeds == before }
    timer.cancel()
    state.withLock { $0.restsUntil = nil }
  }

  private func recheckCertificate() async {
    do {
      let now = try await controls.cutting(work.currentCertificate)
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

extension RunEngine.State {
  fileprivate mutating func take(_ earlier: RunFailures) {
    let isOneRow = row.count == causes.values.reduce(0, +) && (row.count == 0 || row.cause == earlier.row.cause)
    if isOneRow { row = RunFailures.Row(cause: earlier.row.cause, count: earlier.row.count + row.count) }
    causes.merge(earlier.causes, uniquingKeysWith: +)
    waveCauses.merge(earlier.waveCauses, uniquingKeysWith: +)
    lost += earlier.lost
    openWave = earlier.openWave
  }

  /// Agents that were unreachable and may still be worked on.
  var mayReturn: Bool { !returned.isEmpty || keepsTrying && !waiting.isEmpty }
}
