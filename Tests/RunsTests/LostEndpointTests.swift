import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// Endpoints that are lost between the uninstallation and the installation: said, and carried on by `resume`.
@Suite struct LostEndpointTests {
  private func rig(_ hook: @escaping HookedConnector.Hook) throws -> (EngineRig, HookedConnector) {
    let rig = try EngineRig(agents: 3)
    rig.reinstallation = Reinstallation(uninstallFirst: true)
    rig.options.waves = try #require(WaveSizes("100%"))
    let connector = HookedConnector(rig.fleet, hook)
    rig.connector = connector
    return (rig, connector)
  }

  @Test func oneThatDoesNotComeBackIsSaidAndCarriedOn() async throws {
    let (rig, connector) = try rig { endpoint, command in
      endpoint == "WS-002" && command.program.hasSuffix("PccNTMon.exe") ? .switchOff : .nothing
    }
    var leg = try await rig.leg(dyingAfter: nil)
    let lost = try #require(try leg.journal.results(ofRun: leg.run).first { $0.name == "WS-002" })
    #expect(lost.outcome == .unknown && lost.protected == nil, "\(lost)")
    #expect(lost.detail?.contains("the uninstaller had been started") == true, "\(lost)")
    #expect(!rig.fleet.hasAgent("WS-002"))
    // Still away: still open, still said.
    leg = try await rig.leg(of: leg.run, dyingAfter: nil)
    #expect(try leg.journal.results(ofRun: leg.run)[1].outcome == .unknown)
    connector.switchOn()
    leg = try await rig.leg(of: leg.run, dyingAfter: nil)
    #expect(leg.end.tally[.repaired] == 3 && leg.end.exitCode == 0, "\(leg.end)")
    #expect(rig.fleet.installations(of: "WS-002") == (1, 1))
  }

  /// The agent was seen gone, and the endpoint went away before the package was run.
  @Test func oneThatGoesAwayAfterTheProofOfRemovalStopsTheRun() async throws {
    let looks = Mutex(0)
    let (rig, connector) = try rig { endpoint, command in
      guard endpoint == "WS-002" else { return .nothing }
      // Asked for by the proof that the agent is gone, and by nothing before it.
      let isProof = command.masked.contains("OfficeScanNT")
      let isAfter = looks.withLock { looks in
        if isProof { looks += 1 }
        return looks > 0
      }
      return isAfter && command.program == "msiexec.exe" ? .switchOffBefore : .nothing
    }
    var leg = try await rig.leg(dyingAfter: nil)
    #expect(leg.end.stop == .failedAfterRemoval(without: ["WS-002"], other: []), "\(leg.end)")
    let lost = try leg.journal.results(ofRun: leg.run)[1]
    #expect(lost.outcome == .unknown && lost.protected == false, "\(lost)")
    #expect(leg.end.tally.unprotected == 1)
    connector.switchOn()
    leg = try await rig.leg(of: leg.run, dyingAfter: nil)
    #expect(leg.end.tally[.repaired] == 3, "\(leg.end)")
    #expect(rig.fleet.installations(of: "WS-002") == (1, 1))
  }

  /// An installer that was cut short and left nothing is started once more.
  @Test func aConnectionThatBreaksUnderTheInstallerCostsNobodyItsAgent() async throws {
    let cuts = Mutex(0)
    let (rig, _) = try rig { endpoint, command in
      guard endpoint == "WS-002", command.program == "msiexec.exe" else { return .nothing }
      return cuts.withLock { cuts in
        cuts += 1
        return cuts == 1 ? .cut : .nothing
      }
    }
    let outcome = try await rig.reinstall(Reinstallation(uninstallFirst: true))
    #expect(outcome.end.tally[.repaired] == 3, "\(outcome.results)")
    #expect(rig.fleet.installations(of: "WS-002") == (1, 1))
    #expect(try rig.steps(outcome.run, "WS-002").filter { $0 == "[execute]" }.count == 2)
  }

  /// The third ^C cuts, even here; what it left is open for `resume`.
  @Test func threeInterrupts() async throws {
    let controls = Mutex<RunControls?>(nil)
    let (rig, _) = try rig { endpoint, command in
      if endpoint == "WS-001", command.program.hasSuffix("PccNTMon.exe") {
        controls.withLock { controls in for _ in 0..<3 { controls?.interrupt() } }
      }
      return .nothing
    }
    controls.withLock { $0 = rig.controls }
    let outcome = try await rig.reinstall(Reinstallation(uninstallFirst: true))
    #expect(outcome.end.exitCode == 130)
    let cut = outcome.results[0]
    #expect(cut.outcome == .unknown && cut.protected != true, "\(cut)")
    controls.withLock { $0 = nil }
    let leg = try await rig.leg(of: outcome.run, dyingAfter: nil)
    #expect(try leg.journal.results(ofRun: leg.run)[0].outcome == .repaired)
    #expect(rig.fleet.installations(of: "WS-001") == (1, 1))
  }
}

/// Does something when an endpoint is asked to run a command; endpoints that are switched off answer no more.
final class HookedConnector: ForwardingConnector {
  enum Action { case nothing, switchOff, switchOffBefore, dawdle, cut }
  typealias Hook = @Sendable (_ endpoint: String, RemoteCommand) -> Action

  let base: any HostConnector
  fileprivate let clock: any Timekeeper
  private let hook: Hook
  private let off = Mutex(Set<String>())

  init(_ fleet: LabFleet, _ hook: @escaping Hook) {
    base = fleet.connector
    clock = fleet.clock
    self.hook = hook
  }

  /// Everything answers again, and does nothing special any more.
  func switchOn() { off.withLock { $0 = ["*"] } }

  func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
    if off.withLock({ $0.contains(endpoint.name) }) {
      throw RemoteError(.unreachable, "\(endpoint.name): no route to the host")
    }
    return HookedHost(endpoint.name, try await base.connect(to: endpoint, within: limit), self)
  }

  fileprivate func action(_ name: String, _ command: RemoteCommand) -> Action {
    off.withLock { $0.contains("*") } ? .nothing : hook(name, command)
  }

  fileprivate func switchOff(_ name: String) { off.withLock { _ = $0.insert(name) } }
}

private final class HookedHost: ForwardingHost {
  let base: any Remote.Host
  private let name: String
  private let connector: HookedConnector

  init(_ name: String, _ base: any Remote.Host, _ connector: HookedConnector) {
    self.name = name
    self.base = base
    self.connector = connector
  }

  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    let action = connector.action(name, command)
    if action == .switchOffBefore {
      connector.switchOff(name)
      base.abort()
    }
    if action == .cut { base.abort() }
    if action == .dawdle { try? await connector.clock.sleep(for: .seconds(200)) }
    let result = try await base.run(command)
    if action == .switchOff {
      connector.switchOff(name)
      base.abort()
    }
    return result
  }
}
