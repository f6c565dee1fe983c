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

  /// Staging hangs until the second interrupt; then the endpoint takes no connection until the connecting is cancelled.
  @Test func aThirdInterruptEndsTheConnectingOfACleanUp() async throws {
    let rig = try EngineRig(agents: 1)
    let base = rig.fleet.connector
    let mute = Mute(base, rig.fleet.clock, rig.controls)
    rig.connector = mute
    let outcome = try await rig.transfer()
    // It is cancelled at once; the clock may have gone on by one of its seconds until it hears of it.
    #expect(mute.seconds.count == 1 && mute.seconds.allSatisfy { $0 <= 1 }, "\(mute.seconds)")
    #expect(outcome.end.exitCode == 130 && outcome.results[0].outcome != .repaired, "\(outcome.results)")
    #expect(outcome.results[0].detail?.contains("left behind: ") == true, "\(outcome.results)")
  }

  @Test func twoInterruptsEndConnectingForWorkAndNotForACleanUp() async throws {
    for (last, isCancelled) in [(RunControls.idleCut, true), (RunControls.fullCut, false)] {
      let controls = RunControls()
      let wasCancelled = try await controls.opening(0, until: last) { () async throws(RemoteError) -> Bool in
        for _ in 0..<2 { controls.interrupt() }
        return Task.isCancelled
      }
      #expect(wasCancelled == isCancelled)
    }
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

/// Breaks the first connection off at its first file, with two interrupts. Who connects again meets a third, and then
/// silence for the whole limit, but for a cancelled task.
private final class Mute: ForwardingConnector {
  let base: any HostConnector
  private let clock: any Timekeeper
  private let controls: RunControls
  private let isMute = Flag()
  private let waits = Mutex<[Double]>([])

  /// How long each of the later tries took.
  var seconds: [Double] { waits.withLock { $0 } }

  init(_ base: any HostConnector, _ clock: any Timekeeper, _ controls: RunControls) {
    (self.base, self.clock, self.controls) = (base, clock, controls)
  }

  private final class Host: ForwardingHost {
    let base: any Remote.Host
    private let onPut: @Sendable () -> Void
    init(_ base: any Remote.Host, _ onPut: @escaping @Sendable () -> Void) { (self.base, self.onPut) = (base, onPut) }
    func put(_ bytes: [UInt8], to file: WindowsPath) async throws(RemoteError) {
      if file.name.lowercased().hasSuffix(".exe") { onPut() }
      try await base.put(bytes, to: file)
    }
  }

  func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
    guard isMute.isRaised else {
      return Host(try await base.connect(to: endpoint, within: limit)) { [self] in
        isMute.raise()
        for _ in 0..<2 { controls.interrupt() }
      }
    }
    let begun = clock.now
    controls.interrupt()
    while !Task.isCancelled, clock.now - begun < limit { await clock.pass(.seconds(1)) }
    waits.withLock { $0.append((clock.now - begun).seconds) }
    throw RemoteError(.timedOut, "\(endpoint.name): says nothing")
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
    let services = results.map { ServiceOutput($0) }.filter { $0.state != nil }
    if hasExecuted.isRaised, !services.isEmpty, services.allSatisfy(\.isRunning) { sawThemRun() }
    return results
  }

  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    if command.program.contains("IpXfer") { hasExecuted.raise() }
    return try await base.run(command)
  }
}
