package import ApexOne
import GRDB
package import Remote

/// How far a run had come with one agent when it broke off: what `resume` must see to before anything else.
package struct RunTrace: Sendable, Hashable {
  /// The folder of ours that may still be there.
  package var folder: String?
  /// The look before anything was done.
  package var before: AgentFacts?
  /// The tool may have run.
  package var hasExecuted = false
  /// The uninstaller may have run.
  package var hasUninstalled = false
  /// The agent was seen gone after the uninstaller.
  package var isRemoved = false
  /// Which boot of the machine it was when the work began.
  package var boot: BootMark?
  /// What asked for a reboot that has not been seen yet.
  package var reboot: InstallerStep?

  /// Something may have been changed that a folder's removal doesn't undo.
  package var hasActed: Bool { hasExecuted || hasUninstalled }
}

/// Where a run stands in the journal.
package struct RunProgress: Sendable, Hashable {
  /// Agents that have their outcome and keep it, by position.
  package var kept: [Int: AgentResult] = [:]
  /// Agents that were being worked on, by position.
  package var traces: [Int: RunTrace] = [:]
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
  /// The step noted for an agent that could not be reached and is tried again.
  static let waitingStep = "unreachable"

  /// Those of one run, for SQL: where unreachable agents were to be tried again, they are another time.
  func openWords(ofRun run: Int) throws(JournalError) -> String { Journal.words(try openOutcomes(ofRun: run)) }

  private static func words(_ outcomes: Set<Outcome>) -> String {
    outcomes.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
  }

  private func openOutcomes(ofRun run: Int) throws(JournalError) -> Set<Outcome> {
    try options(ofRun: run)?.keepTryingSeconds == nil ? Journal.open : Journal.open.union([.unreachable])
  }

  /// Where a run stands: kept outcomes, and a trace of every agent that it had begun and not ended.
  package func progress(ofRun run: Int) throws(JournalError) -> RunProgress {
    var progress = RunProgress()
    let open = try openOutcomes(ofRun: run)
    for result in try results(ofRun: run) {
      if open.contains(result.outcome) { continue }
      progress.kept[result.position] = result
    }
    for (position, event) in try openEvents(ofRun: run, Journal.words(open)) where progress.kept[position] == nil {
      progress.traces[position, default: RunTrace()].follow(event)
    }
    // One that was only looked at, or cleaned up after, is as if it had not begun.
    progress.traces = progress.traces.filter { $0.value.folder != nil || $0.value.hasActed }
    progress.failures = try failures(ofRun: run, kept: progress.kept)
    return progress
  }

  /// The steps of all agents that have not ended, in order.
  private func openEvents(ofRun run: Int, _ open: String) throws(JournalError) -> [(Int, RunEvent)] {
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
      ).map {
        ($0["position"], RunEvent(at: $0["at"], isIntent: $0["intent"] == 1, step: $0["step"], detail: $0["detail"]))
      }
    }
  }
}

extension RunTrace {
  fileprivate mutating func follow(_ event: RunEvent) {
    switch (event.step, event.isIntent) {
    case ("looked", false): if !hasActed { before = event.detail.flatMap(AgentFacts.init(line:)) }
    case ("stage", true): folder = event.detail
    case ("execute", true): (hasExecuted, reboot) = (true, nil)
    case ("uninstall", true): (hasUninstalled, reboot) = (true, nil)
    case ("not-started", false): (hasExecuted, hasUninstalled) = (false, false)
    case ("removed", false): isRemoved = true
    case ("boot", false): boot = event.detail.map(BootMark.init(line:))
    case ("reboot", true):
      reboot = event.detail.flatMap { InstallerStep(rawValue: String($0.prefix { $0 != ":" })) }
    case ("cleaned", false): folder = nil
    default: break
    }
  }
}
