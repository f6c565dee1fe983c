import ApexOne
private import GRDB
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// The rules that keep a fleet whole, each broken on purpose.
@Suite struct SafetyRuleTests {
  // MARK: never lock an account

  @Test func aRefusedPasswordIsTriedOnce() async throws {
    let rig = try EngineRig(agents: 100, faults: .logonRefused)
    rig.options.waves = WaveSizes("100%") ?? rig.options.waves
    let outcome = try await rig.transfer()
    let account = rig.fleet.logons.account(rig.fleet.secrets.user)
    #expect(account.attempts == 1)
    #expect(!account.isLocked)
    guard case .logonRefused = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    #expect(outcome.end.tally[.denied] == 1)
    #expect(outcome.end.tally[.notAttempted] == 99)
    // The gate stays shut for a second run of the session.
    _ = try await rig.transfer()
    #expect(rig.fleet.logons.account(rig.fleet.secrets.user).attempts == 1)
  }

  // MARK: never the wrong certificate

  @Test func aCertificateThatChangesBetweenWavesStopsTheRun() async throws {
    let rig = try EngineRig(agents: 60)
    let other = try AuthenticationCertificate(bytes: rig.fleet.olderCertificate)
    let (own, asked) = (rig.certificate, Counter())
    rig.currentCertificate = { asked.next() < 2 ? own : other }
    let outcome = try await rig.transfer()
    guard case .certificateChanged = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    // Waves of 1, 20 and 10 %; the change is seen before the last.
    #expect(outcome.end.tally[.repaired] == 27)
    #expect(outcome.results.filter { $0.outcome == .notAttempted }.allSatisfy { $0.cause == .runStopped })
  }

  @Test func aServerThatCannotBeReadStopsTheRunBeforeTheNextWave() async throws {
    let rig = try EngineRig(agents: 60)
    rig.currentCertificate = { throw RemoteError(.unreachable, "apexone: connection refused") }
    let outcome = try await rig.transfer()
    guard case .serverNotRead = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    #expect(outcome.end.tally[.repaired] == 1)
  }

  // MARK: know what is not known

  @Test func aWrongUnloadPasswordStopsInTheFirstWave() async throws {
    let rig = try EngineRig(agents: 50, faults: .wrongPassword)
    let outcome = try await rig.transfer()
    guard case .noEffectInFirstWave = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    #expect(outcome.end.tally[.failed] == 1)
    #expect(outcome.end.tally[.notAttempted] == 49)
    #expect(outcome.end.exitCode == 1)
  }

  @Test func hundredPercentTurnsThatStopOff() async throws {
    let rig = try EngineRig(agents: 30, faults: .wrongPassword)
    rig.options.maxFailures = .percentage(100)
    let outcome = try await rig.transfer()
    #expect(outcome.end.stop == nil)
    #expect(outcome.end.tally[.failed] == 30)
  }

  // MARK: budgets

  /// Of many at the same step, none is cut behind its intent: nothing failed, and what did nothing says so.
  @Test func aSecondInterruptFailsNobody() async throws {
    let rig = try EngineRig(agents: 200)
    rig.options.waves = try #require(WaveSizes("100%"))
    rig.options.parallel = 200
    let controls = rig.controls
    rig.connector = HookedConnector(rig.fleet) { _, command in
      if command.program.contains("IpXfer") { while controls.interrupts < 2 { controls.interrupt() } }
      return .nothing
    }
    let outcome = try await rig.transfer()
    let counts = outcome.end.tally.counts.filter { $0.value > 0 }
    #expect(Set(counts.keys).isSubset(of: [.repaired, .notAttempted]), "\(counts)")
    for result in outcome.results where result.outcome == .notAttempted {
      #expect(try !rig.steps(outcome.run, at: result.position).contains("[execute]"), "\(result)")
    }
    #expect(try rig.journal.run(outcome.run)?.state == (counts[.notAttempted] == nil ? .finished : .interrupted))
  }

  @Test func aRunCutBeforeAnythingIsNotFinished() async throws {
    let rig = try EngineRig(agents: 5)
    rig.options.waves = try #require(WaveSizes("100%"))
    let (clock, controls) = (rig.fleet.clock, rig.controls)
    rig.onBegin = { _ = clock.schedule(after: .milliseconds(500)) { for _ in 0..<2 { controls.interrupt() } } }
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.notAttempted] == 5 && outcome.end.exitCode == 130)
    #expect(try rig.journal.run(outcome.run)?.state == .interrupted)
  }

  @Test(arguments: [Fault.noRights, .fullDisk])
  func whatWasNeverMadeIsNotCalledLeft(fault: Fault) async throws {
    let rig = try EngineRig(agents: 20, faults: FaultRecipe(fault))
    rig.options.maxFailures = .percentage(100)
    let outcome = try await rig.transfer()
    for name in rig.fleet.names where rig.fleet.fault(of: name) == fault {
      #expect(outcome[name]?.detail?.contains("left behind") == false, "\(String(describing: outcome[name]))")
      #expect(rig.fleet.leftovers(of: name) == [])
    }
  }

  @Test func aJournalThatFailsOutweighsEveryOtherStop() async throws {
    let rig = try EngineRig(agents: 40, faults: FaultRecipe(.fullDisk))
    rig.options.maxFailures = .count(1)
    rig.options.waves = try #require(WaveSizes("100%"))
    let journal = rig.journal
    rig.onResult = { result, _ in if result.outcome.isFailure { journal.perish() } }
    let outcome = try await rig.transfer()
    #expect(outcome.end.stop?.isOfJournal == true && outcome.end.exitCode == 74)
  }

  @Test func failuresStopTheRunWhenTheLimitIsReached() async throws {
    let rig = try EngineRig(agents: 200, faults: FaultRecipe(.fullDisk))
    rig.options.maxFailures = .count(2)
    rig.options.parallel = 1
    let outcome = try await rig.transfer()
    #expect(outcome.end.stop == .failures(count: 2, limit: 2, causes: [.noSpace: 2]))
    #expect(outcome.end.tally.counts.filter(\.key.isFailure).values.reduce(0, +) >= 2)
    #expect(outcome.end.tally[.notAttempted] > 0)
    #expect(outcome.end.tally.done == 200)
    #expect(try rig.journal.run(outcome.run)?.state == .stopped)
  }

  @Test func switchedOffEndpointsSpendNothingAndAreReplaced() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.offline))
    rig.options.maxFailures = .count(1)
    // Those that are switched off first: the canary must still be one that answered.
    let names = rig.fleet.names.sorted { left, _ in rig.fleet.fault(of: left) == .offline }
    let first = Mutex<AgentResult?>(nil)
    let collected = Collected()
    rig.onResult = { result, _ in collected.add(result) }
    let outcome = try await rig.transfer(names)
    first.withLock { $0 = collected.results.first { $0.outcome != .unreachable } }
    #expect(outcome.end.stop == nil)
    #expect(outcome.end.tally[.unreachable] == 6)
    #expect(first.withLock { $0?.outcome } == .repaired)
  }

  @Test func oneUnprotectedEndpointStopsTheRun() async throws {
    let rig = try EngineRig(agents: 100, faults: FaultRecipe(.servicesStayDown))
    rig.options.maxFailures = .percentage(100)
    let outcome = try await rig.transfer()
    guard case .unprotected(1, 1) = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    #expect(outcome.results.filter { $0.protected == false }.count == outcome.end.tally.unprotected)
  }

  // MARK: interrupts

  @Test func theFirstInterruptLetsTheRunningFinish() async throws {
    let rig = try EngineRig(agents: 200)
    let seen = Counter()
    rig.onResult = { _, controls in if seen.next() == 9 { controls.interrupt() } }
    let outcome = try await rig.transfer()
    #expect(outcome.end.stop == .interrupted)
    #expect(outcome.end.exitCode == 130)
    #expect(outcome.end.tally[.repaired] + outcome.end.tally[.notAttempted] == 200)
    #expect(outcome.end.tally[.repaired] >= 10)
    #expect(outcome.end.tally[.notAttempted] > 0)
    #expect(try rig.journal.run(outcome.run)?.state == .interrupted)
  }

  @Test func theSecondInterruptSparesThoseThatExecute() async throws {
    let rig = try EngineRig(agents: 300)
    rig.options.waves = WaveSizes("100%") ?? rig.options.waves
    let seen = Counter()
    rig.onResult = { _, controls in
      if seen.next() == 5 {
        controls.interrupt()
        controls.interrupt()
      }
    }
    let outcome = try await rig.transfer()
    for result in outcome.results {
      let steps = try rig.journal.events(ofRun: outcome.run, position: result.position).filter(\.isIntent).map(\.word)
      if steps.contains("execute") { #expect(result.outcome == .repaired, "\(result)") }
    }
    #expect(outcome.end.tally.done == 300)
  }

  @Test func aRunThatIsInterruptedBeforeItBeginsTouchesNothing() async throws {
    let rig = try EngineRig(agents: 20)
    rig.controls.interrupt()
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.notAttempted] == 20)
    #expect(try rig.journal.events(ofRun: outcome.run, position: 0).isEmpty)
  }

  // MARK: the journal comes first

  @Test func withoutAJournalNothingIsTouched() async throws {
    let rig = try EngineRig(agents: 40)
    rig.options.waves = WaveSizes("100%") ?? rig.options.waves
    rig.options.parallel = 4
    let (journal, seen) = (rig.journal, Counter())
    rig.onResult = { _, _ in
      guard seen.next() == 3 else { return }
      // The disk is full from now on.
      try? journal.database.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = 1") }
      journal.note(.staged(String(repeating: "x", count: 1_000_000)), run: 1, position: 0, at: 0)
    }
    let outcome = try await rig.transfer()
    guard case .journal = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    #expect(outcome.end.exitCode == 74)
    #expect(outcome.end.tally[.notAttempted] > 20)
  }

  // MARK: secrets

  @Test func noSecretReachesTheJournal() async throws {
    let rig = try EngineRig(agents: 30, faults: .typical)
    _ = try await rig.transfer()
    let bytes = try rig.journalBytes()
    for secret in [rig.fleet.secrets.unloadPassword, rig.fleet.secrets.password] {
      let text = secret.reveal { Array($0.utf8) }
      #expect(bytes.count > 10_000)
      #expect(!contains(bytes, text))
    }
  }

  private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard bytes.count >= part.count else { return false }
    return (0...(bytes.count - part.count)).contains {
      bytes[$0] == part[0] && bytes[$0..<$0 + part.count].elementsEqual(part)
    }
  }
}

final class Counter: Sendable {
  private let value = Mutex(0)
  /// 0 at the first call.
  func next() -> Int {
    value.withLock { value in
      defer { value += 1 }
      return value
    }
  }
}

final class Collected: Sendable {
  private let state = Mutex([AgentResult]())
  var results: [AgentResult] { state.withLock { $0 } }
  func add(_ result: AgentResult) { state.withLock { $0.append(result) } }
}
