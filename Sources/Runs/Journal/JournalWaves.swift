package import ApexOne
import GRDB

/// A wave of a run: its place among all of them.
package struct RunWave: Sendable, Hashable {
  /// From 1; 0 for what an earlier leg of the run had left half done, which makes no wave.
  package var number: Int
  /// How many there are.
  package var count: Int

  package init(number: Int, count: Int) { (self.number, self.count) = (number, count) }

  /// As people read it in the steps of an agent: `wave 2 of 4`.
  var text: String { "wave \(number) of \(count)" }
}

/// What failed in a run so far and is still counted when the run is carried on.
package struct RunFailures: Sendable, Hashable {
  /// One cause of failures that came one after the other.
  package struct Row: Sendable, Hashable {
    package var cause: Cause?
    package var count = 0
  }

  /// Those that spend `max-failures`, by cause: since the run began, or since a budget stopped it.
  package var causes: [Cause?: Int] = [:]
  /// Agents that were protected at their look and were not at their end, since then.
  package var lost = 0
  /// The wave that had begun and was not judged; nil where none was.
  package var openWave: Int?
  /// Failures of that wave by cause.
  package var waveCauses: [Cause?: Int] = [:]
  /// The newest failures since then, as far as they have one cause.
  package var row = Row()

  package init() {}
}

extension Journal {
  /// The step of an agent that begins.
  static let begunStep = RepairStep.Name.begin.rawValue

  /// A wave begins; durable with the next intent. `isContinued`: an earlier leg had begun it.
  package func post(wave: RunWave, isContinued: Bool, run: Int) {
    post { db in
      try db.execute(
        sql: """
          INSERT INTO waves (run, number, count, after_event, counts_from)
          SELECT ?1, ?2, ?3, now, coalesce(
            CASE WHEN ?4 THEN (SELECT counts_from FROM waves WHERE run = ?1 AND number > 0 ORDER BY id DESC LIMIT 1) END, now)
          FROM (SELECT coalesce(max(id), 0) AS now FROM events)
          """,
        arguments: [run, wave.number, wave.count, isContinued])
    }
  }

  /// A run's end closes what was counted, where it was that which stopped it.
  static func countAnew(_ counts: StopReason.Closing, ofRun run: Int, _ db: Database) throws {
    if counts.wave { try db.execute(sql: "UPDATE waves SET judged = 1 WHERE run = ?", arguments: [run]) }
    if counts.budget {
      try db.execute(
        sql: "UPDATE runs SET counts_from = (SELECT coalesce(max(id), 0) FROM events) WHERE id = ?", arguments: [run])
    }
  }

  /// The wave that a run is in, or ended in. Nil where none has begun.
  package func wave(ofRun run: Int) throws(JournalError) -> RunWave? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT number, count FROM waves WHERE run = ? ORDER BY id DESC LIMIT 1", arguments: [run])
    }.map { RunWave(number: $0["number"], count: $0["count"]) }
  }

  /// The wave in which each agent of a run began, the last time that it did, by position.
  package func waves(ofRun run: Int) throws(JournalError) -> [Int: RunWave] {
    try read { db in
      let begun = try Row.fetchAll(
        db, sql: "SELECT number, count, after_event FROM waves WHERE run = ? ORDER BY id", arguments: [run]
      ).map { (wave: RunWave(number: $0["number"], count: $0["count"]), after: $0["after_event"] as Int) }
      var waves: [Int: RunWave] = [:]
      var index = -1
      let rows = try Row.fetchCursor(
        db, sql: "SELECT id, position FROM events WHERE run = ? AND intent = 1 AND step = ? ORDER BY id",
        arguments: [run, Journal.begunStep])
      while let row = try rows.next() {
        while index + 1 < begun.count, begun[index + 1].after < row["id"] as Int { index += 1 }
        if index >= 0 { waves[row["position"]] = begun[index].wave }
      }
      return waves
    }
  }

  /// What of a run's `kept` outcomes still counts when it is carried on.
  func failures(ofRun run: Int, kept: [Int: AgentResult]) throws(JournalError) -> RunFailures {
    try read { db in
      var failures = RunFailures()
      let budgetFrom = try Int.fetchOne(db, sql: "SELECT counts_from FROM runs WHERE id = ?", arguments: [run]) ?? 0
      let open = try Row.fetchOne(
        db,
        sql: """
          SELECT number, counts_from FROM waves WHERE run = ? AND number > 0 AND judged = 0 ORDER BY id DESC LIMIT 1
          """, arguments: [run])
      failures.openWave = open?["number"]
      let waveFrom = open.map { $0["counts_from"] as Int } ?? .max
      let ended = try Row.fetchCursor(
        db,
        sql: """
          SELECT position, ended_event FROM run_agents WHERE run = ? AND ended_event IS NOT NULL ORDER BY ended_event
          """, arguments: [run])
      while let row = try ended.next() {
        guard let result = kept[row["position"]] else { continue }
        let event: Int = row["ended_event"]
        if result.protected == false, event > budgetFrom, try wasProtected(db, run, result.position) {
          failures.lost += 1
        }
        guard result.outcome.isFailure else { continue }
        if event > budgetFrom {
          failures.row.follow(result)
          failures.causes[result.cause, default: 0] += 1
        }
        if event > waveFrom { failures.waveCauses[result.cause, default: 0] += 1 }
      }
      return failures
    }
  }

  /// The look before anything was done at an agent's endpoint found it protected.
  private func wasProtected(_ db: Database, _ run: Int, _ position: Int) throws -> Bool {
    let line = try String.fetchOne(
      db,
      sql: """
        SELECT detail FROM events WHERE run = ? AND position = ? AND intent = 0 AND step = ? ORDER BY id LIMIT 1
        """, arguments: [run, position, RepairStep.Name.looked.rawValue])
    return line.flatMap(AgentFacts.init(line:))?.isProtected == true
  }
}

extension RunFailures.Row {
  /// Counts an end; one that shows nothing of the tool neither lengthens nor breaks the row.
  mutating func follow(_ result: AgentResult) {
    guard result.outcome.isFailure else { return }
    if count > 0, cause == result.cause { count += 1 } else { (cause, count) = (result.cause, 1) }
  }
}
