import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// Who goes first, what waits between waves, and who is tried again.
@Suite struct PacingTests {
  @Test func canariesGoFirstAsAWaveOfTheirOwn() async throws {
    let rig = try EngineRig(agents: 40)
    let order = Mutex<[String]>([])
    rig.onResult = { result, _ in order.withLock { $0.append(result.name) } }
    rig.options.canaries = ["WS-031", "WS-007"]
    let outcome = try await rig.transfer()
    #expect(outcome.end.exitCode == 0)
    #expect(Set(order.withLock { $0.prefix(2) }) == ["WS-007", "WS-031"])
    #expect(outcome.end.tally.waves == 4)
    let plan = try #require(try rig.journal.plan(ofRun: outcome.run))
    #expect(plan.waveSizes == [2, 20, 4, 14])
  }

  @Test func aCanaryThatFailsStopsTheRunWhateverTheBudget() async throws {
    let rig = try EngineRig(agents: 40, faults: FaultRecipe(.noRights))
    let canary = try #require(rig.fleet.names.first { rig.fleet.fault(of: $0) == .noRights })
    rig.options.canaries = [canary]
    rig.options.maxFailures = .percentage(100)
    let outcome = try await rig.transfer()
    #expect(outcome.end.stop == .canaryFailed(agent: canary, outcome: .denied, cause: .accessDenied))
    #expect(outcome.end.tally.done == 40 && outcome.end.tally[.notAttempted] == 39)
    #expect(outcome.end.stop?.text.contains("\(canary), which went first, ended denied (access-denied)") == true)
  }

  @Test func anUnreachableCanaryIsReplaced() async throws {
    let rig = try EngineRig(agents: 40, faults: FaultRecipe(.offline))
    let canary = try #require(rig.fleet.names.first { rig.fleet.fault(of: $0) == .offline })
    rig.options.canaries = [canary]
    let outcome = try await rig.transfer()
    #expect(outcome.end.stop == nil && outcome.end.tally[.repaired] == 36)
  }

  @Test func wavesAreApartByThePause() async throws {
    let rig = try EngineRig(agents: 30)
    let without = try await rig.transfer().end.seconds
    let paused = try EngineRig(agents: 30)
    paused.options.wavePauseSeconds = 3_600
    let outcome = try await paused.transfer()
    #expect(outcome.end.tally[.repaired] == 30)
    // Four waves: three pauses.
    #expect(abs(outcome.end.seconds - without - 3 * 3_600) < 60)
  }

  @Test func aPauseBetweenWavesEndsByProceedOrByAnInterrupt() async throws {
    for interrupts in [false, true] {
      let rig = try EngineRig(agents: 30)
      rig.options.wavePauseSeconds = 86_400 * 365
      let clock = rig.fleet.clock
      rig.onResult = Self.later(clock, after: 60) { interrupts ? $0.interrupt() : $0.proceed() }
      let outcome = try await rig.transfer()
      #expect(outcome.end.seconds < 86_400)
      #expect(outcome.end.stop == (interrupts ? .interrupted : nil))
      #expect(outcome.end.tally.done == 30)
    }
  }

  @Test func unreachableAgentsAreTriedAgainUntilTheyAnswer() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.asleep))
    rig.options.keepTryingSeconds = 2 * 86_400
    let reported = Mutex<[AgentResult]>([])
    rig.onResult = { result, _ in reported.withLock { $0.append(result) } }
    let connector = CountingConnector(rig.fleet.connector)
    rig.connector = connector
    let outcome = try await rig.transfer()
    #expect(outcome.end.exitCode == 0 && outcome.end.tally[.repaired] == 60)
    #expect(reported.withLock { $0.count } == 60)
    let asleep = try #require(rig.fleet.names.firstIndex { rig.fleet.fault(of: $0) == .asleep })
    let steps = try rig.journal.events(ofRun: outcome.run, position: asleep).map(\.word)
    #expect(steps.contains("unreachable") && steps.last == "ended")
    // The usual retries, and from then on nothing but probes until one of these was answered.
    let failed = connector.failed.withLock { $0 }
    #expect(failed.count == 6 && failed.values.allSatisfy { $0 == 1 + rig.options.retries })
    #expect(connector.probes.withLock { $0 } > 6)
  }

  @Test func tryingEndsWithItsTimeAndEveryAgentHasItsOutcome() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.offline))
    rig.options.keepTryingSeconds = 7_200
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.unreachable] == 6 && outcome.end.tally[.repaired] == 54)
    #expect(outcome.end.tally.done == 60 && outcome.end.stop == nil)
    #expect(outcome.end.seconds >= 7_200 && outcome.end.seconds < 9_000)
    #expect(outcome.results.count { $0.outcome == .unreachable && $0.detail != nil } == 6)
  }

  @Test func aWaveWaitsForWhoeverComesBack() async throws {
    // All but a tenth are repaired; those asleep are the only ones left, and are still done in waves.
    let rig = try EngineRig(agents: 10, faults: FaultRecipe(.asleep))
    rig.options.keepTryingSeconds = 2 * 86_400
    rig.options.waves = try #require(WaveSizes("1"))
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.repaired] == 10)
  }

  @Test func anInterruptEndsTheTryingAndResumeTriesAgain() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.asleep))
    rig.options.keepTryingSeconds = 2 * 86_400
    let clock = rig.fleet.clock
    rig.onResult = Self.once(clock, after: 2_000) { $0.interrupt() }
    let first = try await rig.transfer()
    #expect(first.end.stop == .interrupted && first.end.tally[.unreachable] > 0)
    #expect(first.end.tally.done == 60)
    let connector = rig.fleet.connector
    let (plan, work) = try await rig.plan(connector: connector)
    let progress = try rig.journal.reopenRun(first.run)
    #expect(progress.left(of: plan) == 60 - first.end.tally[.repaired])
    let engine = RunEngine(
      plan: plan, work: work, connector: connector, journal: rig.journal, run: first.run, clock: clock,
      controls: RunControls(), gate: LogonGate(), progress: progress,
      reports: RunReports { _ in })
    let end = await engine.execute()
    #expect(end.exitCode == 0 && end.tally[.repaired] == 60)
  }

  @Test func aRunThatBrokeOffWhileWaitingKnowsWhoWasUnreachable() async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(.asleep))
    rig.options.keepTryingSeconds = 2 * 86_400
    let journal = rig.journal
    rig.onResult = Self.once(rig.fleet.clock, after: 2_000) { _ in journal.perish() }
    let outcome = try await rig.transfer()
    #expect(outcome.results.contains { $0.outcome == .unreachable })
    // One that answered again just then was really being worked on.
    for result in outcome.results where result.outcome == .unknown {
      let steps = try journal.events(ofRun: outcome.run, position: result.position).map(\.word)
      #expect(steps.last != "unreachable", "\(result.name): \(steps)")
    }
  }

  private typealias Reaction = @Sendable (AgentResult, RunControls) -> Void

  /// Does `act` so many seconds of lab time after each result.
  private static func later(
    _ clock: any Timekeeper, after seconds: Double, _ act: @escaping @Sendable (RunControls) -> Void
  ) -> Reaction {
    { _, controls in
      clock.begin()
      Task {
        try? await clock.sleep(for: .seconds(seconds))
        act(controls)
        clock.end()
      }
    }
  }

  /// The same after the first result only.
  private static func once(
    _ clock: any Timekeeper, after seconds: Double, _ act: @escaping @Sendable (RunControls) -> Void
  ) -> Reaction {
    let isDone = Atomic(false)
    let react = later(clock, after: seconds, act)
    return { result, controls in
      if !isDone.exchange(true, ordering: .relaxed) { react(result, controls) }
    }
  }

  @Test func pacingIsPartOfTheDigestOnlyWhereItIsUsed() throws {
    var plan = Plan(
      remedy: .transfer, server: "lab:", serverName: "apexone", product: "apex-one",
      certificate: try TestCertificates.server(), files: [], command: "IpXfer.exe", options: RunOptions(),
      agents: [PlannedAgent(name: "WS-001")])
    let plain = plan.digest
    plan.options.keepTryingSeconds = 60
    #expect(plan.digest != plain)
    plan.options.keepTryingSeconds = nil
    #expect(plan.digest == plain)
  }
}

/// Counts the connections that failed, by agent, and the probes.
private final class CountingConnector: ForwardingConnector {
  let base: any Remote.HostConnector
  let failed = Mutex<[String: Int]>([:])
  let probes = Mutex(0)

  init(_ base: any Remote.HostConnector) { self.base = base }

  func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
    do { return try await base.connect(to: endpoint, within: limit) } catch {
      failed.withLock { $0[endpoint.name, default: 0] += 1 }
      throw error
    }
  }

  func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {
    probes.withLock { $0 += 1 }
    try await base.probe(endpoint, within: limit)
  }
}
