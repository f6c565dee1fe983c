package import Foundation
import GRDB

/// A support case as the journal keeps it; `value` is JSON of the caller's making and holds no secret.
package struct CaseRecord: Sendable, Hashable {
  package var number: Int
  package var server: String
  package var created: Double
  package var closed: Double?
  package var value: String
  package var archive: String?
  /// The certificate that Support sent, DER.
  package var certificate: Data?
}

extension Journal {
  package func openCase(server: String, value: String, archive: String, at date: Double) throws(JournalError) -> Int {
    try writeNow { db in
      try db.execute(
        sql: "INSERT INTO cases (server, created, value, archive) VALUES (?, ?, ?, ?)",
        arguments: [server, date, value, archive])
      return Int(db.lastInsertedRowID)
    }
  }

  /// The number that the next case will get, for its archive's name.
  package func nextCase() throws(JournalError) -> Int {
    try read { db in
      (try Int.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'cases'") ?? 0) + 1
    }
  }

  package func cases(server: String? = nil) throws(JournalError) -> [CaseRecord] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM cases WHERE ?1 IS NULL OR server = ?1 ORDER BY id DESC", arguments: [server]
      ).map(CaseRecord.init)
    }
  }

  package func supportCase(_ number: Int) throws(JournalError) -> CaseRecord? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM cases WHERE id = ?", arguments: [number]).map(CaseRecord.init)
    }
  }

  package func attach(certificate: Data, toCase number: Int) throws(JournalError) {
    try writeNow { db in
      try db.execute(sql: "UPDATE cases SET certificate = ? WHERE id = ?", arguments: [certificate, number])
    }
  }

  package func closeCase(_ number: Int, at date: Double) throws(JournalError) {
    try writeNow { db in
      try db.execute(sql: "UPDATE cases SET closed = ? WHERE id = ?", arguments: [date, number])
    }
  }
}

extension CaseRecord {
  init(_ row: Row) {
    self.init(
      number: row["id"], server: row["server"], created: row["created"], closed: row["closed"], value: row["value"],
      archive: row["archive"], certificate: row["certificate"])
  }
}
