package import Foundation
import GRDB

/// A support case as the journal keeps it; `value` is JSON of the caller's making and holds no secret.
package struct CaseRecord: Sendable, Hashable {
  package var number: Int
  /// The server's identity; empty where no server was set.
  package var server: String
  /// Seconds since 1970.
  package var created: Double
  package var closed: Double?
  package var value: String
  /// The archive's full path, as it was made.
  package var archive: String
  /// The certificate that Support sent, DER.
  package var certificate: Data?
}

/// A case gets its number first, since its archive bears it, and becomes one when its archive is whole: a row without an
/// archive is a case that was never finished, and nobody sees it.
extension Journal {
  /// Takes the next number, for `finishCase` or `abandonCase`.
  package func reserveCase(server: String, at date: Double) throws(JournalError) -> Int {
    try writeNow { db in
      try db.execute(sql: "INSERT INTO cases (server, created, value) VALUES (?, ?, '')", arguments: [server, date])
      return Int(db.lastInsertedRowID)
    }
  }

  package func finishCase(_ number: Int, value: String, archive: String) throws(JournalError) {
    try writeNow { db in
      try db.execute(
        sql: "UPDATE cases SET value = ?, archive = ? WHERE id = ?", arguments: [value, archive, number])
    }
  }

  /// Gives up a number that was reserved; it is not given again.
  package func abandonCase(_ number: Int) throws(JournalError) {
    try writeNow { db in
      try db.execute(sql: "DELETE FROM cases WHERE id = ? AND archive IS NULL", arguments: [number])
    }
  }

  /// Cases of a server, or of all; newest first.
  package func cases(server: String? = nil) throws(JournalError) -> [CaseRecord] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM cases WHERE archive IS NOT NULL AND (?1 IS NULL OR server = ?1) ORDER BY id DESC
          """,
        arguments: [server]
      ).map(CaseRecord.init)
    }
  }

  package func supportCase(_ number: Int) throws(JournalError) -> CaseRecord? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM cases WHERE id = ? AND archive IS NOT NULL", arguments: [number])
        .map(CaseRecord.init)
    }
  }

  /// Keeps the certificate (DER) that Support sent, and the case's value with it.
  package func attach(certificate: Data, value: String, toCase number: Int) throws(JournalError) {
    try writeNow { db in
      try db.execute(
        sql: "UPDATE cases SET certificate = ?, value = ? WHERE id = ?", arguments: [certificate, value, number])
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
