import Crypto
import Foundation
import GRDB

/// A list on its way into the journal.
struct NewList: Sendable {
  let server: String
  let source: String
  let hostColumn: String?
  let at: Double

  /// Writes it, in a transaction of the caller's. `agents`, how many it holds, is asked for last.
  func insert(_ bytes: [UInt8], _ db: Database, agents: () throws -> Int) throws -> Int {
    let number = (try Int.fetchOne(db, sql: "SELECT max(id) FROM lists") ?? 0) + 1
    let sha256 = try ListParts.write(bytes, of: number, db)
    try db.execute(
      sql: """
        INSERT INTO lists (id, server, at, source, host_column, sha256, agents, after_run, after_event, bytes)
        VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM runs WHERE ended IS NOT NULL),
          (SELECT coalesce(max(id), 0) FROM events), x'')
        """,
      arguments: [number, server, at, source, hostColumn, sha256, try agents()])
    return number
  }
}

/// A list's raw bytes, in parts: SQLite holds a value in memory as a whole, and a list may have hundreds of megabytes.
/// They are hashed while they are at hand.
enum ListParts {
  static let size = 256 << 10

  /// Returns their SHA-256.
  static func write(_ bytes: [UInt8], of list: Int, _ db: Database) throws -> String {
    var hash = SHA256()
    let statement = try db.makeStatement(sql: "INSERT INTO list_parts (list, part, bytes) VALUES (?, ?, ?)")
    try bytes.withUnsafeBytes { all in
      for (part, start) in stride(from: 0, to: all.count, by: size).enumerated() {
        let bytes = UnsafeRawBufferPointer(rebasing: all[start..<min(start + size, all.count)])
        hash.update(bufferPointer: bytes)
        try statement.execute(arguments: [list, part, Data(bytes)])
      }
    }
    return Plan.digits(hash.finalize())
  }

  /// The bytes of a list that is there, and their SHA-256.
  static func read(of list: Int, _ db: Database) throws -> (bytes: [UInt8], sha256: String) {
    // A journal of version 1 had them in one piece.
    let pieces = [
      "SELECT bytes FROM lists WHERE id = ?", "SELECT bytes FROM list_parts WHERE list = ? ORDER BY part",
    ]
    let count = try Int.fetchOne(db, sql: "SELECT sum(length(bytes)) FROM list_parts WHERE list = ?", arguments: [list])
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count ?? 0)
    var hash = SHA256()
    for sql in pieces {
      let rows = try Row.fetchCursor(db, sql: sql, arguments: [list])
      while let row = try rows.next() {
        try row.withUnsafeData(atIndex: 0) { data in
          guard let data else { return }
          hash.update(data: data)
          bytes += data
        }
      }
    }
    return (bytes, Plan.digits(hash.finalize()))
  }
}
