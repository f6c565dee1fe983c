import ApexOne
import Lab
import Remote
import Testing

@testable import Runs

/// Reboots that installers ask for: an outcome of its own, and `resume` goes on after it.
@Suite struct RebootTests {
  private func rig(_ fault: Fault, uninstallFirst: Bool) throws -> EngineRig {
    let rig = try EngineRig(agents: 1, faults: FaultRecipe(fault))
    rig.options.maxUnprotected = .percentage(100)
    rig.reinstallation = Reinstallation(uninstallFirst: uninstallFirst)
    return rig
  }

  private func result(_ leg: EngineRig.Leg) throws -> AgentResult {
    try #require(try leg.journal.results(ofRun: leg.run).first)
  }

  @Test(arguments: [(Fault.uninstallWantsReboot, true), (.reboot, false), (.reboot, true)])
  func resumeWaitsForTheRebootAndGoesOn(_ fault: Fault, _ uninstallFirst: Bool) async throws {
    let rig = try rig(fault, uninstallFirst: uninstallFirst)
    var leg = try await rig.leg(dyingAfter: nil)
    var result = try result(leg)
    #expect(result.outcome == .rebootRequired && result.cause == .reboot && result.protected == false, "\(result)")
    #expect(leg.end.exitCode == 1)
    let before = rig.fleet.installations(of: "WS-001")
    #expect(before == (uninstallFirst ? 1 : 0, fault == .reboot ? 1 : 0))
    // Not rebooted: nothing is done, and it is said.
    leg = try await rig.leg(of: leg.run, dyingAfter: nil)
    result = try self.result(leg)
    #expect(result.outcome == .rebootRequired && result.detail?.contains("not rebooted yet") == true, "\(result)")
    #expect(result.protected == false)
    #expect(rig.fleet.installations(of: "WS-001") == before)
    // Half an hour later it rebooted by itself.
    try await rig.wait(2_000)
    leg = try await rig.leg(of: leg.run, dyingAfter: nil)
    result = try self.result(leg)
    // Where the next installer asks for a reboot, the lab's one does so each time; here only the uninstaller does.
    #expect(result.outcome == .repaired && result.protected == true, "\(result)")
    #expect(rig.fleet.installations(of: "WS-001") == (uninstallFirst ? 1 : 0, 1))
    #expect(rig.fleet.leftovers(of: "WS-001").isEmpty)
    #expect(leg.end.exitCode == 0)
  }

  @Test(arguments: [(Fault.uninstallReboots, true), (.installReboots, false), (.installReboots, true)])
  func aMachineThatRebootsAtOnceIsCarriedOn(_ fault: Fault, _ uninstallFirst: Bool) async throws {
    let rig = try rig(fault, uninstallFirst: uninstallFirst)
    var leg = try await rig.leg(dyingAfter: nil)
    let first = try result(leg)
    #expect(first.outcome == .rebootRequired, "\(first)")
    try await rig.wait(200)
    leg = try await rig.leg(of: leg.run, dyingAfter: nil)
    let second = try result(leg)
    #expect(second.outcome == .repaired, "\(second)")
    #expect(rig.fleet.installations(of: "WS-001") == (uninstallFirst ? 1 : 0, 1))
    #expect(rig.fleet.leftovers(of: "WS-001").isEmpty)
  }

  /// Where Windows says nothing of its boots, the proof decides.
  @Test func whatCantBeToldIsProvedOrLeftOpen() async throws {
    let rig = try rig(.reboot, uninstallFirst: false)
    rig.connector = WrappingConnector(base: rig.fleet.connector) { BlindHost(base: $0) }
    var leg = try await rig.leg(dyingAfter: nil)
    leg = try await rig.leg(of: leg.run, dyingAfter: nil)
    let open = try result(leg)
    // The lab's installer leaves its services to the boot, and sc.exe starts them by hand: that is a proof, too.
    #expect([.repaired, .rebootRequired].contains(open.outcome), "\(open)")
    try await rig.wait(2_000)
    leg = try await rig.leg(of: leg.run, dyingAfter: nil)
    #expect(try result(leg).outcome == .repaired)
  }
}

/// An endpoint that tells nothing of its boots.
private final class BlindHost: ForwardingHost {
  let base: any Remote.Host
  init(base: any Remote.Host) { self.base = base }

  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    if ["ShutdownTime", "RpcSs"].contains(where: { command.masked.contains($0) }) {
      return CommandResult(exitCode: 1)
    }
    return try await base.run(command)
  }
}
