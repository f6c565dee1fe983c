import Dispatch
import GRDB
import Synchronization

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
  /// Keeps a list that was read already. Returns its number.
  @discardableResult
  package func keepList(
    server: String, bytes: [UInt8], source: String, hostColumn: String?, agents: Int, at date: Double
  ) throws(JournalError) -> Int {
    let record = NewList(server: server, source: source, hostColumn: hostColumn, at: date)
    return try writeNow { db in try record.insert(bytes, db) { agents } }
  }

  /// Keeps a list while `read` looks into it on another thread: its bytes are on their way to the disk meanwhile. Where
  /// `read` throws, that is thrown and nothing is kept.
  package func keepList<List: Sendable>(
    server: String, bytes: [UInt8], source: String, hostColumn: String?, at date: Double,
    reading read: @Sendable () throws -> (list: List, agents: Int)
  ) throws -> (list: List, number: Int) {
    let record = NewList(server: server, source: source, hostColumn: hostColumn, at: date)
    let found = Mutex<Result<(list: List, agents: Int), any Error>?>(nil)
    let number = Mutex<Result<Int, any Error>?>(nil)
    let isRead = DispatchSemaphore(value: 0)
    // Where there is but one thread for the two, the first is done first: the second doesn't wait in vain.
    DispatchQueue.concurrentPerform(iterations: 2) { step in
      if step == 0 {
        let result = Result(catching: read)
        found.withLock { $0 = result }
        isRead.signal()
      } else {
        let result = Result { () throws -> Int in
          try writeNow { db in
            try record.insert(bytes, db) {
              isRead.wait()
              return try found.withLock { try $0?.get().agents ?? 0 }
            }
          }
        }
        number.withLock { $0 = result }
      }
    }
    guard let list = try found.withLock({ try $0?.get().list }), let number = try number.withLock({ try $0?.get() })
    else { preconditionFailure("both steps were done") }
    return (list, number)
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
    let found: (kept: (bytes: [UInt8], sha256: String), sha256: String)? = try read { db in
      let sha256 = try String.fetchOne(db, sql: "SELECT sha256 FROM lists WHERE id = ?", arguments: [number])
      return try sha256.map { (try ListParts.read(of: number, db), $0) }
    }
    guard let found else { throw .cannotRead(reason: "it holds no list \(number)") }
    guard found.kept.sha256 == found.sha256 else { throw .cannotRead(reason: "list \(number) is damaged") }
    return found.kept.bytes
  }

  /// Names (keys) of agents that runs of this server proved since a list was taken, and no later run has put in doubt.
  /// `certificate`: SHA-256 of the server's certificate; the newest proof counts where it is one with that.
  package func proved(since list: ListRecord, with certificate: String? = nil) throws(JournalError) -> Set<String> {
    Set(try proofs(since: list).filter { certificate == nil || $0.value == certificate }.keys)
  }

  /// The newest proof of each agent (by key) since a list was taken: SHA-256 of the certificate that the run deployed.
  package func proofs(since list: ListRecord) throws(JournalError) -> [String: String] {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT a.key, max(a.run) FROM run_agents a JOIN runs r ON r.id = a.run JOIN lists l ON l.id = ?
          WHERE r.server = l.server
            AND (a.ended_event > l.after_event OR l.after_event IS NULL AND a.run > l.after_run AND a.at >= l.at)
            AND a.outcome IN ('repaired', 'already-matching')
          GROUP BY a.key
          """,
        arguments: [list.number])
      var (proofs, deployed): ([String: String], [Int: String]) = ([:], [:])
      while let row = try rows.next() {
        let run: Int = row[1]
        let certificate = try deployed[run] ?? Journal.certificateSHA256(db, ofRun: run) ?? ""
        deployed[run] = certificate
        proofs[row[0]] = certificate
      }
      if !proofs.isEmpty { for key in try doubted(db, since: list) { proofs[key] = nil } }
      return proofs
    }
  }

  /// Those that a later run than the last one that proved them worked on, without proving them.
  private func doubted(_ db: Database, since list: ListRecord) throws -> Set<String> {
    try Set(
      String.fetchAll(
        db,
        sql: """
          WITH doubts AS (
            SELECT a.key AS key, max(a.run) AS run
            FROM run_agents a JOIN runs r ON r.id = a.run JOIN lists l ON l.id = ?
            WHERE r.server = l.server AND a.outcome IN ('failed', 'unproved', 'unknown', 'reboot-required')
            GROUP BY a.key)
          SELECT key FROM doubts d WHERE NOT EXISTS (
            SELECT 1 FROM run_agents g
            WHERE g.key = d.key AND g.run > d.run AND g.outcome IN ('repaired', 'already-matching'))
          """,
        arguments: [list.number]))
  }
}

extension Journal {
  /// Drops the lists of a server that exists no more, and what was seen at its endpoints; runs of it that nobody carries
  /// are over.
  package func forgetLists(server: String) throws(JournalError) {
    try writeNow { db in
      try db.execute(sql: "DELETE FROM inspections WHERE server = ?", arguments: [server])
      let running = try Int.fetchAll(
        db, sql: "SELECT id FROM runs WHERE server = ? AND state = 'running'", arguments: [server])
      for run in running where !RunOwner.isHeld(run: run, journal: path) {
        try db.execute(
          sql: "UPDATE runs SET state = 'interrupted', why = coalesce(why, ?) WHERE id = ?",
          arguments: [Journal.brokenOff, run])
      }
      try db.execute(
        sql: "DELETE FROM list_parts WHERE list IN (SELECT id FROM lists WHERE server = ?)", arguments: [server])
      try db.execute(sql: "DELETE FROM lists WHERE server = ?", arguments: [server])
    }
  }
}
