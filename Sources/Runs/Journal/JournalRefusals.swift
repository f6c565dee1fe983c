import GRDB

/// Logons of one account by password that were refused, or may have been, a short time ago. Nothing of the password is
/// kept, in no form.
package struct RecentRefusals: Sendable, Hashable {
  package var count: Int
  /// Of the newest, seconds since 1970.
  package var last: Double

  /// For so long most lock-out rules count refusals: half an hour, in seconds.
  package static let window = 1_800.0

  /// One account is spelled in several ways: `admin`, `CONTOSO\admin`, `admin@contoso.local`. They count together.
  static func key(_ account: String) -> String {
    let name = account.split(separator: "\\").last.map(String.init) ?? account
    return (name.split(separator: "@").first.map(String.init) ?? name).lowercased()
  }
}

extension Journal {
  /// Keeps that a logon of an account was refused, or may have been; durable when it returns.
  package func keep(refusalOf account: String, at date: Double) throws(JournalError) {
    try writeNow { db in
      try db.execute(sql: "DELETE FROM refusals WHERE abs(at - ?) > ?", arguments: [date, 48 * RecentRefusals.window])
      try db.execute(
        sql: "INSERT INTO refusals (account, at) VALUES (?, ?)", arguments: [RecentRefusals.key(account), date])
    }
  }

  /// Those of an account in the half hour before `date`; nil where there are none.
  package func refusals(of account: String, at date: Double) throws(JournalError) -> RecentRefusals? {
    try read { db in
      // A clock that was set back must not hide them: those dated up to a day ahead count.
      let row = try Row.fetchOne(
        db,
        sql: "SELECT count(*) AS count, max(at) AS last FROM refusals WHERE account = ? AND at BETWEEN ? AND ?",
        arguments: [
          RecentRefusals.key(account), date - RecentRefusals.window, date + 48 * RecentRefusals.window,
        ])
      guard let row, let last = row["last"] as Double? else { return nil }
      return RecentRefusals(count: row["count"], last: last)
    }
  }
}
