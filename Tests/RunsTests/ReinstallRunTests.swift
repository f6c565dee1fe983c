import ApexOne
import Lab
import Remote
import Testing

@testable import Runs

/// The second repair: a package that is run, and an agent that runs afterwards.
@Suite struct ReinstallRunTests {
  private func reinstall(
    _ rig: EngineRig, certificate: [UInt8]? = nil, ending: String = ".msi", name: String? = nil
  ) async throws -> EngineRig.Outcome {
    let package = LabPackage(
      server: name ?? rig.fleet.serverName, httpPort: 8080, httpsPort: 4343, agentPort: rig.fleet.agentPort,
      version: "14.0.12980", certificate: certificate ?? rig.fleet.serverCertificate)
    let own = rig.certificate
    let planner = ReinstallPlanner(
      server: "lab:", product: .apexOne, serverName: rig.fleet.serverName, serverAliases: [], certificate: own,
      package: StagedFile(name: "package" + ending, bytes: package.make()), arguments: [], options: rig.options)
    let (plan, work) = try planner.plan(
      rig.fleet.names.map { PlannedAgent(name: $0) }, connector: rig.fleet.connector, currentCertificate: { own })
    return try await rig.run(plan, work, rig.fleet.connector)
  }

  @Test(arguments: [".msi", ".exe"]) func aPackageRepairsTheFleet(ending: String) async throws {
    let rig = try EngineRig(agents: 30, faults: FaultRecipe(.noAgent))
    let outcome = try await reinstall(rig, ending: ending)
    #expect(outcome.end.tally[.repaired] == 30, "agents that were not installed, too: \(outcome.end.tally)")
    #expect(outcome.results.allSatisfy { $0.protected == true })
  }

  @Test func aRebootIsAnOutcomeOfItsOwn() async throws {
    let rig = try EngineRig(agents: 20, faults: FaultRecipe(.reboot))
    let outcome = try await reinstall(rig)
    for result in outcome.results where rig.fleet.fault(of: result.name) == .reboot {
      #expect(result.outcome == .rebootRequired, "\(result)")
      #expect(result.cause == .reboot)
    }
    #expect(outcome.end.tally[.rebootRequired] == 2)
    #expect(outcome.end.exitCode == 1)
  }

  @Test func aBusyInstallerIsSaid() async throws {
    let rig = try EngineRig(agents: 20, faults: FaultRecipe(.installerBusy))
    rig.options.maxFailures = .percentage(100)
    let outcome = try await reinstall(rig)
    for result in outcome.results where rig.fleet.fault(of: result.name) == .installerBusy {
      #expect(result.outcome == .failed, "\(result)")
      #expect(result.cause == .installerBusy)
    }
  }

  @Test func aPackageOfAnotherServerIsNoRepair() async throws {
    let rig = try EngineRig(agents: 3)
    rig.options.maxFailures = .percentage(100)
    let outcome = try await reinstall(rig, name: "apexone-old.contoso.local")
    #expect(outcome.results.allSatisfy { $0.outcome == .failed && $0.cause == .otherServer })
  }

  @Test func aPackageWithTheOldCertificateIsNoRepair() async throws {
    let rig = try EngineRig(agents: 3)
    rig.options.maxFailures = .percentage(100)
    let outcome = try await reinstall(rig, certificate: rig.fleet.olderCertificate)
    #expect(outcome.end.tally[.failed] == 3, "\(outcome.results)")
  }
}
