package import ApexOne
import Foundation
import GRDB

// What a run writes: its begin, intents, notes, outcomes and its end.
extension Journal {
  /// Begins a run, carried by this process: its number, every agent of the plan, and the refused ones' outcomes,
  /// durable when it returns.
  package func beginRun(_ confirmed: ConfirmedPlan, parent: Int?, at date: Double) throws(JournalError) -> Int {
    let plan = confirmed.plan
    var head = plan
    head.agents = []
    guard let encoded = try? JSONEncoder().encode(head) else { preconditionFailure("a plan is always encodable") }
    let text = String(decoding: encoded, as: UTF8.self)
    var taken: Int?
    do {
      return try begin(plan, text, confirmed.words, parent, date, &taken)
    } catch {
      // Its number is free again: whoever gets it must not find it held.
      if let taken { disown(taken) }
      throw error
    }
  }

  private func begin(
    _ plan: Plan, _ text: String, _ confirmed: String, _ parent: Int?, _ date: Double, _ taken: inout Int?
  ) throws(JournalError) -> Int {
    try writeNow { db in
      try db.execute(
        sql: """
          INSERT INTO runs (server, remedy, state, digest, plan, planned, confirmed, parent, started)
          VALUES (?, ?, 'running', ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          plan.server, plan.remedy.rawValue, plan.digest, text, plan.agents.count, confirmed, parent, date,
        ])
      let run = Int(db.lastInsertedRowID)
      let keys = plan.agents.compactMap { $0.refusal == nil ? AgentName.key(of: $0.name) : nil }
      try checkClaims(db, of: run, server: plan.server, keys: keys)
      let insert = try db.cachedStatement(
        sql: """
          INSERT INTO run_agents (run, position, name, key, address, outcome, cause, detail, attempts, seconds)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)
          """)
      for (position, agent) in plan.agents.enumerated() {
        try insert.execute(arguments: [
          run, position, agent.name, AgentName.key(of: agent.name), agent.address,
          agent.refusal == nil ? nil : Outcome.refused.rawValue, agent.refusal?.cause.rawValue, agent.refusal?.text,
        ])
      }
      guard try own(run) else { throw JournalError.owned(run: run, isHere: owns(run)) }
      taken = run
      return run
    }
  }

  /// Makes an intent durable, while `meanwhile` goes on. Nothing is done to the endpoint before this returns.
  package func intend(
    _ step: RepairStep, run: Int, position: Int, at date: Double, meanwhile: () async -> Void = {}
  ) async throws(JournalError) {
    try await write(meanwhile: meanwhile) { try Journal.insert(step, $0, run, position, date) }
  }

  /// An agent begins, in a wave: an intent that changes nothing on the endpoint, durable with the next one that does.
  package func post(begun position: Int, in wave: RunWave, run: Int, at date: Double) {
    note(.begin(wave.text), run: run, position: position, at: date)
  }

  /// Notes what came of a step; durable with the next intent or outcome.
  package func note(_ step: RepairStep, run: Int, position: Int, at date: Double) {
    post { try Journal.insert(step, $0, run, position, date) }
  }

  private static func insert(
    _ step: RepairStep, _ db: Database, _ run: Int, _ position: Int, _ date: Double
  ) throws {
    let stored = step.stored
    try db.cachedStatement(
      sql: "INSERT INTO events (run, position, at, intent, step, detail) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [run, position, date, stored.intent, stored.step, stored.detail])
  }

  /// Writes an agent's outcome, with what was `seen` last at its endpoint; `whenDurable` is called when it is on disk, or
  /// with what went wrong. `isDoubtful`: a tool was started there, and whether it is protected is not known.
  package func record(
    _ result: AgentResult, seen: Inspection? = nil, isDoubtful: Bool = false, run: Int, at date: Double,
    whenDurable: @escaping @Sendable (JournalError?) -> Void
  ) {
    let write: @Sendable (Database) throws -> Void = { db in
      // Where nobody could look, it stays in doubt, whatever is taken to be the case there.
      let isDoubtful = isDoubtful || seen == nil && result.protected == false
      if seen != nil || isDoubtful {
        let server = try String.fetchOne(
          db.cachedStatement(sql: "SELECT server FROM runs WHERE id = ?"), arguments: [run])
        let (name, doubt) = (result.name, isDoubtful ? run : nil)
        if let seen, let server {
          try Journal.keep(seen, of: name, server: server, protected: result.protected, doubt: doubt, db)
        } else if let server {
          try Journal.doubt(name, server: server, run: run, db)
        }
      }
      try Journal.insert(.ended(result.outcome), db, run, result.position, date)
      try db.cachedStatement(
        sql: """
          UPDATE run_agents SET outcome = ?, cause = ?, protected = ?, detail = ?, attempts = ?, seconds = ?, at = ?,
            ended_event = ?
          WHERE run = ? AND position = ?
          """
      ).execute(arguments: [
        result.outcome.rawValue, result.cause?.rawValue, result.protected, result.detail, result.attempts,
        result.seconds, date, db.lastInsertedRowID, run, result.position,
      ])
    }
    post(write, whenDurable: whenDurable)
  }

  /// Ends a run, behind all that was queued. Agents without an outcome become `not-attempted`, those at the positions
  /// `unfinished`, which an earlier leg had begun, `unknown`. `closing`: what is counted anew when the run is carried on.
  package func endRun(
    _ run: Int, state: RunState, why: String?, cause: Cause?, unfinished: [Int] = [],
    closing: StopReason.Closing = StopReason.Closing(), at date: Double
  ) async throws(JournalError) {
    try await write { db in
      try Journal.countAnew(closing, ofRun: run, db)
      for position in unfinished {
        try db.execute(
          sql: "UPDATE run_agents SET outcome = ?, cause = ? WHERE run = ? AND position = ? AND outcome IS NULL",
          arguments: [Outcome.unknown.rawValue, cause?.rawValue, run, position])
      }
      try Journal.doubtUnfinished(db, run, unfinished)
      try db.execute(
        sql: "UPDATE run_agents SET outcome = ?, cause = ?, attempts = 0 WHERE run = ? AND outcome IS NULL",
        arguments: [Outcome.notAttempted.rawValue, cause?.rawValue, run])
      try db.execute(
        sql: "UPDATE runs SET state = ?, ended = ?, why = ? WHERE id = ?",
        arguments: [state.rawValue, date, why, run])
    }
  }

  /// Those of the agents that an earlier leg of a run had begun, and that nobody came back to, where a tool was started.
  private static func doubtUnfinished(_ db: Database, _ run: Int, _ positions: [Int]) throws {
    guard let server = try String.fetchOne(db, sql: "SELECT server FROM runs WHERE id = ?", arguments: [run]) else {
      return
    }
    for position in positions {
      let name = try String.fetchOne(
        db,
        sql: """
          SELECT name FROM run_agents a WHERE run = ?1 AND position = ?2 AND EXISTS (
            SELECT 1 FROM events WHERE run = ?1 AND position = ?2 AND intent = 1
              AND step IN (\(Journal.words(RepairStep.Name.toolStarts))))
          """,
        arguments: [run, position])
      if let name { try doubt(name, server: server, run: run, db) }
    }
  }

  /// Opens a run again, to be carried on by this process: outcomes that are left for another try are taken back.
  /// Durable when it returns where the run stands.
  @discardableResult
  package func reopenRun(_ run: Int) throws(JournalError) -> RunProgress {
    guard try own(run) else { throw .owned(run: run, isHere: owns(run)) }
    do {
      let progress = try progress(ofRun: run)
      try takeBack(run)
      return progress
    } catch {
      disown(run)
      throw error
    }
  }

  private func takeBack(_ run: Int) throws(JournalError) {
    let open = try openWords(ofRun: run)
    try writeNow { db in
      let server = try String.fetchOne(db, sql: "SELECT server FROM runs WHERE id = ?", arguments: [run]) ?? ""
      let keys = try String.fetchAll(
        db,
        sql: """
          SELECT key FROM run_agents WHERE run = ? AND (outcome IS NULL OR outcome IN (\(open)))
          """, arguments: [run])
      try checkClaims(db, of: run, server: server, keys: keys)
      try db.execute(sql: "UPDATE runs SET state = 'running', ended = NULL, why = NULL WHERE id = ?", arguments: [run])
      try db.execute(
        sql: """
          UPDATE run_agents SET outcome = NULL, cause = NULL, detail = NULL WHERE run = ? AND outcome IN (\(open))
          """, arguments: [run])
    }
  }
}
