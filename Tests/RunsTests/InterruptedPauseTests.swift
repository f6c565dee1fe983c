import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// A run that is told to end does not wait for pauses in which nothing goes on anyhow.
@Suite struct InterruptedPauseTests {
  /// Interrupts `count` times, `seconds` after it was first told to, and notes when.
  private final class Interrupter: Sendable {
    let clock: any Timekeeper
    private let controls: RunControls
    private let count: Int
    private let seconds: Double
    private let state = Mutex<(isSet: Bool, at: Duration?)>((false, nil))

    init(_ rig: EngineRig, times count: Int, after seconds: Double) {
      (clock, controls, self.count, self.seconds) = (rig.fleet.clock, rig.controls, count, seconds)
    }

    func set() {
      let isSet = state.withLock { state in
        defer { state.isSet = true }
        return state.isSet
      }
      guard !isSet else { return }
      _ = clock.schedule(after: .seconds(seconds)) { [self] in
        state.withLock { $0.at = clock.now }
        for _ in 0..<count { controls.interrupt() }
      }
    }

    /// Seconds of the clock since the interrupts; nil where there were none.
    var secondsSince: Double? { state.withLock { $0.at }.map { (clock.now - $0).seconds } }
  }

  private final class Deaf: ForwardingConnector {
    let base: any HostConnector
    private let asked: @Sendable () -> Void
    init(_ base: any HostConnector, _ asked: @escaping @Sendable () -> Void) { (self.base, self.asked) = (base, asked) }
    func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
      asked()
      throw RemoteError(.unreachable, "\(endpoint.name): no route to the host")
    }
  }

  @Test func aThirdInterruptEndsTheWaitBetweenTwoProvingLooks() async throws {
    let rig = try EngineRig(agents: 1)
    let interrupter = Interrupter(rig, times: 3, after: 2)
    rig.connector = LookWatch(rig.fleet.connector) { interrupter.set() }
    let outcome = try await rig.transfer()
    let seconds = try #require(interrupter.secondsSince)
    #expect(seconds < 1, "\(seconds)")
    #expect(outcome.results[0].outcome == .unknown && outcome.end.exitCode == 130, "\(outcome.results)")
  }

  @Test func twoInterruptsLeaveItTheTimeToBeProved() async throws {
    let rig = try EngineRig(agents: 1)
    let interrupter = Interrupter(rig, times: 2, after: 2)
    rig.connector = LookWatch(rig.fleet.connector) { interrupter.set() }
    let outcome = try await rig.transfer()
    #expect(try #require(interrupter.secondsSince) > 10)
    #expect(outcome.results[0].outcome == .repaired, "\(outcome.results)")
  }

  @Test func aSecondInterruptEndsTheWaitForAnotherTry() async throws {
    let rig = try EngineRig(agents: 1)
    rig.options.retries = 10
    let interrupter = Interrupter(rig, times: 2, after: 100)
    rig.connector = Deaf(rig.fleet.connector) { interrupter.set() }
    let outcome = try await rig.transfer()
    let seconds = try #require(interrupter.secondsSince)
    #expect(seconds < 1, "\(seconds)")
    #expect(
      outcome.results[0].outcome == .notAttempted && outcome.results[0].cause == .interrupted, "\(outcome.results)")
  }

  @Test func twoInterruptsEndTheWaitForAnotherInstaller() async throws {
    let rig = try EngineRig(agents: 1, faults: FaultRecipe(.installerBusy))
    // The third wait, of 60 seconds, begins some 45 seconds after the first installer.
    let interrupter = Interrupter(rig, times: 2, after: 75)
    rig.connector = HookedConnector(rig.fleet) { _, command in
      if command.program == "msiexec.exe" { interrupter.set() }
      return .nothing
    }
    let outcome = try await rig.reinstall()
    let seconds = try #require(interrupter.secondsSince)
    #expect(seconds < 3, "\(seconds)")
    #expect(
      outcome.results[0].outcome == .notAttempted && outcome.results[0].cause == .interrupted, "\(outcome.results)")
    #expect(rig.fleet.installations(of: "WS-001") == (0, 0))
    let steps = try rig.steps(outcome.run, "WS-001")
    #expect(steps.filter { $0 == "[execute]" }.count == 3, "\(steps)")
    #expect(rig.fleet.leftovers(of: "WS-001") == [])
  }
}

/// Tells of looks since the tool was run that found all services running.
private final class LookWatch: ForwardingConnector {
  let base: any HostConnector
  private let sawThemRun: @Sendable () -> Void

  init(_ base: any HostConnector, _ sawThemRun: @escaping @Sendable () -> Void) {
    (self.base, self.sawThemRun) = (base, sawThemRun)
  }

  private let hasExecuted = Flag()

  func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
    WatchedHost(try await base.connect(to: endpoint, within: limit), hasExecuted, sawThemRun)
  }
}

private final class WatchedHost: ForwardingHost {
  let base: any Remote.Host
  private let hasExecuted: Flag
  private let sawThemRun: @Sendable () -> Void

  init(_ base: any Remote.Host, _ hasExecuted: Flag, _ sawThemRun: @escaping @Sendable () -> Void) {
    (self.base, self.hasExecuted, self.sawThemRun) = (base, hasExecuted, sawThemRun)
  }

  func run(inTurn commands: [RemoteCommand]) async throws(RemoteError) -> [CommandResult] {
    let results = try await base.run(inTurn: commands)
    if hasExecuted.isRaised, results.allSatisfy({ ServiceOutput($0).isRunning }) { sawThemRun() }
    return results
  }

  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    if command.program.contains("IpXfer") { hasExecuted.raise() }
    return try await base.run(command)
  }
}
