import Foundation
import GRDB

/// A list of mismatched agents as it was taken: the raw bytes; rows are derived from them.
package struct ListRecord: Sendable, Hashable {
  package var number: Int
  /// The server's identity; empty for a list read without a server.
  package var server: String
  /// Seconds since 1970.
  package var at: Double
  /// Where it came from: the tool's command line, or the file.
  package var source: String
  /// The column that names the host, where the administrator said so.
  package var hostColumn: String?
  package var sha256: String
  package var agents: Int
}

extension Journal {
  /// Keeps a list. Returns its number.
  @discardableResult
  package func keepList(
    server: String, bytes: [UInt8], source: String, hostColumn: String?, agents: Int, at date: Double
  ) throws(JournalError) -> Int {
    let sha256 = Plan.sha256(bytes)
    return try writeNow { db in
      try db.execute(
        sql: """
          INSERT INTO lists (server, at, source, host_column, sha256, agents, after_run, after_event, bytes)
          VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM runs WHERE ended IS NOT NULL),
            (SELECT coalesce(max(id), 0) FROM events), ?)
          """,
        arguments: [server, date, source, hostColumn, sha256, agents, Data(bytes)])
      return Int(db.lastInsertedRowID)
    }
  }

  /// The newest lists of a server, newest first, without their bytes.
  package func lists(server: String, limit: Int = 2) throws(JournalError) -> [ListRecord] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT id, server, at, source, host_column, sha256, agents FROM lists
          WHERE server = ? ORDER BY id DESC LIMIT ?
          """,
        arguments: [server, limit]
      ).map {
        ListRecord(
          number: $0["id"], server: $0["server"], at: $0["at"], source: $0["source"], hostColumn: $0["host_column"],
          sha256: $0["sha256"], agents: $0["agents"])
      }
    }
  }

  /// The raw bytes of a list, checked against their hash.
  package func bytes(ofList number: Int) throws(JournalError) -> [UInt8] {
    let found: ([UInt8], String)? = try read { db in
      try Row.fetchOne(db, sql: "SELECT bytes, sha256 FROM lists WHERE id = ?", arguments: [number])
        .map { ([UInt8]($0["bytes"] as Data), $0["sha256"]) }
    }
    guard let (bytes, sha256) = found else { throw .cannotRead(reason: "it holds no list \(number)") }
    guard Plan.sha256(bytes) == sha256 else { throw .cannotRead(reason: "list \(number) is damaged") }
    return bytes
  }

  /// Names (keys) of agents that runs of this server proved since a list was taken.
  package func proved(since list: ListRecord) throws(JournalError) -> Set<String> {
    try read { db in
      try Set(
        String.fetchAll(
          db,
          sql: """
            SELECT a.key FROM run_agents a JOIN runs r ON r.id = a.run JOIN lists l ON l.id = ?
            WHERE r.server = l.server
              AND (a.ended_event > l.after_event OR l.after_event IS NULL AND a.run > l.after_run AND a.at >= l.at)
              AND a.outcome IN ('repaired', 'already-matching')
            """,
          arguments: [list.number]))
    }
  }
}

extension Journal {
  /// Drops the lists of a server that exists no more.
  package func forgetLists(server: String) throws(JournalError) {
    try writeNow { try $0.execute(sql: "DELETE FROM lists WHERE server = ?", arguments: [server]) }
  }
}
