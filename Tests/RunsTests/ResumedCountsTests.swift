import ApexOne
import GRDB
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// What a run's failures have spent stays spent, however often the run breaks off and is carried on.
@Suite struct ResumedCountsTests {
  /// How a leg ends.
  enum Break: CaseIterable { case interrupt, kill }

  private func rig(_ maxFailures: Budget = .count(50)) throws -> (EngineRig, struck: [String], others: [String]) {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.fullDisk))
    rig.options.maxFailures = maxFailures
    rig.options.parallel = 1
    let names = rig.fleet.names
    return (
      rig, names.filter { rig.fleet.fault(of: $0) == .fullDisk }, names.filter { rig.fleet.fault(of: $0) == Fault.none }
    )
  }

  /// A leg that breaks off at its `count`th failure.
  private func leg(
    _ rig: EngineRig, of run: Int? = nil, _ names: [String], until count: Int, _ way: Break
  ) async throws -> EngineRig.Leg {
    let failures = Counter()
    return try await rig.leg(of: run, names: names) { result, controls, die in
      guard result.outcome.isFailure, failures.next() + 1 == count else { return }
      if way == .kill { die() } else { controls.interrupt() }
    }
  }

  @Test(arguments: Break.allCases) func aWaveThatWasBrokenOffCountsOn(way: Break) async throws {
    let (rig, struck, others) = try rig()
    let order = Array(others.prefix(5)) + struck + others.dropFirst(5)
    let first = try await leg(rig, order, until: 3, way)
    #expect(first.end.tally.wave == 2)
    let second = try await rig.leg(of: first.run, names: order)
    #expect(second.end.stop == .waveFailures(wave: 2, count: 6, limit: 4, causes: [.noSpace: 6]), "\(second.end)")
    // Stopped by its own gate, it is judged: a person has answered.
    let third = try await rig.leg(of: first.run, names: order)
    #expect(third.end.stop == nil && third.end.tally[.repaired] == 54, "\(third.end)")
  }

  @Test(arguments: Break.allCases) func soItDoesAfterTwoOfThem(way: Break) async throws {
    let (rig, struck, others) = try rig()
    let order = Array(others.prefix(5)) + struck + others.dropFirst(5)
    let first = try await leg(rig, order, until: 2, way)
    _ = try await leg(rig, of: first.run, order, until: 2, way)
    let third = try await rig.leg(of: first.run, names: order)
    #expect(third.end.stop == .waveFailures(wave: 2, count: 6, limit: 4, causes: [.noSpace: 6]), "\(third.end)")
  }

  @Test(arguments: Break.allCases) func aFullWaveIsJudgedBeforeTheNextBegins(way: Break) async throws {
    let (rig, struck, others) = try rig()
    let order = Array(others.prefix(15)) + struck + others.dropFirst(15)
    let first = try await leg(rig, order, until: 6, way)
    let second = try await rig.leg(of: first.run, names: order)
    #expect(second.end.stop == .waveFailures(wave: 2, count: 6, limit: 4, causes: [.noSpace: 6]), "\(second.end)")
    #expect(second.end.tally[.notAttempted] == 39, "\(second.end)")
  }

  @Test(arguments: Break.allCases) func theSameFailureInARowCountsOn(way: Break) async throws {
    let (rig, struck, others) = try rig()
    rig.options.waves = try #require(WaveSizes("100%"))
    let order = struck + others
    let first = try await leg(rig, order, until: 3, way)
    let second = try await rig.leg(of: first.run, names: order)
    #expect(second.end.stop == .sameFailure(count: 5, cause: .noSpace), "\(second.end)")
    #expect(second.end.tally[.failed] == 5)
  }

  @Test(arguments: Break.allCases) func maxFailuresCountsOnUntilItStoppedTheRun(way: Break) async throws {
    let (rig, struck, others) = try rig(.count(4))
    rig.options.maxWaveFailures = .percentage(100)
    let order = Array(others.prefix(5)) + struck + others.dropFirst(5)
    let first = try await leg(rig, order, until: 3, way)
    let second = try await rig.leg(of: first.run, names: order)
    #expect(second.end.stop == .failures(count: 4, limit: 4, causes: [.noSpace: 4]), "\(second.end)")
    let third = try await rig.leg(of: first.run, names: order)
    #expect(third.end.stop == nil && third.end.tally[.failed] == 6, "\(third.end)")
  }

  /// It was spent when the process died: nobody else is touched.
  @Test func aBudgetThatWasSpentStopsBeforeAnybodyIsTouched() async throws {
    let (rig, struck, others) = try rig(.count(4))
    let order = Array(others.prefix(5)) + struck + others.dropFirst(5)
    let first = try await leg(rig, order, until: 4, .interrupt)
    #expect(first.end.stop == .interrupted)
    let second = try await rig.leg(of: first.run, names: order)
    #expect(second.end.stop == .failures(count: 4, limit: 4, causes: [.noSpace: 4]), "\(second.end)")
    #expect(second.end.tally.done - second.end.tally[.notAttempted] == 9)
  }

  /// A stop by another budget in the middle of a wave judges no wave.
  @Test func aWaveCountsOnAfterAStopOverAll() async throws {
    let (rig, struck, others) = try rig(.count(3))
    let order = Array(others.prefix(5)) + struck + others.dropFirst(5)
    let first = try await rig.leg(names: order)
    #expect(first.end.stop == .failures(count: 3, limit: 3, causes: [.noSpace: 3]))
    rig.options.maxFailures = .count(50)
    let second = try await rig.leg(of: first.run, names: order)
    #expect(second.end.stop == .waveFailures(wave: 2, count: 6, limit: 4, causes: [.noSpace: 6]), "\(second.end)")
  }

  @Test(arguments: Break.allCases) func theJournalNamesTheWaveOfTheEngineInEachLeg(way: Break) async throws {
    let (rig, struck, others) = try rig()
    rig.options.parallel = 4
    let order = Array(others.prefix(5)) + struck + others.dropFirst(5)
    let first = try await leg(rig, order, until: 2, way)
    let second = try await leg(rig, of: first.run, order, until: 2, way)
    for leg in [first, second] where way == .interrupt {
      #expect(try leg.journal.wave(ofRun: first.run)?.number == leg.end.tally.wave)
    }
    let third = try await rig.leg(of: first.run, names: order)
    #expect(
      try third.journal.wave(ofRun: first.run) == RunWave(number: third.end.tally.wave, count: third.end.tally.waves))
    let waves = try third.journal.waves(ofRun: first.run)
    #expect(waves.values.allSatisfy { $0.number <= 2 } && waves[0]?.number == 1 && waves[7] != nil, "\(waves)")
  }

  /// Before, waves were words of the step `look`.
  @Test func aRunOfAnOlderJournalCountsOn() async throws {
    let (rig, struck, others) = try rig()
    let order = Array(others.prefix(5)) + struck + others.dropFirst(5)
    let first = try await leg(rig, order, until: 2, .interrupt)
    let second = try await leg(rig, of: first.run, order, until: 2, .interrupt)
    let (wave, waves) = (try second.journal.wave(ofRun: first.run), try second.journal.waves(ofRun: first.run))
    try second.journal.writeNow { db in
      try db.execute(sql: "DROP TABLE waves; ALTER TABLE runs DROP COLUMN counts_from; PRAGMA user_version = 3")
    }
    let journal = try Journal(path: rig.journal.path)
    #expect(try journal.wave(ofRun: first.run) == wave && journal.waves(ofRun: first.run) == waves)
    let third = try await rig.leg(of: first.run, names: order)
    #expect(third.end.stop == .waveFailures(wave: 2, count: 6, limit: 4, causes: [.noSpace: 6]), "\(third.end)")
  }
}
