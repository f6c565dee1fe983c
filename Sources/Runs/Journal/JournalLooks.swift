package import ApexOne
import Foundation
import GRDB

/// What became of an agent in the newest run that held it.
package struct LastResult: Sendable, Hashable {
  package var run: Int
  package var outcome: Outcome
}

// What commands that only look ask the journal.
extension Journal {
  /// The newest result of every agent that runs of this server held, by the agent's key.
  package func lastResults(server: String) throws(JournalError) -> [String: LastResult] {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT t.key, t.run, t.outcome,
            t.outcome IS NULL AND EXISTS (
              SELECT 1 FROM events e WHERE e.run = t.run AND e.position = t.position) AS begun
          FROM (
            SELECT key, max(run) AS run, position, outcome FROM run_agents
            WHERE run IN (SELECT id FROM runs WHERE server = ?) GROUP BY key) t
          """,
        arguments: [server])
      var results: [String: LastResult] = [:]
      while let row = try rows.next() {
        let begun: Bool = row["begun"]
        let outcome = (row["outcome"] as String?).flatMap(Outcome.init)
        results[row["key"]] = LastResult(run: row["run"], outcome: outcome ?? (begun ? .unknown : .notAttempted))
      }
      return results
    }
  }

  /// SHA-256 of the certificate that a run deploys; nil where there is no such run.
  static func certificateSHA256(_ db: Database, ofRun number: Int) throws -> String? {
    struct Deployed: Decodable { let certificateSHA256: String }
    let text = try String.fetchOne(db, sql: "SELECT plan FROM runs WHERE id = ?", arguments: [number])
    return text.flatMap { try? JSONDecoder().decode(Deployed.self, from: Data($0.utf8)) }?.certificateSHA256
  }

  /// The options that a run was confirmed with; nil where there is no such run.
  package func options(ofRun number: Int) throws(JournalError) -> RunOptions? { try planHead(ofRun: number)?.options }

  /// A run's plan without its agents, which are kept beside it: so this stays small.
  package func planHead(ofRun number: Int) throws(JournalError) -> Plan? {
    try read { try Journal.planHead($0, ofRun: number) }
  }

  private static func planHead(_ db: Database, ofRun number: Int) throws -> Plan? {
    try String.fetchOne(db, sql: "SELECT plan FROM runs WHERE id = ?", arguments: [number]).map {
      try JSONDecoder().decode(Plan.self, from: Data($0.utf8))
    }
  }

  /// When each agent of a run ended, in seconds since 1970, by position; one that was not attempted, or that the plan
  /// refused, never did.
  package func ends(ofRun number: Int) throws(JournalError) -> [Int: Double] {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT position, at FROM run_agents
          WHERE run = ? AND at IS NOT NULL AND outcome IS NOT NULL AND outcome <> ?
          """,
        arguments: [number, Outcome.notAttempted.rawValue])
      var ends: [Int: Double] = [:]
      while let row = try rows.next() { ends[row["position"]] = row["at"] }
      return ends
    }
  }

  /// Every server that something was learned of, in order of identity; what can't be read any more is left out.
  package func servers() throws(JournalError) -> [(identity: String, facts: ServerFacts)] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT identity, facts FROM servers ORDER BY identity").compactMap { row in
        ServerFacts(json: row["facts"]).map { (row["identity"], $0) }
      }
    }
  }

  /// The hashes of a server's tools at the last look, by name.
  package func tools(server: String) throws(JournalError) -> [String: (sha256: String, at: Double)] {
    try read { db in
      var tools: [String: (sha256: String, at: Double)] = [:]
      for row in try Row.fetchAll(
        db, sql: "SELECT name, sha256, at FROM tools WHERE server = ?", arguments: [server])
      {
        tools[row["name"]] = (row["sha256"], row["at"])
      }
      return tools
    }
  }
}
