import ApexOne
import Foundation
import GRDB
import Testing

@testable import Runs

/// Writes of many that share few disk syncs, and what is promised of them.
@Suite struct CommitQueueTests {
  private func plan(_ names: [String]) throws -> Plan {
    Plan(
      remedy: .transfer, server: "lab:1", serverName: "apexone.contoso.local", product: "apex-one",
      certificate: try TestCertificates.server(), files: [PlannedFile(name: "a", bytes: [1, 2])],
      command: "IpXfer -pwd ••••", options: RunOptions(), agents: names.map { PlannedAgent(name: $0) })
  }

  @Test func writersShareCommits() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let run = try journal.beginRun(try plan(["WS-001"]), confirmed: "1", parent: nil, at: 0)
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<500 {
        group.addTask {
          try? await journal.intend(.startService("s\(index)"), run: run, position: 0, at: 0)
        }
      }
    }
    #expect(try journal.events(ofRun: run, position: 0).count == 500)
    #expect(journal.commitQueue.commits < 400)
  }

  /// What nobody waits for costs no disk sync of its own where a write comes soon, is seen by whoever reads, and is
  /// durable by itself where none comes.
  @Test func whatNobodyWaitsForGoesAlongWithTheNextWrite() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let run = try journal.beginRun(try plan(["WS-001"]), confirmed: "1", parent: nil, at: 0)
    for index in 0..<100 {
      journal.note(.other(StoredStep(intent: 0, step: "n\(index)", detail: nil)), run: run, position: 0, at: 0)
    }
    try await journal.intend(.stage(folder: nil), run: run, position: 0, at: 0)
    #expect(journal.commitQueue.commits < 100)
    #expect(try journal.events(ofRun: run, position: 0).map(\.word) == (0..<100).map { "n\($0)" } + ["stage"])
    journal.note(.other(StoredStep(intent: 0, step: "late", detail: nil)), run: run, position: 0, at: 0)
    #expect(try journal.events(ofRun: run, position: 0).last?.word == "late")
    let failure = await withCheckedContinuation { waiter in
      journal.post({ _ in }, whenDurable: { waiter.resume(returning: $0) })
    }
    #expect(failure == nil)
  }

  /// A full disk ends the runs that are under way, and no later ones.
  @Test func whatFailedOnceFailsTheRunsUnderWayOnly() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let first = try journal.beginRun(try plan(["WS-001"]), confirmed: "1", parent: nil, at: 0)
    let failure = await withCheckedContinuation { waiter in
      journal.post(
        { _ in throw DatabaseError(resultCode: .SQLITE_FULL) }, whenDurable: { waiter.resume(returning: $0) })
    }
    #expect(failure != nil)
    let second = try journal.beginRun(try plan(["WS-002"]), confirmed: "1", parent: nil, at: 0)
    for run in [first, second] {
      await #expect(throws: JournalError.self) {
        try await journal.intend(.stage(folder: nil), run: run, position: 0, at: 0)
      }
      journal.disown(run)
    }
    let third = try journal.beginRun(try plan(["WS-001"]), confirmed: "1", parent: nil, at: 0)
    try await journal.intend(.stage(folder: nil), run: third, position: 0, at: 0)
    #expect(try journal.events(ofRun: third, position: 0).map(\.word) == ["stage"])
    // So does a run that is carried on.
    _ = await withCheckedContinuation { waiter in
      journal.post(
        { _ in throw DatabaseError(resultCode: .SQLITE_FULL) }, whenDurable: { waiter.resume(returning: $0) })
    }
    journal.disown(third)
    try journal.reopenRun(third)
    try await journal.intend(.stage(folder: nil), run: third, position: 0, at: 0)
  }

  /// A begin that fails at the last moment holds no number: another process may be given the same.
  @Test func aRunThatCouldNotBeginIsNobodys() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let other = try DatabaseQueue(path: scratch.file("j"))
    // Found wrong at the commit, as a full disk is.
    try await other.write { db in
      try db.execute(sql: "CREATE TABLE strict (x REFERENCES runs (id) DEFERRABLE INITIALLY DEFERRED)")
      try db.execute(
        sql: "CREATE TRIGGER fails AFTER INSERT ON runs BEGIN INSERT INTO strict VALUES (new.id + 1000); END")
    }
    #expect(throws: JournalError.self) {
      try journal.beginRun(try plan(["WS-001"]), confirmed: "1", parent: nil, at: 0)
    }
    #expect(!journal.owns(1))
    try await other.write { try $0.execute(sql: "DROP TRIGGER fails") }
    let second = try Journal(path: scratch.file("j"))
    #expect(try second.beginRun(try plan(["WS-001"]), confirmed: "1", parent: nil, at: 0) == 1)
    #expect(second.owns(1) && journal.isUnderWay(1))
    #expect(throws: JournalError.owned(run: 1, isHere: false)) { try journal.reopenRun(1) }
  }

  @Test func anIntentIsDurableOnlyWhenMeanwhileIsOverToo() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let run = try journal.beginRun(try plan(["WS-001"]), confirmed: "1", parent: nil, at: 0)
    var isOver = false
    try await journal.intend(.stage(folder: nil), run: run, position: 0, at: 0) {
      for _ in 0..<100 { await Task.yield() }
      isOver = true
    }
    #expect(isOver)
    let other = try DatabaseQueue(path: scratch.file("j"))
    #expect(try await other.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM events") } == 1)
  }

  @Test func afterAFailedWriteNothingIsPromised() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let run = try journal.beginRun(try plan(["WS-001"]), confirmed: "1", parent: nil, at: 0)
    try await journal.database.writeWithoutTransaction { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(pages + 1)")
    }
    let big = String(repeating: "x", count: 100_000)
    var failures: [JournalError] = []
    for detail in [big, "small"] {
      do throws(JournalError) {
        try await journal.intend(.execute(command: detail), run: run, position: 0, at: 0)
      } catch {
        failures.append(error)
      }
    }
    #expect(failures == Array(repeating: .cannotWrite(reason: "the disk is full"), count: 2))
  }
}
