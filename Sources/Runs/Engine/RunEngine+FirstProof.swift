import ApexOne
import Synchronization

// Until one agent is proved nobody knows that the run does any good: what may go on before, and what must not. A run whose way
// nobody documents, or that removes agents, goes one agent at a time until one is proved, and not on after one that is not.
extension RunEngine {
  /// The one that the way is tried on has not ended yet.
  func awaitsProof(_ state: State) -> Bool {
    work.provesFirst != nil && state.tally[.repaired] == 0 && state.inFlight > 0
  }

  /// Does an end count for the waves' sizes? Until the first proof of a way that nobody documents, only that proof does.
  func isCredited(_ outcome: Outcome, _ tally: RunTally) -> Bool {
    RunEngine.fillsWave(outcome) && !isBeforeFirstProof(tally) && (work.provesFirst == nil || tally[.repaired] > 0)
  }

  /// One that could not be reached, or that the look left alone, shows nothing of the tool: the next takes its place.
  static func fillsWave(_ outcome: Outcome) -> Bool {
    switch outcome {
    case .unreachable, .refused, .alreadyMatching, .notAttempted: false
    default: true
    }
  }

  /// Work on what an earlier leg left half done, while nobody was ever proved: it makes no wave, and fills none.
  func isBeforeFirstProof(_ tally: RunTally) -> Bool { tally.wave == 0 && tally[.repaired] == 0 }

  /// Why the run must end: the first agent that the way was tried on is not proved. One that nothing was begun on says
  /// nothing of the way, unless nobody documents it.
  func unproved(_ repair: AgentRepair.Ended, _ tally: RunTally) -> StopReason? {
    guard let why = work.provesFirst, tally[.repaired] == 0 else { return nil }
    let result = repair.result
    guard result.outcome.isFailure || result.outcome == .rebootRequired else { return nil }
    if work.removal != nil, !repair.hasActed || result.cause == .installerBusy { return nil }
    return .firstNotProved(agent: result.name, why: why)
  }

  /// Why no wave may follow the one that is over now; nil where one may, or where nobody is left for one.
  func reasonToEnd(afterWave index: Int, of size: Int) -> StopReason? {
    let options = plan.options
    guard !options.maxFailures.isOff else { return nil }
    return state.withLock { state in
      guard state.stop == nil, state.cursor < queue.count || state.mayReturn else { return nil }
      let failures = state.waveCauses.values.reduce(0, +)
      let limit = options.waveLimit(of: size, isFirst: index == 0)
      if let limit, failures > limit {
        return .waveFailures(wave: index + 1, count: failures, limit: limit, causes: state.waveCauses)
      }
      return state.tally[.repaired] == 0 ? .noProof(causes: state.waveCauses) : nil
    }
  }
}
