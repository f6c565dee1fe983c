import ApexOne
import Lab
import Remote
import Synchronization
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

  /// An address that is another machine's when the connection is opened again (a lease that moved, a clone with the same
  /// host key): that one's services and certificate prove nothing of the agent, and nothing is done at it.
  @Test(arguments: [1, 2]) func whoeverAnswersLaterIsTheMachineThatWasInspected(connections: Int) async throws {
    let rig = try EngineRig(agents: 2)
    let (first, victim) = (rig.fleet.names[0], rig.fleet.names[1])
    rig.options.waves = try #require(WaveSizes("1,100%"))
    rig.connector = MovingConnector(base: rig.fleet.connector, from: victim, to: first, after: connections)
    let outcome = try await rig.transfer()
    #expect(outcome[first]?.outcome == .repaired, "\(outcome.results)")
    let result = try #require(outcome[victim])
    // What was seen of the agent's own machine counts: its services ran, or nothing is known of them.
    #expect(result.outcome == .unproved && result.protected == (connections == 1 ? nil : true), "\(result)")
    #expect(result.detail?.contains("it calls itself \(first)") == true, "\(result)")
    #expect(result.detail?.contains("left behind") == true, "what is at the agent's machine stays there, and is named")
    #expect(rig.fleet.toolRuns(of: first) == 1 && rig.fleet.leftovers(of: first).isEmpty)
    #expect(try rig.journal.endangered(server: "lab:").map(\.name.text) == (connections == 1 ? [victim] : []))
  }

  /// A name that can't be read any more, and a machine that was renamed to the agent's name.
  @Test func whoIsTakenForTheSame() {
    let names = MachineNames(host: "WS-001", computer: "WS-001")
    #expect(names.mayBe(MachineNames()) && names.mayBe(MachineNames(host: "ws-001")))
    #expect(MachineNames(computer: "WS-001").mayBe(names))
    #expect(!MachineNames(host: "WS-002", computer: "WS-001").mayBe(names) && !MachineNames().mayBe(names))
    #expect(!MachineNames(computer: "WS-001").mayBe(MachineNames(host: "WS-001")))
  }
}

/// Connections to one agent lead to another one's machine after the first few.
private final class MovingConnector: ForwardingConnector {
  let base: any HostConnector
  private let (from, to, after): (String, String, Int)
  private let count = Mutex(0)

  init(base: any HostConnector, from: String, to: String, after: Int) {
    (self.base, self.from, self.to, self.after) = (base, from, to, after)
  }

  func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
    guard endpoint.name == from else { return try await base.connect(to: endpoint, within: limit) }
    let number = count.withLock { count in
      count += 1
      return count
    }
    return try await base.connect(to: Endpoint(name: number > after ? to : from), within: limit)
  }
}
