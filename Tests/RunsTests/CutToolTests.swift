import ApexOne
import Lab
import Testing

@testable import Runs

/// A tool that was not seen to end is no evidence about its password.
@Suite struct CutToolTests {
  /// Runs a fleet whose agents with `fault` come first, so that they make up most of the first wave.
  private func outcome(_ fault: Fault) async throws -> (rig: EngineRig, outcome: EngineRig.Outcome) {
    let rig = try EngineRig(agents: 40, faults: FaultRecipe(fault))
    rig.options.maxFailures = .count(40)
    rig.options.waves = try #require(WaveSizes("8,100%"))
    rig.options.maxWaveFailures = .percentage(100)
    rig.options.maxUnprotected = .percentage(100)
    let struck = rig.fleet.names.filter { rig.fleet.fault(of: $0) == fault }
    let others = rig.fleet.names.filter { rig.fleet.fault(of: $0) != fault }
    return (rig, try await rig.transfer(struck + others))
  }

  @Test(arguments: [(Fault.connectionDropped, Cause.dropped), (.hangingTool, .timedOut)])
  func itStopsNoFirstWave(_ fault: Fault, _ cause: Cause) async throws {
    let (rig, outcome) = try await outcome(fault)
    #expect(outcome.end.stop == nil)
    let struck = outcome.results.filter { rig.fleet.fault(of: $0.name) == fault }
    #expect(struck.count == 4)
    #expect(struck.contains { $0.outcome == .failed && $0.cause == cause })
    #expect(!struck.contains { $0.cause == .toolHadNoEffect })
  }
}
