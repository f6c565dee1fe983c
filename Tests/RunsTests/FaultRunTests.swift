import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// What each fault of a fleet comes to: its outcome, its cause, and whether the endpoint is protected at the end.
@Suite struct FaultRunTests {
  struct Expected: Sendable {
    var fault: Fault
    var outcome: Outcome
    var causes: Set<Cause>
    var protected: Set<Bool?> = [true]
  }

  static let table: [Expected] = [
    Expected(fault: .offline, outcome: .unreachable, causes: [.unreachable, .timedOut], protected: [nil]),
    Expected(fault: .noRights, outcome: .denied, causes: [.accessDenied]),
    Expected(fault: .fullDisk, outcome: .failed, causes: [.noSpace]),
    Expected(fault: .otherServer, outcome: .refused, causes: [.otherServer]),
    Expected(fault: .wrongBitness, outcome: .refused, causes: [.unsupportedMachine]),
    Expected(fault: .saysZeroRepairsNothing, outcome: .failed, causes: [.toolHadNoEffect]),
    Expected(fault: .saysFiveRepairs, outcome: .repaired, causes: []),
    Expected(fault: .servicesStayDown, outcome: .failed, causes: [.servicesStopped], protected: [false]),
    Expected(fault: .alreadyMatching, outcome: .alreadyMatching, causes: [.listStale]),
    Expected(fault: .noAgent, outcome: .refused, causes: [.noAgent], protected: [nil]),
    Expected(fault: .slow, outcome: .repaired, causes: []),
    Expected(fault: .hostKeyChanged, outcome: .refused, causes: [.hostKeyChanged], protected: [nil]),
    Expected(fault: .certificateMissing, outcome: .repaired, causes: []),
  ]

  @Test(arguments: table) func eachFaultHasItsOutcome(_ expected: Expected) async throws {
    let rig = try EngineRig(agents: 40, faults: FaultRecipe(expected.fault))
    rig.options.maxFailures = .percentage(100)
    rig.options.maxUnprotected = .percentage(100)
    let outcome = try await rig.transfer()
    var struck = 0
    for result in outcome.results {
      guard rig.fleet.fault(of: result.name) == expected.fault else {
        #expect(result.outcome == .repaired, "\(result.name): \(result.detail ?? "")")
        continue
      }
      struck += 1
      #expect(result.outcome == expected.outcome, "\(result.name): \(result.detail ?? "")")
      #expect(result.cause.map(expected.causes.contains) ?? expected.causes.isEmpty, "\(result)")
      #expect(expected.protected.contains(result.protected), "\(result)")
    }
    #expect(struck >= 1)
    #expect(outcome.end.tally.done == 40)
    #expect(try await leftBehind(rig, outcome).isEmpty)
  }

  /// Connections that drop, tools that hang, machines that reboot: never left with stopped services unsaid.
  @Test(arguments: [Fault.connectionDropped, .hangingTool, .reboot])
  func whatBreaksInTheMiddleEndsProtectedOrSaysSo(_ fault: Fault) async throws {
    let rig = try EngineRig(agents: 60, faults: FaultRecipe(fault))
    rig.options.maxFailures = .percentage(100)
    rig.options.maxUnprotected = .percentage(100)
    let outcome = try await rig.transfer()
    for result in outcome.results {
      if rig.fleet.fault(of: result.name) != fault { #expect(result.outcome == .repaired) }
      let runs = try await isProtected(rig, result.name)
      #expect(result.protected == runs, "\(result)")
      #expect(runs, "services that ran before must run again: \(result)")
    }
    #expect(outcome.end.tally.done == 60)
  }

  @Test func theWholeFleetsFaultsAddUp() async throws {
    let rig = try EngineRig(agents: 200, faults: .typical)
    let outcome = try await rig.transfer()
    #expect(outcome.end.stop == nil)
    #expect(outcome.end.tally.done == 200)
    #expect(outcome.results.count == 200)
    var counts: [Outcome: Int] = [:]
    for result in outcome.results { counts[result.outcome, default: 0] += 1 }
    #expect(counts == outcome.end.tally.counts.filter { $0.value > 0 })
    #expect(outcome.end.exitCode == 1)
  }

  /// What stands on an endpoint after a run, by a look of our own.
  private func isProtected(_ rig: EngineRig, _ name: String) async throws -> Bool {
    try await visit(rig, name) { host in
      let services = try await EndpointLook.services(host, AgentService.required)
      return AgentService.required.allSatisfy { services[$0]?.state == .running }
    }
  }

  private func leftBehind(_ rig: EngineRig, _ outcome: EngineRig.Outcome) async throws -> [String] {
    var found: [String] = []
    for result in outcome.results where result.outcome == .repaired || result.outcome == .failed {
      found += try await visit(rig, result.name) { host in
        try await host.list(WindowsPath(#"C:\Windows"#)).map(\.name).filter { $0.hasPrefix("apexsh") }
      }.map { "\(result.name): \($0)" }
    }
    return found
  }

  private func visit<T>(_ rig: EngineRig, _ name: String, _ look: (any Host) async throws -> T) async throws -> T {
    rig.fleet.clock.begin()
    defer { rig.fleet.clock.end() }
    let host = try await rig.fleet.connector.connect(to: Endpoint(name: name), within: .seconds(60))
    let value = try await look(host)
    await host.close()
    return value
  }
}
