import ApexOne
import Lab
import Remote
import Testing

@testable import Runs

/// Another machine answers under an agent's name: it is not touched, and nothing of it is taken for the agent's.
@Suite struct OtherMachineTests {
  private func rig() throws -> (EngineRig, String) {
    let rig = try EngineRig(agents: 10, faults: FaultRecipe(.otherMachine))
    return (rig, try #require(rig.fleet.names.first { rig.fleet.fault(of: $0) == .otherMachine }))
  }

  @Test func itIsRefused() async throws {
    let (rig, name) = try rig()
    let outcome = try await rig.transfer()
    let result = try #require(outcome[name])
    #expect(result.outcome == .refused && result.cause == .otherMachine && result.protected == nil, "\(result)")
    #expect(result.detail?.contains("calls itself PC-") == true)
    #expect(rig.fleet.toolRuns(of: name) == 0 && rig.fleet.leftovers(of: name).isEmpty)
    #expect(outcome.end.tally[.repaired] == 9)
    #expect(try rig.journal.inspection(ofAgent: name.lowercased(), server: "lab:") == nil)
    #expect(try rig.journal.inspection(ofAgent: "ws-001", server: "lab:") != nil || name == "WS-001")
  }

  @Test func aReinstallationIsRefusedToo() async throws {
    let (rig, name) = try rig()
    rig.reinstallation = Reinstallation()
    let outcome = try await rig.transfer([name])
    #expect(outcome[name]?.cause == .otherMachine, "\(outcome.results)")
    #expect(rig.fleet.installations(of: name).installed == 0)
  }

  @Test func itIsAllowedByName() async throws {
    let (rig, name) = try rig()
    rig.options.otherMachines = ["PC-" + name.drop { !$0.isNumber }]
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.repaired] == 10, "\(outcome.results)")
    #expect(outcome[name]?.detail?.contains("could not be read") == false)
  }

  /// The name leads to another machine when the run is carried on: what was begun at the agent's stays unknown.
  @Test func aResumedRunLooksWhoAnswers() async throws {
    let (rig, name) = try rig()
    rig.options.otherMachines = ["PC-" + name.drop { !$0.isNumber }]
    let connector = rig.connector ?? rig.fleet.connector
    let (plan, work) = try await rig.plan([name], connector: connector)
    let run = try rig.journal.beginRun(plan, confirmed: "1", parent: nil, at: 0)
    try await rig.journal.intend(.execute(command: nil), run: run, position: 0, at: 0)
    rig.journal.disown(run)
    var strict = work
    strict.expectations.otherMachines = []
    let engine = RunEngine(
      plan: plan, work: strict, connector: connector, journal: rig.journal, run: run, clock: rig.fleet.clock,
      controls: RunControls(), gate: LogonGate(), progress: try rig.journal.reopenRun(run),
      reports: RunReports { _ in })
    _ = await engine.execute()
    let result = try #require(try rig.journal.results(ofRun: run).first)
    #expect(result.outcome == .unknown && result.cause == .otherMachine, "\(result)")
    #expect(rig.fleet.toolRuns(of: name) == 0)
    #expect(try rig.journal.endangered(server: "lab:").map(\.state) == ["perhaps-unprotected"])
  }

  @Test func aMachineThatSaysNoNameIsNoted() async throws {
    let rig = try EngineRig(agents: 1)
    rig.connector = WrappingConnector(base: rig.fleet.connector) { NamelessHost(base: $0) }
    let outcome = try await rig.transfer()
    #expect(outcome.results[0].outcome == .repaired)
    #expect(outcome.results[0].detail?.contains("what the machine calls itself could not be read") == true)
  }
}

/// A machine whose registry doesn't say what it calls itself.
private final class NamelessHost: ForwardingHost {
  let base: any Remote.Host
  init(base: any Remote.Host) { self.base = base }

  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    let asks = command.arguments.contains("Hostname") || command.arguments.contains("ComputerName")
    return asks ? CommandResult(exitCode: 1) : try await base.run(command)
  }
}
