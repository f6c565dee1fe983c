import ApexOne

// Runs whose way nobody documents: one agent at a time until one is proved, and none after one that is not.
extension RunEngine {
  /// The one that the way is tried on has not ended yet.
  func awaitsProof(_ state: State) -> Bool {
    work.provesFirst && state.tally[.repaired] == 0 && state.inFlight > 0
  }

  /// Does an end count for the waves' sizes? One that could not be reached doesn't; until the first proof, only that
  /// proof does.
  func isCredited(_ outcome: Outcome, _ tally: RunTally) -> Bool {
    outcome != .unreachable && !isBeforeFirstProof(tally) && (!work.provesFirst || tally[.repaired] > 0)
  }

  /// Work on what an earlier leg left half done, while nobody was ever proved: it makes no wave, and fills none.
  func isBeforeFirstProof(_ tally: RunTally) -> Bool { tally.wave == 0 && tally[.repaired] == 0 }

  /// The first agent that the way was tried on, and it is not proved.
  func isUnproved(_ outcome: Outcome, _ tally: RunTally) -> Bool {
    guard work.provesFirst, tally[.repaired] == 0 else { return false }
    return outcome.isFailure || outcome == .rebootRequired
  }
}
