import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// No endpoint stays down and unsaid: not beside a right certificate, not after a third ^C, not without a journal.
@Suite struct UnprotectedTests {
  private func services(_ rig: EngineRig, _ name: String) async throws -> ServiceFacts {
    rig.fleet.clock.begin()
    defer { rig.fleet.clock.end() }
    let host = try await rig.fleet.connector.connect(to: Endpoint(name: name), within: .seconds(60))
    let services = try await EndpointLook.services(host, AgentService.required)
    await host.close()
    return services
  }

  private func isUp(_ rig: EngineRig, _ name: String) async throws -> Bool {
    let services = try await services(rig, name)
    return AgentService.required.allSatisfy { services[$0]?.state == .running }
  }

  @Test func aRightCertificateBesideStoppedServicesIsNoMatch() async throws {
    let rig = try EngineRig(agents: 10, faults: try #require(FaultRecipe(named: "services-stay-down")))
    rig.options.maxFailures = .percentage(100)
    rig.options.maxUnprotected = .percentage(100)
    let first = try await rig.transfer()
    let down = try #require(first.results.first { $0.protected == false }).name
    let again = try await rig.transfer([down])
    let result = again.results[0]
    #expect(result.outcome == .failed && result.cause == .servicesStopped && result.protected == false, "\(result)")
    #expect(result.detail?.contains("the certificate is the server's already") == true, "\(result)")
    #expect(again.end.exitCode == 1 && again.end.tally.unprotected == 1)
    #expect(try rig.steps(again.run, at: 0).contains("started-service"))
    #expect(try !rig.steps(again.run, at: 0).contains("[execute]"))
    // It had none to lose: the budget for that is not spent.
    #expect(again.end.stop == nil)
  }

  /// A process that dies under the tool, and a new run in place of `resume`.
  @Test func whatACrashLeftStoppedIsStartedByANewRunToo() async throws {
    var started = 0
    for tenths in stride(from: 20, through: 300, by: 10) {
      let rig = try EngineRig(agents: 1)
      _ = try await rig.leg(dyingAfter: Double(tenths) / 10)
      let outcome = try await rig.transfer()
      #expect(outcome.end.exitCode == 0, "\(tenths): \(outcome.results)")
      #expect(try await isUp(rig, "WS-001"), "\(tenths): \(outcome.results)")
      let steps = try rig.steps(outcome.run, "WS-001")
      if steps.contains("started-service"), !steps.contains("[execute]") {
        started += 1
        // The tool was not run, so it is no repair: nothing is proved of the run's way.
        #expect(outcome.results[0].outcome == .alreadyMatching && outcome.results[0].protected == true)
        #expect(outcome.results[0].detail?.contains("started now") == true)
      }
    }
    #expect(started > 0)
  }

  @Test func whatTheThirdInterruptCutIsLookedAtByResume() async throws {
    var cut = 0
    for seconds in stride(from: 2, through: 60, by: 6) {
      let rig = try EngineRig(agents: 3)
      rig.options.waves = try #require(WaveSizes("100%"))
      let (clock, controls) = (rig.fleet.clock, rig.controls)
      rig.onBegin = {
        _ = clock.schedule(after: .seconds(seconds)) { for _ in 0..<3 { controls.interrupt() } }
      }
      let first = try await rig.transfer()
      for result in first.results where result.outcome != .repaired {
        let hasExecuted = try rig.steps(first.run, at: result.position).contains("[execute]")
        #expect(result.outcome == (hasExecuted ? .unknown : .notAttempted), "\(seconds) s: \(result)")
        if hasExecuted { cut += 1 }
      }
      let second = try await rig.leg(of: first.run, dyingAfter: nil)
      #expect(second.end.exitCode == 0, "\(seconds) s: \(second.end)")
      for name in rig.fleet.names {
        #expect(try await isUp(rig, name), "\(seconds) s: \(name)")
        // What was proved is not touched again: there the first leg has said what it left.
        let isSaid = first[name]?.outcome == .repaired && first[name]?.detail?.contains("left behind") == true
        #expect(isSaid || rig.fleet.leftovers(of: name) == [], "\(seconds) s: \(name)")
      }
    }
    #expect(cut > 3)
  }

  @Test func whatTheToolStoppedIsStartedThoughNothingMoreCanBeWritten() async throws {
    let rig = try EngineRig(agents: 1, faults: FaultRecipe(.connectionDropped))
    let (journal, dropped) = (rig.journal, Flag())
    rig.connector = HookedConnector(rig.fleet) { _, command in
      if command.program.contains("IpXfer"), !dropped.isRaised {
        dropped.raise()
        journal.perish()
      }
      return .nothing
    }
    let outcome = try await rig.transfer()
    #expect(dropped.isRaised && outcome.end.exitCode == 74)
    #expect(try await isUp(rig, "WS-001"))
  }

  @Test func anAgentThatIsMovedIsProvedToBeHere() async throws {
    let rig = try EngineRig(agents: 30, faults: FaultRecipe(.otherServer))
    rig.options.move = true
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.repaired] == 30, "\(outcome.results.filter { $0.outcome != .repaired })")
  }
}
