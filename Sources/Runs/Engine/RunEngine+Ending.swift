import ApexOne
import Remote
import Synchronization

/// Who is told what becomes of a run's agents. Both must be quick.
package struct RunReports: Sendable {
  /// At the moment an agent ends, in the run's own thread.
  package var ended: @Sendable (AgentResult) -> Void
  /// When its outcome is on disk, in the order of the ends.
  package var durable: @Sendable (AgentResult) -> Void
  /// When a wave is over, the run's counts as they are then.
  package var wave: @Sendable (RunTally) -> Void

  package init(
    ended: @escaping @Sendable (AgentResult) -> Void = { _ in },
    wave: @escaping @Sendable (RunTally) -> Void = { _ in },
    durable: @escaping @Sendable (AgentResult) -> Void
  ) {
    self.ended = ended
    self.wave = wave
    self.durable = durable
  }
}

// What an agent's end means for its run, and how the run itself ends.
extension RunEngine {
  func ended(_ repair: AgentRepair.Ended) {
    if keeps(repair.result) { return }
    state.withLock { $0.inFlight -= 1 }
    settle(repair)
  }

  /// An agent has its outcome.
  func settle(_ repair: AgentRepair.Ended) {
    let result = repair.result
    var seen = repair.seen
    seen?.otherMachines = plan.options.otherMachines ?? []
    journal.record(
      result, seen: seen, isDoubtful: repair.isDoubtful, run: run, at: clock.date
    ) { [self] failure in
      if let failure { stop(.journal(failure)) }
      reports.durable(result)
    }
    reports.ended(result)
    state.withLock { state in
      if result.outcome.isFailure {
        state.causes[result.cause, default: 0] += 1
        state.waveCauses[result.cause, default: 0] += 1
      }
      state.row.follow(result)
      state.tally.counts[result.outcome, default: 0] += 1
      if isCredited(result.outcome, state.tally) { state.credited += 1 }
      if result.protected == false { state.tally.unprotected += 1 }
      if repair.lostProtection { state.lost += 1 }
      if let reason = reasonAfterRemoval(repair) { state.removed = reason.joined(to: state.removed) }
      if let reason = reasonToStop(after: repair, state) { state.stop = reason.joined(to: state.stop) }
    }
    wake()
  }

  private func reasonAfterRemoval(_ repair: AgentRepair.Ended) -> StopReason? {
    let name = repair.result.name
    return repair.failedAfterRemoval.map { hasAgent in
      hasAgent ? .failedAfterRemoval(without: [], other: [name]) : .failedAfterRemoval(without: [name], other: [])
    }
  }

  private func reasonToStop(after repair: AgentRepair.Ended, _ state: State) -> StopReason? {
    let (options, tally, result) = (plan.options, state.tally, repair.result)
    if let refusal = gate.refusal { return .logonRefused(refusal) }
    if let reason = reasonAfterRemoval(repair) { return reason }
    // A tool without effect says more, where it stops the run.
    let saysMore = work.removal != nil && isWithoutEffect(result, tally)
    if !saysMore, let reason = unproved(repair, tally) { return reason }
    if let reason = spentProtection(state) { return reason }
    // What was chosen to go first was chosen to stop everything.
    if isFirstWave(tally), plan.hasCanaries, result.outcome.isFailure {
      return .canaryFailed(agent: result.name, outcome: result.outcome, cause: result.cause)
    }
    if options.maxFailures.isOff { return nil }
    if isWithoutEffect(result, tally) {
      return .noEffectInFirstWave(agent: result.name, why: work.noEffect)
    }
    return spentFailures(state)
  }

  /// A budget that is spent, whoever spent it.
  func spentBudget(_ state: State) -> StopReason? {
    spentProtection(state) ?? (plan.options.maxFailures.isOff ? nil : spentFailures(state))
  }

  private func spentProtection(_ state: State) -> StopReason? {
    let limit = max(1, plan.options.maxUnprotected.limit(of: state.tally.planned))
    guard state.lost >= limit, !plan.options.maxUnprotected.isOff else { return nil }
    return .unprotected(count: state.lost, limit: limit)
  }

  private func spentFailures(_ state: State) -> StopReason? {
    let limit = max(1, plan.options.maxFailures.limit(of: state.tally.planned, atLeast: 3))
    let failures = state.causes.values.reduce(0, +)
    if failures >= limit { return .failures(count: failures, limit: limit, causes: state.causes) }
    guard state.tally[.repaired] == 0, state.row.count >= RunOptions.sameInARow else { return nil }
    return .sameFailure(count: state.row.count, cause: state.row.cause)
  }

  private func isWithoutEffect(_ result: AgentResult, _ tally: RunTally) -> Bool {
    result.cause == .toolHadNoEffect && result.outcome == .failed && isFirstWave(tally)
      && !plan.options.maxFailures.isOff
  }

  /// What is wrong now may be wrong everywhere: the first wave, and what an earlier leg left half done of it, or before
  /// one was proved.
  private func isFirstWave(_ tally: RunTally) -> Bool {
    tally.wave == 1 || isBeforeFirstProof(tally) || tally.wave == 0 && beganInFirstWave
  }

  func finish() async -> RunEnd {
    giveUpWaiting()
    var (tally, stop, unfinished, removed) = state.withLock {
      ($0.tally, $0.stop, queue[$0.cursor...].filter { traces[$0] != nil }, $0.removed)
    }
    if !unfinished.isEmpty { tally.counts[.unknown, default: 0] += unfinished.count }
    let left = tally.planned - tally.done
    // A budget that the last agents spent has stopped nothing.
    if left == 0, let reason = stop, reason.isBudget { stop = nil }
    // ^C has come too late to leave anything: there is nothing to carry on.
    let isThrough =
      left == 0 && tally[.unknown] == 0 && tally[.notAttempted] == 0 && stop == .interrupted && removed == nil
    if case .failedAfterRemoval? = stop { removed = nil }
    let why = [isThrough ? nil : stop, removed].compactMap { $0?.text }.joined(separator: "; ")
    if left > 0 { tally.counts[.notAttempted, default: 0] += left }
    let seconds = (clock.now - started).seconds
    tally.seconds = seconds
    do {
      try await journal.endRun(
        run, state: isThrough ? .finished : stop?.state ?? .finished, why: why.isEmpty ? nil : why, cause: stop?.cause,
        unfinished: unfinished, closing: stop?.closing ?? StopReason.Closing(), at: clock.date)
    } catch {
      stop = .journal(error)
    }
    return RunEnd(run: run, tally: tally, stop: stop, removed: removed, seconds: seconds)
  }
}
