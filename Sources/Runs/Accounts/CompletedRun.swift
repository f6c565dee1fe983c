import ApexOne

/// A run whose agents all have their outcome: nothing is left to carry on. Whoever carried it may have died before it
/// had its end and its account.
package struct CompletedRun: Sendable {
  package let record: RunRecord
  package let results: [AgentResult]
  private let journal: Journal

  /// Nil where an agent is left.
  package init?(_ record: RunRecord, _ progress: RunProgress, of plan: Plan, in journal: Journal) throws(JournalError) {
    guard progress.left(of: plan) == 0 else { return nil }
    self.record = record
    self.journal = journal
    results = try journal.results(ofRun: record.number)
  }

  package var tally: RunTally { RunTally(planned: record.planned, results) }

  /// Whoever carried it died before it had its end.
  package var lacksItsEnd: Bool { record.state == .interrupted }

  /// Gives it the end that it lacks: it ended when its last agent did.
  package func end() async throws(JournalError) {
    guard try journal.own(record.number) else {
      throw JournalError.owned(run: record.number, isHere: journal.owns(record.number))
    }
    defer { journal.disown(record.number) }
    let last = try journal.ends(ofRun: record.number).values.max()
    try await journal.endRun(
      record.number, state: .finished, why: nil, cause: nil, at: record.ended ?? last ?? record.started)
  }
}

extension RunTally {
  /// The counts of a run's results.
  package init(planned: Int, _ results: [AgentResult]) {
    self.init(planned: planned)
    for result in results {
      counts[result.outcome, default: 0] += 1
      if result.protected == false { unprotected += 1 }
    }
  }
}
