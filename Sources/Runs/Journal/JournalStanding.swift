package import ApexOne
import GRDB

/// How a run stands while it goes on.
package struct RunStanding: Sendable {
  /// Agents that have their outcome, in plan order.
  package var ended: [AgentResult] = []
  /// When each of those ended that were worked on, by position; seconds since 1970.
  package var ends: [Int: Double] = [:]
  /// Agents that have begun and not ended.
  package var begun = 0
}

extension Journal {
  /// How a run stands, whichever process carries it.
  package func standing(ofRun run: Int) throws(JournalError) -> RunStanding {
    try read { db in
      var standing = RunStanding()
      let rows = try Row.fetchCursor(
        db, sql: "SELECT *, 'begun' AS last FROM run_agents WHERE run = ? AND outcome IS NOT NULL ORDER BY position",
        arguments: [run])
      while let row = try rows.next() {
        let result = AgentResult(row)
        standing.ended.append(result)
        standing.ends[result.position] = row["at"]
      }
      let begun = try Int.fetchOne(
        db, sql: "SELECT COUNT(DISTINCT position) FROM events WHERE run = ?", arguments: [run])
      standing.begun = max(0, (begun ?? 0) - standing.ends.count)
      return standing
    }
  }
}
