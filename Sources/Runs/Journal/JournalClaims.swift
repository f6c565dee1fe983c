import GRDB
import Synchronization

// Which process carries a run, and which agents that keeps from other runs.
extension Journal {
  /// Takes a run for this process, until `disown` or its end. False where another process carries it, or this one
  /// already does.
  ///
  /// A write that failed (a full disk) fails every run that is under way. What begins when none is, begins anew.
  package func own(_ run: Int) throws(JournalError) -> Bool {
    try owned.withLock { owned throws(JournalError) in
      if owned.isEmpty { commitQueue.forgive() }
      guard owned[run] == nil, let owner = try RunOwner.take(run: run, journal: path) else { return false }
      owned[run] = owner
      return true
    }
  }

  /// Calls `action` where a write fails while this process carries the run, so that it ends though it waits.
  func whenFailed(_ run: Int, _ action: @escaping @Sendable (JournalError) -> Void) {
    commitQueue.listeners.withLock { $0[run] = action }
  }

  /// Does a living process, this one or another, carry this run?
  func isUnderWay(_ run: Int) -> Bool { RunOwner.isHeld(run: run, journal: path) }

  package func owns(_ run: Int) -> Bool { owned.withLock { $0[run] != nil } }

  package func disown(_ run: Int) {
    commitQueue.listeners.withLock { $0[run] = nil }
    owned.withLock { $0[run] = nil }
  }

  /// Agents (by key) that a living run of a server still has to do, and which run.
  package func claims(server: String) throws(JournalError) -> [String: Int] {
    try read { try claims($0, server: server, besides: nil) }
  }

  private func claims(_ db: Database, server: String, besides own: Int?) throws -> [String: Int] {
    let running = try Int.fetchAll(
      db, sql: "SELECT id FROM runs WHERE server = ? AND state = 'running'", arguments: [server])
    var claims: [String: Int] = [:]
    for run in running where run != own && RunOwner.isHeld(run: run, journal: path) {
      let keys = try String.fetchCursor(
        db, sql: "SELECT key FROM run_agents WHERE run = ? AND outcome IS NULL", arguments: [run])
      while let key = try keys.next() { claims[key] = run }
    }
    return claims
  }

  /// Throws where a living run still has one of the agents to do: two runs never work on one endpoint.
  func checkClaims(_ db: Database, of run: Int, server: String, keys: [String]) throws {
    let claims = try claims(db, server: server, besides: run)
    if claims.isEmpty { return }
    let taken = keys.filter { claims[$0] != nil }
    guard let first = taken.first, let other = claims[first] else { return }
    throw JournalError.claimed(agent: first, others: taken.count - 1, run: other)
  }
}
