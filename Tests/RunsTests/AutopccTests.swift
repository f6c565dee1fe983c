import ApexOne
import Lab
import Remote
import Testing

@testable import Runs

/// `--method autopcc`: from the server's share, by a logon that may show itself there, one agent first.
@Suite struct AutopccTests {
  private let autopcc = Reinstallation(isAutopcc: true)

  @Test func theFleetFetchesItsAgents() async throws {
    let rig = try EngineRig(agents: 30, faults: FaultRecipe(.noAgent))
    let (plan, _) = try autopcc.plan(rig, connector: rig.fleet.connector)
    #expect(plan.command == #"\\apexone.contoso.local\ofcscan\autopcc.exe"#)
    #expect(plan.files.isEmpty && plan.refused == 0)
    let outcome = try await rig.reinstall(autopcc)
    #expect(outcome.end.tally[.repaired] == 30, "\(outcome.results.filter { $0.outcome != .repaired })")
    #expect(rig.fleet.names.allSatisfy { rig.fleet.leftovers(of: $0).isEmpty })
  }

  @Test func aLogonByKeyIsRefusedWhilePlanning() async throws {
    let rig = try EngineRig(agents: 3, faults: .keyLogon)
    let (plan, _) = try autopcc.plan(rig, connector: rig.fleet.connector)
    #expect(plan.refused == 3)
    #expect(plan.agents[0].refusal?.cause == .cannotCarry)
    #expect(plan.agents[0].refusal?.text.contains("without network credentials") == true)
    // A package needs none.
    let package = try await rig.reinstall()
    #expect(package.end.tally[.repaired] == 3)
  }

  /// A transport may promise what one connection doesn't keep: an ssh agent's key that was taken before the password.
  @Test func aLogonThatTurnsOutToBeByKeyIsRefusedAtTheLook() async throws {
    let rig = try EngineRig(agents: 2, faults: .keyLogon)
    let password = try LabFleet(agents: 1).connector
    let (plan, work) = try autopcc.plan(rig, connector: password)
    #expect(plan.refused == 0)
    let outcome = try await rig.run(plan, work, rig.fleet.connector)
    #expect(outcome.results.allSatisfy { $0.outcome == .refused && $0.cause == .cannotCarry }, "\(outcome.results)")
  }

  @Test func wavesBeginWithOne() throws {
    let rig = try EngineRig(agents: 3)
    rig.options.waves = try #require(WaveSizes("50%,100%"))
    let (plan, _) = try autopcc.plan(rig, connector: rig.fleet.connector)
    #expect(plan.options.waves.description == "1,50%,100%")
    rig.options.waves = plan.options.waves
    #expect(try autopcc.plan(rig, connector: rig.fleet.connector).plan.options.waves.description == "1,50%,100%")
  }

  @Test func theRunGoesOnOnlyWhenTheFirstIsProved() async throws {
    let rig = try EngineRig(agents: 30, faults: .autopccKeepsCertificate)
    rig.options.maxFailures = .percentage(100)
    let outcome = try await rig.reinstall(autopcc)
    #expect(
      outcome.end.stop == .firstNotProved(agent: "WS-001", why: "no vendor's document says that this way works"),
      "\(outcome.end)")
    #expect(outcome.end.tally[.failed] == 1 && outcome.end.tally[.notAttempted] == 29)
    #expect(outcome.end.exitCode == 1)
  }

  /// However many were chosen to go first.
  @Test func oneCanaryGoesBeforeTheOthers() async throws {
    let rig = try EngineRig(agents: 10, faults: .autopccKeepsCertificate)
    rig.options.canaries = ["WS-004", "WS-005", "WS-006"]
    let outcome = try await rig.reinstall(autopcc)
    #expect(
      outcome.end.stop == .firstNotProved(agent: "WS-004", why: "no vendor's document says that this way works"),
      "\(outcome.end)")
    #expect(outcome.end.tally[.notAttempted] == 9)
  }

  /// One that needs nothing, or answers nothing, proves nothing: the next one is the first.
  @Test(arguments: [Fault.alreadyMatching, .otherServer, .offline]) func onlyAProofIsOne(_ fault: Fault) async throws {
    let rig = try EngineRig(agents: 20, faults: FaultRecipe(fault))
    let first = rig.struck(fault)
    let order = Collected()
    rig.onResult = { result, _ in order.add(result) }
    let outcome = try await rig.reinstall(autopcc, first + rig.fleet.names.filter { !first.contains($0) })
    #expect(outcome.end.stop == nil && outcome.end.tally[.repaired] == 18, "\(outcome.end)")
    #expect(order.results[first.count].outcome == .repaired, "one at a time until then: \(order.results)")
  }
}
