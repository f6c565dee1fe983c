import ApexOne
import Foundation
import GRDB
@_exported import TestSupport
import Testing

@testable import Runs

typealias Scratch = TemporaryFolder

@Suite struct JournalTests {
  private func plan(_ names: [String], refused: Int = 0) throws -> Plan {
    var agents = names.map { PlannedAgent(name: $0) }
    for index in 0..<refused { agents[index].refusal = Refusal(.cannotCarry, "no way") }
    return Plan(
      remedy: .transfer, server: "lab:1", serverName: "apexone.contoso.local", product: "apex-one",
      certificate: try TestCertificates.server(), files: [PlannedFile(name: "a", bytes: [1, 2])],
      command: "IpXfer -pwd ••••", options: RunOptions(), agents: agents)
  }

  @Test func commitsAreDurable() throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("journal.sqlite"))
    let synchronous = try journal.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    #expect(synchronous == 2, "GRDB sets NORMAL whenever it turns WAL on")
    let mode = try journal.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
    #expect(mode == "wal")
  }

  @Test func isMadeForItsOwnerAlone() throws {
    let scratch = try Scratch()
    _ = try Journal(path: scratch.file("j"))
    let mode = try FileManager.default.attributesOfItem(atPath: scratch.file("j"))[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func aNewerJournalIsLeftAlone() throws {
    let scratch = try Scratch()
    let path = scratch.file("j")
    try Journal(path: path).writeNow { try $0.execute(sql: "PRAGMA user_version = 99") }
    #expect(throws: JournalError.newer(path: path, version: 99, known: JournalSchema.version)) {
      _ = try Journal(path: path)
    }
    let version = try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
    #expect(version == 99)
  }

  @Test func anotherProgramsFileIsLeftAlone() throws {
    let scratch = try Scratch()
    try DatabaseQueue(path: scratch.file("other")).write { try $0.execute(sql: "CREATE TABLE t (a)") }
    #expect(throws: JournalError.notAJournal(path: scratch.file("other"))) {
      _ = try Journal(path: scratch.file("other"))
    }
    try Data("not a database at all, but long enough to look like something".utf8)
      .write(to: URL(fileURLWithPath: scratch.file("text")))
    #expect(throws: JournalError.self) { _ = try Journal(path: scratch.file("text")) }
    try FileManager.default.createSymbolicLink(
      atPath: scratch.file("link"), withDestinationPath: scratch.file("elsewhere"))
    #expect(throws: JournalError.self) { _ = try Journal(path: scratch.file("link")) }
    #expect(!FileManager.default.fileExists(atPath: scratch.file("elsewhere")))
  }

  @Test func runsComeBackAsTheyWere() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let plan = try plan(["WS-001", "WS-002", "WS-003", "WS-004"], refused: 1)
    let run = try journal.beginRun(plan, confirmed: "3", parent: nil, at: 10)
    try await journal.intend(.begin(nil), run: run, position: 1, at: 11)
    try await journal.intend(.begin(nil), run: run, position: 2, at: 11)
    try await journal.recorded(
      AgentResult(
        position: 1, name: "WS-002", outcome: .repaired, protected: true, detail: "d", attempts: 2, seconds: 3.5),
      run: run, at: 12)
    #expect(try journal.plan(ofRun: run) == plan)
    #expect(try journal.results(ofRun: run).map(\.outcome) == [.refused, .repaired, .unknown, .notAttempted])
    #expect(journal.owns(run))
    #expect(try !Journal(path: journal.path).own(run), "one process carries a run")
    #expect(try journal.run(run)?.state == .running)
    journal.disown(run)
    #expect(try journal.run(run)?.state == .interrupted)
    try await journal.endRun(run, state: .stopped, why: "w", cause: .budgetSpent, at: 13)
    #expect(try journal.results(ofRun: run)[3].cause == .budgetSpent)
    #expect(try journal.run(run)?.ended == 13)
    #expect(try journal.results(ofAgent: "ws-002", server: "lab:1").map(\.run.number) == [run])
  }

  /// What counts as proved since a list is what a run proved after it, in time and in order: a clock may be set back.
  @Test func onlyLaterProofsCountAgainstAList() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    func list(at date: Double) throws -> ListRecord {
      try journal.keepList(
        server: "lab:1", bytes: [65], source: "x", hostColumn: nil, agents: 1, at: date)
      return try #require(try journal.lists(server: "lab:1", limit: 1).first)
    }
    let before = try list(at: 5)
    let run = try journal.beginRun(try plan(["WS-001"]), confirmed: "1", parent: nil, at: 10)
    let during = try list(at: 11)
    try await journal.recorded(AgentResult(position: 0, name: "WS-001", outcome: .repaired), run: run, at: 12)
    try await journal.endRun(run, state: .finished, why: nil, cause: nil, at: 13)
    let after = try list(at: 1)
    #expect(try journal.proved(since: before) == ["ws-001"])
    #expect(try journal.proved(since: during) == ["ws-001"])
    #expect(try journal.proved(since: after).isEmpty)
  }

  /// A later run that worked on it and proved nothing takes a proof away, until the next one.
  @Test func aProofHoldsUntilALaterRunDoubtsIt() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    try journal.keepList(server: "lab:1", bytes: [65], source: "x", hostColumn: nil, agents: 1, at: 5)
    let list = try #require(try journal.lists(server: "lab:1", limit: 1).first)
    func run(_ outcome: Outcome, at date: Double) async throws {
      let run = try journal.beginRun(try plan(["WS-001"]), confirmed: "1", parent: nil, at: date)
      try await journal.recorded(AgentResult(position: 0, name: "WS-001", outcome: outcome), run: run, at: date + 1)
      try await journal.endRun(run, state: .finished, why: nil, cause: nil, at: date + 2)
      journal.disown(run)
    }
    let course: [(Outcome, Bool)] = [
      (.failed, false), (.repaired, true), (.unreachable, true), (.failed, false), (.refused, false),
      (.alreadyMatching, true), (.unknown, false), (.repaired, true),
    ]
    for (index, step) in course.enumerated() {
      try await run(step.0, at: Double(10 * index + 10))
      #expect(try journal.proved(since: list).isEmpty != step.1, "\(index): \(step.0)")
    }
  }

  /// A run that is carried on proves agents after newer lists were taken.
  @Test func aRunThatIsCarriedOnProvesAgainstNewerLists() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let run = try journal.beginRun(try plan(["WS-001", "WS-002"]), confirmed: "2", parent: nil, at: 10)
    try await journal.recorded(AgentResult(position: 0, name: "WS-001", outcome: .repaired), run: run, at: 12)
    try await journal.endRun(run, state: .interrupted, why: nil, cause: .interrupted, at: 13)
    journal.disown(run)
    try journal.keepList(server: "lab:1", bytes: [65], source: "x", hostColumn: nil, agents: 1, at: 20)
    let list = try #require(try journal.lists(server: "lab:1", limit: 1).first)
    #expect(try journal.proved(since: list).isEmpty)
    try journal.reopenRun(run)
    #expect(try journal.results(ofRun: run).map(\.outcome) == [.repaired, .notAttempted])
    try await journal.recorded(AgentResult(position: 1, name: "WS-002", outcome: .repaired), run: run, at: 30)
    #expect(try journal.proved(since: list) == ["ws-002"])
  }

  @Test func aRunUnderWayKeepsItsAgents() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let first = try journal.beginRun(try plan(["WS-001", "WS-002"]), confirmed: "2", parent: nil, at: 10)
    let other = try Journal(path: journal.path)
    #expect(throws: JournalError.claimed(agent: "ws-002", others: 0, run: first)) {
      try other.beginRun(try self.plan(["WS-002", "WS-003"]), confirmed: "2", parent: nil, at: 10)
    }
    #expect(throws: JournalError.owned(run: first, isHere: false)) { try other.reopenRun(first) }
    #expect(try other.claims(server: "lab:1") == ["ws-001": first, "ws-002": first])
    try await journal.recorded(AgentResult(position: 1, name: "WS-002", outcome: .failed), run: first, at: 12)
    _ = try other.beginRun(try plan(["WS-002", "WS-003"]), confirmed: "2", parent: nil, at: 10)
    #expect(try journal.runs().count == 2, "a run that was refused is none")
  }

  @Test func aJournalOfTheFirstVersionIsBroughtUp() throws {
    let scratch = try Scratch()
    let path = scratch.file("j")
    do {
      let old = try DatabaseQueue(path: path)
      try old.write { db in
        try db.execute(sql: JournalSchema.first)
        try db.execute(sql: "PRAGMA application_id = \(JournalSchema.applicationID); PRAGMA user_version = 1")
        try db.execute(
          sql: """
            INSERT INTO lists (server, at, source, sha256, agents, after_run, bytes) VALUES ('lab:1', 5, 'x', '', 1, 0, x'41');
            INSERT INTO runs VALUES (1, 'lab:1', 'transfer', 'finished', 'd', '{}', 1, '1', NULL, 6, 8, NULL);
            INSERT INTO run_agents VALUES (1, 0, 'WS-001', 'ws-001', NULL, 'repaired', NULL, 1, NULL, 1, 2, 7);
            INSERT INTO run_agents VALUES (1, 1, 'Straße', 'straße', NULL, 'repaired', NULL, 1, NULL, 1, 2, 7);
            INSERT INTO run_agents VALUES (1, 2, 'ΚΌΣΜΟΣ', 'κόσμοσ', NULL, 'repaired', NULL, 0, NULL, 1, 2, 7);
            INSERT INTO run_agents VALUES (1, 3, 'κόσμος', 'κόσμος', NULL, 'repaired', NULL, 0, NULL, 1, 2, 7);
            """)
      }
      try old.close()
    }
    let journal = try Journal(path: path)
    let list = try #require(try journal.lists(server: "lab:1").first)
    let greek = AgentName.key(of: "ΚΌΣΜΟΣ")
    // Keys were names in lower case, and what names are compared by is more.
    #expect(try journal.proved(since: list) == ["ws-001", "strasse", greek])
    #expect(try journal.results(ofAgent: greek, server: "lab:1").count == 2)
    #expect(try journal.endangered(server: "lab:1").map(\.name.key) == [greek])
    try journal.keepList(server: "lab:1", bytes: [65], source: "x", hostColumn: nil, agents: 1, at: 20)
    #expect(try journal.proved(since: try #require(try journal.lists(server: "lab:1").first)).isEmpty)
  }

  @Test func aListIsKeptByteForByte() throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let number = try journal.keepList(
      server: "lab:1", bytes: bytes, source: "x", hostColumn: nil, agents: 3, at: 5)
    #expect(try journal.bytes(ofList: number) == bytes)
    try journal.writeNow { try $0.execute(sql: "UPDATE lists SET bytes = x'00'") }
    #expect(throws: JournalError.self) { try journal.bytes(ofList: number) }
  }

  /// A journal of version 1 had a list in one piece, in its row.
  @Test func aListOfTheFirstVersionIsThereStill() throws {
    let scratch = try Scratch()
    let path = scratch.file("j")
    let old = Array("Host,IP\nA1,10.0.0.1\n".utf8)
    try Journal(path: path).writeNow { db in
      try db.execute(
        sql: """
          DROP TABLE list_parts; ALTER TABLE run_agents DROP COLUMN ended_event;
          ALTER TABLE lists DROP COLUMN after_event; ALTER TABLE runs DROP COLUMN counts_from;
          PRAGMA user_version = 1
          """)
      try db.execute(
        sql: "INSERT INTO lists VALUES (1, 'lab:1', 5, 'x', NULL, ?, 1, 0, ?)",
        arguments: [Plan.sha256(old), Data(old)])
    }
    let journal = try Journal(path: path)
    #expect(try journal.bytes(ofList: 1) == old)
    let new = try journal.keepList(server: "lab:1", bytes: [66], source: "x", hostColumn: nil, agents: 0, at: 6)
    #expect(new == 2)
    #expect(try journal.bytes(ofList: 2) == [66])
    #expect(try journal.bytes(ofList: 1) == old)
    #expect(try journal.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == JournalSchema.version)
  }

  @Test func nothingOfAnUnreadableListIsKept() throws {
    struct Unreadable: Error {}
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let bytes = [UInt8](repeating: 65, count: 3 * ListParts.size + 1)
    func keep(_ read: @Sendable () throws -> (list: String, agents: Int)) throws -> (list: String, number: Int) {
      try journal.keepList(server: "s", bytes: bytes, source: "x", hostColumn: nil, at: 1, reading: read)
    }
    #expect(throws: Unreadable.self) { try keep { throw Unreadable() } }
    #expect(try journal.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM list_parts") } == 0)
    #expect(try journal.lists(server: "s").isEmpty)
    let kept = try keep { ("read", 7) }
    #expect(kept == ("read", 1))
    #expect(try journal.lists(server: "s").first?.agents == 7)
    #expect(try journal.lists(server: "s").first?.sha256 == Plan.sha256(bytes))
    #expect(try journal.bytes(ofList: 1) == bytes)
    try journal.forgetLists(server: "s")
    #expect(try journal.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM list_parts") } == 0)
  }

  @Test(arguments: [0, 1, ListParts.size - 1, ListParts.size, ListParts.size + 1])
  func aListOfAnySizeComesBack(_ size: Int) throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let number = try journal.keepList(server: "s", bytes: bytes, source: "x", hostColumn: nil, agents: 0, at: 1)
    #expect(try journal.bytes(ofList: number) == bytes)
    try journal.writeNow { try $0.execute(sql: "UPDATE list_parts SET bytes = x'ff00' WHERE part = 0") }
    if size > 0 { #expect(throws: JournalError.self) { try journal.bytes(ofList: number) } }
  }

  @Test func changedToolsAreNamed() throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let first = [PlannedFile(name: "IpXfer.exe", bytes: [1]), PlannedFile(name: "a.dll", bytes: [2])]
    #expect(try journal.keepTools(first, server: "s", at: 1).isEmpty)
    #expect(try journal.keepTools(first, server: "s", at: 2).isEmpty)
    let second = [PlannedFile(name: "IpXfer.exe", bytes: [9]), PlannedFile(name: "a.dll", bytes: [2])]
    #expect(try journal.keepTools(second, server: "s", at: 3) == ["IpXfer.exe"])
  }
}

extension Journal {
  /// Records a result and returns when it is durable.
  func recorded(_ result: AgentResult, run: Int, at date: Double) async throws(JournalError) {
    let failure = await withCheckedContinuation { continuation in
      record(result, run: run, at: date) { continuation.resume(returning: $0) }
    }
    if let failure { throw failure }
  }
}
