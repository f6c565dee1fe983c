package import ApexOne

/// Counts of a run so far. Whoever reads it gets a copy.
package struct RunTally: Sendable, Hashable {
  package var planned: Int
  package var counts: [Outcome: Int] = [:]
  /// Agents whose required services do not run.
  package var unprotected = 0
  /// Agents being worked on, those that settle included.
  package var inFlight = 0
  /// Unreachable agents that are tried again.
  package var waiting = 0
  /// What is left of the pause between two waves; nil where there is none.
  package var restSeconds: Double?
  package var wave = 0
  package var waves = 0
  /// Of those that are done, how many an earlier leg of the run had ended.
  package var earlier = 0
  /// Seconds on the run's clock.
  package var seconds = 0.0

  package init(planned: Int) { self.planned = planned }

  package var done: Int { counts.values.reduce(0, +) }
  package subscript(_ outcome: Outcome) -> Int { counts[outcome] ?? 0 }
  package var isAllGood: Bool { self[.repaired] + self[.alreadyMatching] == planned && unprotected == 0 }

  /// Agents a second since this leg began; nil where none has ended.
  package var rate: Double? {
    let ended = done - earlier
    return ended > 0 && seconds > 0 ? Double(ended) / seconds : nil
  }
  /// What is left of a pause between waves included.
  package var secondsLeft: Double? { rate.map { Double(planned - done) / $0 + (restSeconds ?? 0) } }
}

/// How a run ended.
package struct RunEnd: Sendable {
  package var run: Int
  package var tally: RunTally
  package var stop: StopReason?
  /// Whose agents were removed and not put there again, where `stop` says something else.
  package var removed: StopReason?
  /// Seconds on the run's clock.
  package var seconds: Double

  /// The exit code of the contract: 0, 1, 74 or 130.
  package var exitCode: Int32 {
    switch stop {
    case .interrupted: 130
    case .journal: 74
    default:
      tally.isAllGood ? 0 : 1
    }
  }
}
