import ApexOne

// Runs whose way nobody documents, or that remove agents: one agent at a time until one is proved, and none after one
// that is not.
extension RunEngine {
  /// The one that the way is tried on has not ended yet.
  func awaitsProof(_ state: State) -> Bool {
    work.provesFirst != nil && state.tally[.repaired] == 0 && state.inFlight > 0
  }

  /// Does an end count for the waves' sizes? One that could not be reached doesn't; until the first proof, only that
  /// proof does.
  func isCredited(_ outcome: Outcome, _ tally: RunTally) -> Bool {
    outcome != .unreachable && !isBeforeFirstProof(tally) && (work.provesFirst == nil || tally[.repaired] > 0)
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
}
