import ApexOne
import GRDB

/// The keys of names in a journal that an older version wrote: those were names in lower case, which is not what names are
/// compared by. Rows of names in ASCII are as they should be.
enum JournalKeys {
  static func renew(_ db: Database) throws {
    let beyondASCII = "key GLOB '*[^ -~]*'"
    for name in try String.fetchAll(db, sql: "SELECT DISTINCT name FROM run_agents WHERE \(beyondASCII)") {
      try db.execute(
        sql: "UPDATE run_agents SET key = ? WHERE name = ?", arguments: [AgentName.key(of: name), name])
    }
    // Spellings that were two agents are one now: what was seen last is kept, and what may be amiss before all else.
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT server, key, name FROM inspections WHERE \(beyondASCII)
        ORDER BY after_event IS NULL AND (protected = 0 OR agent = 0 OR doubt IS NOT NULL) DESC,
          coalesce(after_event, 0) DESC, coalesce(at, 0) DESC
        """)
    for row in rows {
      let (server, old, name): (String, String, String) = (row["server"], row["key"], row["name"])
      let key = AgentName.key(of: name)
      guard key != old else { continue }
      try db.execute(
        sql: "UPDATE OR IGNORE inspections SET key = ? WHERE server = ? AND key = ?", arguments: [key, server, old])
      // One that could not be renamed gives way.
      try db.execute(sql: "DELETE FROM inspections WHERE server = ? AND key = ?", arguments: [server, old])
    }
  }
}
