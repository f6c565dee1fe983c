import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// What is wrong with the first wave, or with a canary, may be wrong everywhere: so it is on every leg of a run.
@Suite struct FirstWaveTests {
  @Test(arguments: [nil, ["WS-007"]])
  func aRunThatIsCarriedOnBeginsWithItsFirstWaveUntilOneIsProved(canaries: [String]?) async throws {
    let rig = try EngineRig(agents: 40, faults: .wrongPassword)
    rig.options.canaries = canaries
    let first = try await rig.transfer()
    #expect(first.end.stop != nil && first.end.tally[.failed] == 1)
    let connector = rig.fleet.connector
    let (plan, work) = try await rig.plan(connector: connector)
    let engine = RunEngine(
      plan: plan, work: work, connector: connector, journal: rig.journal, run: first.run, clock: rig.fleet.clock,
      controls: RunControls(), gate: LogonGate(), progress: try rig.journal.reopenRun(first.run),
      reports: RunReports { _ in })
    let second = await engine.execute()
    switch second.stop {
    case .noEffectInFirstWave: #expect(canaries == nil)
    case .canaryFailed: #expect(canaries != nil)
    default: Issue.record("\(second)")
    }
    #expect(second.tally[.failed] == 2 && second.tally[.notAttempted] == 38)
  }

  /// The process dies under the canary's tool; the next one must not take that for a wave that went well.
  @Test(arguments: [nil, ["WS-001"]])
  func aCanaryThatACrashCutShortIsStillTheFirst(canaries: [String]?) async throws {
    var cutShort = 0
    for seconds in 1...30 {
      let rig = try EngineRig(agents: 24, faults: .wrongPassword)
      rig.options.canaries = canaries
      rig.options.maxFailures = .percentage(50)
      let first = try await rig.leg(dyingAfter: Double(seconds))
      let begun = try first.journal.events(ofRun: first.run, position: 0)
      guard begun.contains(where: { $0.name == .execute }), begun.last?.name != .ended else { continue }
      cutShort += 1
      let second = try await rig.leg(of: first.run, dyingAfter: nil)
      switch second.end.stop {
      case .noEffectInFirstWave: #expect(canaries == nil)
      case .canaryFailed: #expect(canaries != nil)
      default: Issue.record("\(seconds) s: \(second.end)")
      }
      #expect(second.end.tally[.notAttempted] == 23, "\(seconds) s: \(second.end)")
    }
    #expect(cutShort > 3)
  }

  /// One canary is proved, the other was cut short: it still stops the run.
  @Test func aCanaryThatWasCutShortIsOneThoughAnotherWasProved() async throws {
    let rig = try EngineRig(agents: 20)
    rig.options.canaries = ["WS-001", "WS-002"]
    rig.options.maxFailures = .percentage(100)
    let wasCut = Flag()
    rig.connector = HookedConnector(rig.fleet) { name, command in
      guard name == "WS-002", command.program.contains("IpXfer") else { return .nothing }
      return wasCut.isRaised ? .cut : .dawdle
    }
    let (clock, controls) = (rig.fleet.clock, rig.controls)
    rig.onBegin = { _ = clock.schedule(after: .seconds(150)) { for _ in 0..<3 { controls.interrupt() } } }
    let first = try await rig.transfer()
    #expect(first.results.prefix(2).map(\.outcome) == [.repaired, .unknown], "\(first.results.prefix(2))")
    wasCut.raise()
    let second = try await rig.leg(of: first.run, dyingAfter: nil)
    guard case .canaryFailed(agent: "WS-002", _, _) = second.end.stop else {
      return #expect(Bool(false), "\(second.end)")
    }
    #expect(second.end.tally[.notAttempted] == 18)
  }
}
