import ApexOne
import GRDB

/// An endpoint that a person said is gone for good.
package struct ForgottenEndpoint: Sendable, Hashable {
  package var name: String
  /// What was known of it: `unprotected`, `no-agent`, `perhaps-unprotected`.
  package var state: String
  package var reason: String
  /// The account of whoever said so.
  package var who: String
  /// Seconds since 1970.
  package var at: Double
}

extension Journal {
  /// Lets go of what is known to be wrong at endpoints, and keeps who said so, when and why. Throws where a living run
  /// still has one of them to do: then none is forgotten.
  package func forget(
    _ endpoints: [EndangeredEndpoint], server: String, reason: String, who: String, at date: Double
  ) throws(JournalError) {
    try writeNow { db in
      try checkClaims(db, of: 0, server: server, keys: endpoints.map(\.name.key))
      for endpoint in endpoints {
        try db.execute(
          sql: "INSERT INTO forgotten (server, key, name, state, reason, who, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: [server, endpoint.name.key, endpoint.name.text, endpoint.state, reason, who, date])
        // A row without a look: what broken-off runs did there before is let go of, too.
        try db.execute(
          sql: """
            INSERT OR REPLACE INTO inspections (server, key, name, after_event)
            VALUES (?, ?, ?, (SELECT coalesce(max(id), 0) FROM events))
            """,
          arguments: [server, endpoint.name.key, endpoint.name.text])
      }
    }
  }

  /// Endpoints of a run's plan that were forgotten since it began, in that order.
  package func forgotten(ofRun run: Int) throws(JournalError) -> [ForgottenEndpoint] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT f.name, f.state, f.reason, f.who, f.at FROM forgotten f
          JOIN runs r ON r.id = ?1 AND r.server = f.server AND f.at >= r.started
          WHERE f.key IN (SELECT key FROM run_agents WHERE run = ?1) ORDER BY f.id
          """,
        arguments: [run]
      ).map {
        ForgottenEndpoint(name: $0["name"], state: $0["state"], reason: $0["reason"], who: $0["who"], at: $0["at"])
      }
    }
  }
}
