import ApexOne
import Lab
import Remote
import Testing

@testable import Runs

/// The second repair: a package that is run, and an agent that runs afterwards.
@Suite struct ReinstallRunTests {
  @Test(arguments: [".msi", ".exe"]) func aPackageRepairsTheFleet(ending: String) async throws {
    let rig = try EngineRig(agents: 30, faults: FaultRecipe(.noAgent))
    let outcome = try await rig.reinstall(Reinstallation(ending: ending))
    #expect(outcome.end.tally[.repaired] == 30, "agents that were not installed, too: \(outcome.end.tally)")
    #expect(outcome.results.allSatisfy { $0.protected == true })
  }

  @Test func aRebootIsAnOutcomeOfItsOwn() async throws {
    let rig = try EngineRig(agents: 20, faults: FaultRecipe(.reboot))
    let outcome = try await rig.reinstall()
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
    let outcome = try await rig.reinstall()
    for result in outcome.results where rig.fleet.fault(of: result.name) == .installerBusy {
      #expect(result.outcome == .failed, "\(result)")
      #expect(result.cause == .installerBusy)
    }
  }

  @Test func aPackageOfAnotherServerIsNoRepair() async throws {
    let rig = try EngineRig(agents: 3)
    rig.options.maxFailures = .percentage(100)
    let outcome = try await rig.reinstall(Reinstallation(serverName: "apexone-old.contoso.local"))
    #expect(outcome.results.allSatisfy { $0.outcome == .failed && $0.cause == .otherServer })
  }

  @Test func aPackageWithTheOldCertificateIsNoRepair() async throws {
    let rig = try EngineRig(agents: 3)
    rig.options.maxFailures = .percentage(100)
    let outcome = try await rig.reinstall(Reinstallation(certificate: rig.fleet.olderCertificate))
    #expect(outcome.end.tally[.failed] == 3, "\(outcome.results)")
  }

  @Test func aPackageForAnotherPortIsNoRepair() async throws {
    let rig = try EngineRig(agents: 1)
    let outcome = try await rig.reinstall(Reinstallation(httpPort: 8081))
    #expect(outcome.results[0].outcome == .failed && outcome.results[0].cause == .otherServer, "\(outcome.results)")
  }

  // MARK: another installation

  @Test func anInstallerThatIsBusyForAWhileIsWaitedFor() async throws {
    let rig = try EngineRig(agents: 20, faults: FaultRecipe(.installerBusyForAWhile))
    let outcome = try await rig.reinstall()
    #expect(outcome.end.tally[.repaired] == 20, "\(outcome.results.filter { $0.outcome != .repaired })")
    for name in rig.struck(.installerBusyForAWhile) {
      let steps = try rig.steps(outcome.run, name)
      // At 0, 15, 45 s it is busy, at 105 s no more; each try has its intent.
      #expect(steps.filter { $0 == "[execute]" }.count == 4, "\(steps)")
      #expect(steps.filter { $0 == "installer-busy" }.count == 3, "\(steps)")
      #expect(rig.fleet.installations(of: name).installed == 1)
    }
  }

  @Test func itIsNotWaitedForLongerThanTheTimeForIt() async throws {
    let rig = try EngineRig(agents: 1, faults: FaultRecipe(.installerBusy))
    let started = rig.fleet.clock.now
    let outcome = try await rig.reinstall()
    let seconds = (rig.fleet.clock.now - started).seconds
    #expect(outcome.results[0].cause == .installerBusy && outcome.results[0].protected == true)
    #expect(seconds > 400 && seconds < rig.options.executeSeconds + 60, "\(seconds)")
  }

  /// Nothing was done there: so its turn has not come, and resume takes it.
  @Test func whoeverWaitsForAnInstallerStopsWithTheRun() async throws {
    let rig = try EngineRig(agents: 20, faults: FaultRecipe(.installerBusy))
    rig.options.waves = try #require(WaveSizes("100%"))
    rig.onResult = { result, controls in if result.name == "WS-001" { controls.interrupt() } }
    let outcome = try await rig.reinstall()
    for name in rig.struck(.installerBusy) {
      #expect(outcome[name]?.outcome == .notAttempted && outcome[name]?.cause == .interrupted, "\(outcome.results)")
    }
    #expect(outcome.end.exitCode == 130)
  }

  @Test func aFailingInstallerNeedsNoSettling() async throws {
    let rig = try EngineRig(agents: 1, faults: FaultRecipe(.installFails))
    let outcome = try await rig.reinstall()
    #expect(outcome.results[0].outcome == .failed && outcome.results[0].cause == .installFailed, "\(outcome.results)")
    #expect(outcome.results[0].protected == true, "the agent that was there runs on")
    #expect(outcome.end.tally.unprotected == 0)
  }
}
