package import ApexOne
import Foundation
import GRDB

extension Journal {
  /// Keeps what was learned of a server (JSON of the caller's making; never a secret).
  package func keepFacts(_ json: String, server: String, at date: Double) throws(JournalError) {
    try writeNow { db in
      try db.execute(
        sql: """
          INSERT INTO servers (identity, facts, at) VALUES (?, ?, ?)
          ON CONFLICT (identity) DO UPDATE SET facts = excluded.facts, at = excluded.at
          """,
        arguments: [server, json, date])
    }
  }

  /// Keeps what was read of a server, with the certificates that it had before. Returns what is kept.
  @discardableResult
  package func keep(_ facts: ServerFacts, server: String, at date: Double) throws(JournalError) -> ServerFacts {
    var facts = facts
    if let before = try self.facts(server: server).flatMap({ ServerFacts(json: $0.json) }) { facts.follow(before) }
    try keepFacts(facts.json, server: server, at: date)
    return facts
  }

  /// Keeps the certificate that a server was seen to have, where what is known of it tells of another. `place`: where it
  /// was read.
  package func keep(
    certificate: AuthenticationCertificate, server: String, place: String, at date: Double
  ) throws(JournalError) {
    guard var facts = try self.facts(server: server).flatMap({ ServerFacts(json: $0.json) }),
      facts.certificate?.sha256 != certificate.sha256
    else { return }
    facts.certificate = ServerFacts.Certificate(certificate, place: place)
    facts.certificateProblem = nil
    try keep(facts, server: server, at: date)
  }

  /// The certificate of a server, as it was read last; nil where none was ever read.
  package func serverCertificate(of server: String) throws(JournalError) -> ServerFacts.Certificate? {
    try facts(server: server).flatMap { ServerFacts(json: $0.json) }?.knownCertificate
  }

  /// What was last learned of a server, and when (seconds since 1970).
  package func facts(server: String) throws(JournalError) -> (json: String, at: Double)? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT facts, at FROM servers WHERE identity = ?", arguments: [server])
        .map { ($0["facts"], $0["at"]) }
    }
  }

  /// The latest moment that the journal tells of, seconds since 1970; nil where it tells of none. A list counts as far as
  /// taking it can have lasted since what was done before it.
  package func latestMoment() throws(JournalError) -> Double? {
    try read { db in
      let done = try Double.fetchOne(
        db,
        sql: """
          SELECT max(at) FROM (SELECT at FROM (
            SELECT max(at) AS at FROM servers UNION ALL SELECT max(ended) FROM runs UNION ALL
            SELECT max(started) FROM runs UNION ALL SELECT * FROM (SELECT at FROM events ORDER BY id DESC LIMIT 1))
            WHERE at BETWEEN 0 AND 253402300799)
          """)
      let listed = try Double.fetchOne(
        db, sql: "SELECT max(at) FROM lists WHERE at <= ?", arguments: [(done ?? 0) + 1_800])
      return [done, listed].compactMap(\.self).max()
    }
  }

  /// Remembers the hashes of a server's tools; returns the names whose hash differs from the last time.
  package func keepTools(_ files: [PlannedFile], server: String, at date: Double) throws(JournalError) -> [String] {
    try writeNow { db in
      var changed: [String] = []
      for file in files {
        let before = try String.fetchOne(
          db, sql: "SELECT sha256 FROM tools WHERE server = ? AND name = ?", arguments: [server, file.name])
        if let before, before != file.sha256 { changed.append(file.name) }
        try db.execute(
          sql: """
            INSERT INTO tools (server, name, sha256, at) VALUES (?, ?, ?, ?)
            ON CONFLICT (server, name) DO UPDATE SET sha256 = excluded.sha256, at = excluded.at
            """,
          arguments: [server, file.name, file.sha256, date])
      }
      return changed
    }
  }
}
