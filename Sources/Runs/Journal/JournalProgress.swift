import ApexOne
import GRDB

/// Where a run stands in the journal.
package struct RunProgress: Sendable, Hashable {
  /// Agents that have their outcome and keep it, by position.
  package var kept: [Int: AgentResult] = [:]
  /// Agents that were being worked on, by position: what `resume` must see to before anything else.
  package var traces: [Int: RepairState] = [:]
  /// What failed, as far as it still counts.
  package var failures = RunFailures()

  package init() {}

  /// How many agents of a plan are left to be worked on.
  package func left(of plan: Plan) -> Int {
    plan.count - kept.count { plan.agents[$0.key].refusal == nil }
  }
}

extension Journal {
  /// Outcomes that a run which is carried on leaves behind for another try.
  static let open: Set<Outcome> = [.unknown, .notAttempted, .rebootRequired]

  /// Those of one run, for SQL: where unreachable agents were to be tried again, they are another time.
  func openWords(ofRun run: Int) throws(JournalError) -> String { Journal.words(try openOutcomes(ofRun: run)) }

  /// For SQL: `'execute', 'uninstall'`.
  static func words<Word: RawRepresentable<String>>(_ words: some Sequence<Word>) -> String {
    words.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
  }

  private func openOutcomes(ofRun run: Int) throws(JournalError) -> Set<Outcome> {
    try options(ofRun: run)?.keepTryingSeconds == nil ? Journal.open : Journal.open.union([.unreachable])
  }

  /// Where a run stands: kept outcomes, and what was done at every agent that it had begun and not ended.
  package func progress(ofRun run: Int) throws(JournalError) -> RunProgress {
    var progress = RunProgress()
    let open = try openOutcomes(ofRun: run)
    for result in try results(ofRun: run) {
      if open.contains(result.outcome) { continue }
      progress.kept[result.position] = result
    }
    for (position, step) in try openSteps(ofRun: run, Journal.words(open)) where progress.kept[position] == nil {
      progress.traces[position, default: RepairState()].apply(step)
    }
    // One that was only looked at, or cleaned up after, is as if it had not begun.
    progress.traces = progress.traces.filter(\.value.isHalfDone)
    progress.failures = try failures(ofRun: run, kept: progress.kept)
    return progress
  }

  /// The steps of all agents that have not ended, in order.
  private func openSteps(ofRun run: Int, _ open: String) throws(JournalError) -> [(Int, RepairStep)] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT e.position, e.at, e.intent, e.step, e.detail FROM run_agents a
          JOIN events e ON e.run = a.run AND e.position = a.position
          WHERE a.run = ? AND (a.outcome IS NULL OR a.outcome IN (\(open)))
          ORDER BY e.id
          """,
        arguments: [run]
      ).map { ($0["position"], RunEvent($0).step) }
    }
  }
}
