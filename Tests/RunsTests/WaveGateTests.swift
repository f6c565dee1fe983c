import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// A wave is a gate: what the last one showed decides whether the next begins.
@Suite struct WaveGateTests {
  /// Agents of a lab with a fault, and the others.
  private func names(_ rig: EngineRig, _ fault: Fault) -> (struck: [String], others: [String]) {
    let names = rig.fleet.names
    return (names.filter { rig.fleet.fault(of: $0) == fault }, names.filter { rig.fleet.fault(of: $0) == Fault.none })
  }

  @Test func noWaveBeginsBeforeOneIsProved() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.fullDisk))
    rig.options.maxFailures = .count(50)
    let (struck, others) = names(rig, .fullDisk)
    let outcome = try await rig.transfer(struck + others)
    #expect(outcome.end.stop == .noProof(causes: [.noSpace: 1]))
    #expect(outcome.end.tally[.failed] == 1 && outcome.end.tally[.notAttempted] == 59)
    #expect(try rig.journal.run(outcome.run)?.state == .stopped)
    #expect(outcome.end.stop?.text.contains("no agent is proved") == true)
    #expect(outcome.results.last?.cause == .runStopped)
  }

  @Test(arguments: [Fault.alreadyMatching, .otherServer, .noAgent, .offline, .wrongBitness])
  func whoShowsNothingOfTheToolIsReplaced(fault: Fault) async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(fault))
    let (struck, others) = names(rig, fault)
    let order = Collected()
    rig.onResult = { result, _ in order.add(result) }
    let outcome = try await rig.transfer(struck + others)
    #expect(outcome.end.stop == nil && outcome.end.tally[.repaired] == 54)
    let firstOther = try #require(order.results.firstIndex { $0.outcome == .repaired })
    #expect(order.results[..<firstOther].count == struck.count, "each was replaced by the next, one at a time")
    let waves = try rig.journal.waves(ofRun: outcome.run)
    #expect(waves.values.count { $0.number == 1 } == struck.count + 1)
  }

  /// Then the rest of the first wave is all that there is.
  @Test func aFleetThatShowsNothingEndsWithoutAStop() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.otherServer))
    let outcome = try await rig.transfer(names(rig, .otherServer).struck)
    #expect(outcome.end.stop == nil && outcome.end.tally[.refused] == 6)
  }

  @Test(arguments: [
    (nil, true), (Budget.count(5), true), (.count(6), false), (.percentage(30), false), (.percentage(100), false),
  ])
  func aWaveThatFailsByMoreStopsTheRun(budget: Budget?, stops: Bool) async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.fullDisk))
    rig.options.maxFailures = .count(50)
    rig.options.maxWaveFailures = budget
    let (struck, others) = names(rig, .fullDisk)
    // All six in the second wave of twenty.
    let outcome = try await rig.transfer(Array(others.prefix(5)) + struck + others.dropFirst(5))
    if stops {
      let limit = budget == nil ? 4 : 5
      #expect(outcome.end.stop == .waveFailures(wave: 2, count: 6, limit: limit, causes: [.noSpace: 6]))
      #expect(outcome.end.tally.done == 60 && outcome.end.tally[.notAttempted] == 39)
      #expect(outcome.end.stop?.text.contains("max-wave-failures allows \(limit): 6 × no-space (100 %)") == true)
    } else {
      #expect(outcome.end.stop == nil && outcome.end.tally[.repaired] == 54)
    }
  }

  @Test func theFirstWaveAllowsOneAndLaterOnesThree() {
    var options = RunOptions()
    #expect(options.waveLimit(of: 1, isFirst: true) == 1 && options.waveLimit(of: 4, isFirst: false) == 3)
    #expect(options.waveLimit(of: 20, isFirst: false) == 4 && options.waveLimit(of: 20, isFirst: true) == 4)
    options.maxWaveFailures = .count(0)
    #expect(options.waveLimit(of: 20, isFirst: false) == 0)
    options.maxWaveFailures = .percentage(100)
    #expect(options.waveLimit(of: 20, isFirst: false) == nil)
  }

  @Test func theSameFailureFiveTimesInARowBeforeAnyProofStopsAtOnce() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(named: "full-disk+other-server+already-matching") ?? .none)
    rig.options.maxFailures = .count(50)
    rig.options.waves = try #require(WaveSizes("100%"))
    rig.options.parallel = 1
    let full = names(rig, .fullDisk).struck
    // Who shows nothing of the tool doesn't break the row.
    let plan = full.prefix(3) + names(rig, .otherServer).struck + full.dropFirst(3).prefix(1)
    var all = Array(plan)
    all += names(rig, .alreadyMatching).struck
    all += full.dropFirst(4)
    all += names(rig, .none).others
    let outcome = try await rig.transfer(all)
    #expect(outcome.end.stop == .sameFailure(count: 5, cause: .noSpace), "\(outcome.end)")
    #expect(outcome.end.tally[.failed] == 5)
    #expect(outcome.end.stop?.text.contains("the same failure (no-space) at 5 agents in a row") == true)
  }

  @Test func aProofEndsTheCountingOfRows() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.fullDisk))
    rig.options.maxFailures = .count(50)
    rig.options.maxWaveFailures = .percentage(100)
    let (full, others) = names(rig, .fullDisk)
    let outcome = try await rig.transfer([others[0]] + full + others.dropFirst())
    #expect(outcome.end.stop == nil && outcome.end.tally[.failed] == 6, "\(outcome.end)")
  }

  @Test func anotherFailureBreaksTheRow() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(named: "full-disk+no-rights") ?? .none)
    rig.options.maxFailures = .count(50)
    rig.options.waves = try #require(WaveSizes("6,100%"))
    rig.options.maxWaveFailures = .percentage(100)
    rig.options.parallel = 1
    let (full, others) = names(rig, .fullDisk)
    let rights = names(rig, .noRights).struck
    let outcome = try await rig.transfer(full.prefix(4) + [rights[0], full[4]] + others)
    #expect(outcome.end.stop == .noProof(causes: [.noSpace: 5, .accessDenied: 1]), "\(outcome.end)")
  }

  @Test func hundredPercentOfFailuresTurnsTheseOff() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.fullDisk))
    rig.options.maxFailures = .percentage(100)
    let (struck, others) = names(rig, .fullDisk)
    let outcome = try await rig.transfer(struck + others)
    #expect(outcome.end.stop == nil && outcome.end.tally[.repaired] == 54)
  }

  /// Stopped without a proof, it begins with its first wave when it is carried on.
  @Test func aRunStoppedWithoutAProofIsCarriedOnByTheNextAgent() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.fullDisk))
    rig.options.maxFailures = .count(50)
    let rigNames = names(rig, .fullDisk)
    let order = [rigNames.struck[0]] + rigNames.others
    let first = try await rig.transfer(order)
    #expect(first.end.stop == .noProof(causes: [.noSpace: 1]))
    let connector = rig.fleet.connector
    let (plan, work) = try await rig.plan(order, connector: connector)
    let engine = RunEngine(
      plan: plan, work: work, connector: connector, journal: rig.journal, run: first.run, clock: rig.fleet.clock,
      controls: RunControls(), gate: LogonGate(), progress: try rig.journal.reopenRun(first.run),
      reports: RunReports { _ in })
    let end = await engine.execute()
    #expect(end.stop == nil && end.tally[.repaired] == order.count - 1)
  }

  /// What looks on from elsewhere names the wave that the engine is in.
  @Test func theJournalKnowsTheWaveOfTheRunAndOfEachAgent() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.offline))
    let journal = rig.journal
    let seen = Mutex<[(RunTally, RunWave?)]>([])
    let engineTally = Mutex<(@Sendable () -> RunTally)?>(nil)
    let connector = rig.fleet.connector
    let (plan, work) = try await rig.plan(connector: connector)
    let run = try journal.beginRun(plan, confirmed: "60", parent: nil, at: 0)
    let engine = RunEngine(
      plan: plan, work: work, connector: connector, journal: journal, run: run, clock: rig.fleet.clock,
      controls: rig.controls, gate: LogonGate(),
      reports: RunReports(
        ended: { _ in
          guard let tally = engineTally.withLock({ $0 })?() else { return }
          let wave = try? journal.wave(ofRun: run)
          seen.withLock { $0.append((tally, wave)) }
        }, durable: { _ in }))
    engineTally.withLock { $0 = { engine.tally } }
    let end = await engine.execute()
    engineTally.withLock { $0 = nil }
    #expect(try journal.wave(ofRun: run) == RunWave(number: end.tally.wave, count: end.tally.waves))
    #expect(seen.withLock { $0.count } == 60)
    for (tally, wave) in seen.withLock({ $0 }) {
      #expect(wave?.count == tally.waves && tally.wave - (wave?.number ?? 0) <= 1 && wave?.number ?? 9 <= tally.wave)
    }
    let waves = try journal.waves(ofRun: run)
    #expect(waves.count == 60)
    let credited = Dictionary(
      grouping: try journal.results(ofRun: run).filter { RunEngine.fillsWave($0.outcome) },
      by: { waves[$0.position]?.number ?? 0 }
    ).mapValues(\.count)
    #expect(Array(plan.waveSizes.prefix(3)) == [1, 2, 3].map { credited[$0] ?? 0 }, "\(credited)")
  }

  @Test func whatHoldsAnyhowIsNoPartOfADigest() throws {
    var plan = Plan(
      remedy: .transfer, server: "lab:", serverName: "apexone", product: "apex-one",
      certificate: try TestCertificates.server(), files: [], command: "IpXfer.exe", options: RunOptions(),
      agents: [PlannedAgent(name: "WS-001")])
    let plain = plan.digest
    plan.options.maxWaveFailures = .count(7)
    let wave = plan.digest
    #expect(wave != plain)
    (plan.options.maxWaveFailures, plan.options.logonsInFlight) = (nil, 5)
    #expect(plan.digest != plain && plan.digest != wave)
    plan.options.logonsInFlight = nil
    #expect(plan.digest == plain)
  }

  /// The lab's usual fleet has what a fleet always has, and nothing that stops a run with the usual budgets.
  @Test(arguments: [200, 1_000, 3_000], [1, 2, 3, 7, 11]) func aTypicalFleetIsStoppedByNothing(
    agents: Int, seed: UInt64
  ) async throws {
    let rig = try EngineRig(agents: agents, faults: .typical, seed: seed)
    let outcome = try await rig.transfer()
    #expect(outcome.end.stop == nil, "\(outcome.end)")
  }

  @Test(arguments: 0...20) func betweenTwoTriesLieFiveMinutesAtMost(tries: Int) {
    let pause = RetryPolicy.backOff(after: tries)
    #expect(pause == .seconds(tries > 8 ? 300 : 1 << tries) && pause <= .seconds(300))
  }

  @Test func twentyRetriesTakeHoursAndNotWeeks() async throws {
    let rig = try EngineRig(agents: 10, faults: FaultRecipe(.offline))
    rig.options.retries = 20
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.unreachable] == 1 && outcome.results.contains { $0.attempts == 21 })
    #expect(outcome.end.seconds < 2 * 3_600, "\(outcome.end.seconds)")
  }
}
