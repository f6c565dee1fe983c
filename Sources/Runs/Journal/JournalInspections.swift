package import ApexOne
import GRDB

/// What the newest look at an agent's endpoint found, whoever looked: a run, or a command that only looks.
package struct Inspection: Sendable, Hashable {
  package enum Looker: Sendable, Hashable, CustomStringConvertible {
    case run(Int)
    /// A command that changes nothing: `check agent`.
    case command(String)

    package var description: String {
      switch self {
      case .run(let number): "run \(number)"
      case .command(let words): words
      }
    }
  }

  /// Seconds since 1970, by the server's clock.
  package var at: Double
  package var by: Looker
  package var facts: AgentFacts
  /// Names that the machine may call itself though none is the agent's (`--other-machine`). Not kept.
  package var otherMachines: [String] = []

  package init(_ facts: AgentFacts, at: Double, by: Looker, otherMachines: [String] = []) {
    self.at = at
    self.by = by
    self.facts = facts
    self.otherMachines = otherMachines
  }

  /// The machine's own names say that it is the agent's.
  func isNamed(_ agent: String) -> Bool { facts.machine.match(agent, or: otherMachines) == .same }
}

/// An endpoint that no inspection has proved well since something was wrong there.
package struct EndangeredEndpoint: Sendable, Hashable {
  package var name: AgentName
  /// Required services did not run, or a run took its agent away.
  package var isUnprotected: Bool
  /// No agent was installed.
  package var hasNoAgent: Bool
  /// The run that started a tool there, where nothing was seen since.
  package var doubtfulRun: Int?
  /// The last one that a run knew; may hold several.
  package var address: String?

  /// `no-agent`, `unprotected`, `perhaps-unprotected`
  package var state: String { hasNoAgent ? "no-agent" : isUnprotected ? "unprotected" : "perhaps-unprotected" }
}

// The newest inspection of each agent, kept over lists and runs.
extension Journal {
  /// Keeps what a command saw; durable with the next write that returns, or with `flush`.
  package func keep(_ inspection: Inspection, of name: String, server: String) {
    post { db in
      try Journal.keep(inspection, of: name, server: server, protected: inspection.facts.isProtected, db)
    }
  }

  /// Returns when all that was queued is on disk.
  package func flush() async throws(JournalError) { try await write { _ in } }

  /// `protected`: as the run counts it, which knows of an agent that it took away.
  ///
  /// Where something is known to be wrong at the agent's endpoint, only what is known to be that endpoint can end it or
  /// stand in place of what was seen there: the machine's names say so, or its agent has the GUID that was seen with it.
  static func keep(
    _ inspection: Inspection, of name: String, server: String, protected: Bool?, doubt: Int? = nil, _ db: Database
  ) throws {
    if !inspection.isNamed(name), try isOfAnother(inspection.facts, name, server, db) {
      if let doubt { try Journal.doubt(name, server: server, run: doubt, db) }
      return
    }
    var (run, command): (Int?, String?)
    switch inspection.by {
    case .run(let number): run = number
    case .command(let words): command = words
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO inspections (server, key, name, at, run, command, facts, agent, protected, doubt, after_event)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM events))
        ON CONFLICT (server, key) DO UPDATE SET name = excluded.name, at = excluded.at, run = excluded.run,
          command = excluded.command, facts = excluded.facts, agent = excluded.agent,
          protected = CASE WHEN excluded.protected IS NOT NULL THEN excluded.protected WHEN protected = 0 THEN 0 END,
          after_event = excluded.after_event,
          doubt = CASE WHEN excluded.protected IS NULL AND excluded.agent = 1 THEN coalesce(excluded.doubt, doubt) END
        """
    ).execute(arguments: [
      server, AgentName.key(of: name), name, inspection.at, run, command, inspection.facts.line,
      inspection.facts.isInstalled, protected, doubt,
    ])
  }

  /// Something is wrong at the agent's endpoint, and nothing says that this is what was seen there.
  private static func isOfAnother(
    _ facts: AgentFacts, _ name: String, _ server: String, _ db: Database
  ) throws -> Bool {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT facts FROM inspections
        WHERE server = ? AND key = ? AND (protected = 0 OR agent = 0 OR doubt IS NOT NULL)
        """,
      arguments: [server, AgentName.key(of: name)])
    guard let row else { return false }
    let known = (row["facts"] as String?).flatMap(AgentFacts.init(line:))?.guid ?? ""
    return known.isEmpty || known.lowercased() != facts.guid?.lowercased()
  }

  /// A tool was started at an endpoint by a run, and nothing was seen since.
  static func doubt(_ name: String, server: String, run: Int, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO inspections (server, key, name, doubt) VALUES (?, ?, ?, ?)
        ON CONFLICT (server, key) DO UPDATE SET doubt = excluded.doubt,
          protected = CASE WHEN protected = 0 THEN 0 END
        """
    ).execute(arguments: [server, AgentName.key(of: name), name, run])
  }

  /// The newest inspection of an agent; nil where it was never looked at. Runs of older versions kept only the look before
  /// anything was done: that of the newest run is taken where it did nothing since, or proved the agent.
  package func inspection(ofAgent key: String, server: String) throws(JournalError) -> Inspection? {
    try read { db in
      let kept = try Row.fetchOne(
        db, sql: "SELECT at, run, command, facts FROM inspections WHERE server = ? AND key = ?",
        arguments: [server, key])
      return try kept.flatMap(Inspection.init) ?? Journal.looked(db, key, server)
    }
  }

  private static func looked(_ db: Database, _ key: String, _ server: String) throws -> Inspection? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT e.at, e.run, NULL AS command, e.detail AS facts, a.outcome = 'repaired' AS proved, a.at AS ended,
          EXISTS (
            SELECT 1 FROM events x WHERE x.run = e.run AND x.position = e.position AND x.id > e.id AND x.intent = 1
              AND x.step IN (\(words(RepairStep.Name.toolStarts + [.startService])))) AS changed
        FROM run_agents a JOIN runs r ON r.id = a.run JOIN events e ON e.run = a.run AND e.position = a.position
        WHERE a.key = ?1 AND r.server = ?2 AND e.intent = 0 AND e.step IN (\(words(RepairStep.Name.inspections)))
        ORDER BY e.id DESC LIMIT 1
        """,
      arguments: [key, server])
    guard let row, var look = Inspection(row) else { return nil }
    if row["changed"] as Int? != 1 { return look }
    guard row["proved"] as Int? == 1 else { return nil }
    // What a proof is.
    look.at = row["ended"] ?? look.at
    look.facts.isInstalled = true
    look.facts.certificate = .equal
    look.facts.certificateSHA256 = try certificateSHA256(db, ofRun: row["run"])
    for name in AgentService.required { look.facts[service: name] = ServiceFact(.running) }
    return look
  }

  /// Endpoints of a server that are not known to be well, in order of their names.
  package func endangered(server: String) throws(JournalError) -> [EndangeredEndpoint] {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT key, name, agent, protected, doubt, (
            SELECT a.address FROM run_agents a JOIN runs r ON r.id = a.run
            WHERE a.key = i.key AND r.server = i.server AND a.address IS NOT NULL ORDER BY a.run DESC LIMIT 1) AS address
          FROM inspections i
          WHERE server = ? AND (protected = 0 OR agent = 0 OR doubt IS NOT NULL)
          """,
        arguments: [server])
      var found: [String: EndangeredEndpoint] = [:]
      while let row = try rows.next() {
        guard let name = AgentName(row["name"]) else { continue }
        found[row["key"]] = EndangeredEndpoint(
          name: name, isUnprotected: row["protected"] as Int? == 0, hasNoAgent: row["agent"] as Int? == 0,
          doubtfulRun: row["doubt"], address: row["address"])
      }
      for (name, address, run) in try doubtful(db, server) where found[name.key] == nil {
        found[name.key] = EndangeredEndpoint(
          name: name, isUnprotected: false, hasNoAgent: false, doubtfulRun: run, address: address)
      }
      return found.values.sorted { $0.name < $1.name }
    }
  }

  /// Agents at whose endpoints a run had started its tool when its process died, and that were not looked at since.
  private func doubtful(_ db: Database, _ server: String) throws -> [(AgentName, address: String?, run: Int)] {
    let running = try Int.fetchAll(
      db, sql: "SELECT id FROM runs WHERE server = ? AND state = 'running'", arguments: [server])
    var found: [(AgentName, address: String?, run: Int)] = []
    for run in running where !RunOwner.isHeld(run: run, journal: path) {
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT DISTINCT a.name, a.address FROM run_agents a
          JOIN events e ON e.run = a.run AND e.position = a.position
          LEFT JOIN inspections i ON i.server = ?2 AND i.key = a.key
          WHERE a.run = ?1 AND (a.outcome IS NULL OR a.outcome = 'unknown') AND a.protected IS NULL
            AND e.intent = 1 AND e.step IN (\(Journal.words(RepairStep.Name.toolStarts)))
            AND (i.after_event IS NULL OR i.after_event < e.id)
          """,
        arguments: [run, server])
      found += rows.compactMap { row in AgentName(row["name"]).map { ($0, row["address"], run) } }
    }
    return found
  }
}

extension Inspection {
  fileprivate init?(_ row: Row) {
    guard let at = row["at"] as Double?, let facts = (row["facts"] as String?).flatMap(AgentFacts.init(line:)) else {
      return nil
    }
    let run: Int? = row["run"]
    self.init(facts, at: at, by: run.map { .run($0) } ?? .command(row["command"] ?? "a look"))
  }
}
