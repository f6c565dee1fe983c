package import ApexOne
import Foundation
import GRDB

package enum RunState: String, Sendable, Hashable, Codable { case running, finished, stopped, interrupted }

/// One run as the journal knows it.
package struct RunRecord: Sendable, Hashable {
  package var number: Int
  package var server: String
  package var remedy: Remedy
  package var state: RunState
  package var digest: String
  package var planned: Int
  /// What was typed to confirm it.
  package var confirmed: String
  package var parent: Int?
  /// Seconds since 1970.
  package var started: Double
  package var ended: Double?
  /// Why it stopped before its end.
  package var why: String?
}

/// One step of one agent: an intent (durable before the act) or what came of it.
package struct RunEvent: Sendable, Hashable {
  /// Seconds since 1970.
  package var at: Double
  /// As it stands in the journal, to be shown.
  package var stored: StoredStep

  package var isIntent: Bool { stored.intent == 1 }
  package var word: String { stored.step }
  package var detail: String? { stored.detail }
  package var name: RepairStep.Name? { stored.name }
  package var step: RepairStep { RepairStep(stored) }

  init(_ row: Row) {
    at = row["at"]
    stored = StoredStep(intent: row["intent"], step: row["step"], detail: row["detail"])
  }
}

// What is read of runs.
extension Journal {
  /// Runs of a server, or of all; newest first.
  package func runs(server: String? = nil, limit: Int = 1_000) throws(JournalError) -> [RunRecord] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM runs WHERE ?1 IS NULL OR server = ?1 ORDER BY id DESC LIMIT ?2",
        arguments: [server, limit]
      ).map(RunRecord.init)
    }.map(asItStands)
  }

  static let brokenOff = "apexsh ended in the middle of it"

  /// A run that has no end and that no living process carries was interrupted.
  private func asItStands(_ run: RunRecord) -> RunRecord {
    guard run.state == .running, !RunOwner.isHeld(run: run.number, journal: path) else { return run }
    var run = run
    run.state = .interrupted
    run.why = run.why ?? Journal.brokenOff
    return run
  }

  package func run(_ number: Int) throws(JournalError) -> RunRecord? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM runs WHERE id = ?", arguments: [number]).map(RunRecord.init)
    }.map(asItStands)
  }

  /// The plan of a run, with its agents.
  package func plan(ofRun number: Int) throws(JournalError) -> Plan? {
    try read { db in
      guard let text = try String.fetchOne(db, sql: "SELECT plan FROM runs WHERE id = ?", arguments: [number])
      else { return nil }
      var plan = try JSONDecoder().decode(Plan.self, from: Data(text.utf8))
      let rows = try Row.fetchCursor(
        db, sql: "SELECT name, address, outcome, cause, detail FROM run_agents WHERE run = ? ORDER BY position",
        arguments: [number])
      while let row = try rows.next() {
        let isRefused = (row["outcome"] as String?) == Outcome.refused.rawValue
        let cause = (row["cause"] as String?).flatMap(Cause.init) ?? .unexpected
        plan.agents.append(
          PlannedAgent(
            name: row["name"], address: row["address"],
            refusal: isRefused ? Refusal(cause, row["detail"] ?? "") : nil))
      }
      return plan
    }
  }

  /// Every agent of a run in plan order. One without an outcome is `unknown` where it had begun, `unreachable` where it
  /// was to be tried again, else `not-attempted`.
  package func results(ofRun number: Int) throws(JournalError) -> [AgentResult] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT *, CASE WHEN outcome IS NULL THEN
            (SELECT step FROM events WHERE run = a.run AND position = a.position ORDER BY id DESC LIMIT 1)
          END AS last
          FROM run_agents a WHERE run = ? ORDER BY position
          """,
        arguments: [number]
      ).map(AgentResult.init)
    }
  }

  /// What runs did with one agent, newest run first.
  package func results(
    ofAgent key: String, server: String
  ) throws(JournalError) -> [(run: RunRecord, result: AgentResult)] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT a.*, 'begun' AS last, r.id AS id FROM run_agents a JOIN runs r ON r.id = a.run
          WHERE a.key = ? AND r.server = ? ORDER BY a.run DESC LIMIT 100
          """,
        arguments: [key, server]
      ).compactMap { row in
        let run = try Row.fetchOne(db, sql: "SELECT * FROM runs WHERE id = ?", arguments: [row["id"] as Int])
        return run.map { (RunRecord($0), AgentResult(row)) }
      }
    }
  }

  /// The steps of one agent in a run, in order.
  package func events(ofRun run: Int, position: Int) throws(JournalError) -> [RunEvent] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT at, intent, step, detail FROM events WHERE run = ? AND position = ? ORDER BY id",
        arguments: [run, position]
      ).map(RunEvent.init)
    }
  }
}

extension Journal {
  /// How each tool of a run ended, oldest first: the steps `executed` and `uninstalled`.
  package func toolEnds(ofRun run: Int) throws(JournalError) -> [(position: Int, step: RepairStep)] {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT position, at, intent, step, detail FROM events
          WHERE run = ? AND intent = 0 AND step IN (\(Journal.words(RepairStep.Name.toolEnds))) ORDER BY id
          """, arguments: [run])
      var ends: [(position: Int, step: RepairStep)] = []
      while let row = try rows.next() { ends.append((row["position"], RunEvent(row).step)) }
      return ends
    }
  }
}

extension RunRecord {
  init(_ row: Row) {
    self.init(
      number: row["id"], server: row["server"], remedy: Remedy(rawValue: row["remedy"]) ?? .transfer,
      state: RunState(rawValue: row["state"]) ?? .interrupted, digest: row["digest"], planned: row["planned"],
      confirmed: row["confirmed"], parent: row["parent"], started: row["started"], ended: row["ended"],
      why: row["why"])
  }
}

extension AgentResult {
  init(_ row: Row) {
    let last: String? = row["last"]
    let open: Outcome =
      last == nil ? .notAttempted : last == RepairStep.Name.unreachable.rawValue ? .unreachable : .unknown
    let outcome = (row["outcome"] as String?).flatMap(Outcome.init)
    self.init(
      position: row["position"], name: row["name"], outcome: outcome ?? open,
      cause: (row["cause"] as String?).flatMap(Cause.init), protected: row["protected"], detail: row["detail"],
      attempts: row["attempts"] ?? 0, seconds: row["seconds"] ?? 0)
  }
}
