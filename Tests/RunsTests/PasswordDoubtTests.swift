import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// A password that may have been refused counts as refused until somebody has shown that it is good; a key that was
/// taken shows nothing of it.
@Suite struct PasswordDoubtTests {
  /// Endpoints that know a key, and a password whose fate is chosen.
  private final class Doorman: ForwardingConnector {
    enum Answer { case accepted, silence, hangsUp, refused }

    let base: any HostConnector
    let offersPassword = true
    private let keyHolders: Set<String>?
    private let answer: @Sendable (String, _ try: Int) -> Answer
    private let state = Mutex((tries: [String](), together: 0, most: 0))

    init(
      _ base: any HostConnector, keyHolders: Set<String>? = nil,
      _ answer: @escaping @Sendable (String, _ try: Int) -> Answer
    ) {
      (self.base, self.keyHolders, self.answer) = (base, keyHolders, answer)
    }

    /// Whoever was offered the password, in order.
    var tries: [String] { state.withLock { $0.tries } }
    /// How many logons went on at once, at most.
    var most: Int { state.withLock { $0.most } }

    func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
      try await connect(to: endpoint, within: limit, asking: FreeLeave())
    }

    func connect(
      to endpoint: Endpoint, within limit: Duration, asking leave: any PasswordLeave
    ) async throws(RemoteError) -> any Remote.Host {
      if let keyHolders, keyHolders.contains(endpoint.name) { return try await byKey(endpoint, limit) }
      let host = try await base.connect(to: endpoint, within: limit)
      guard await leave.mayBeSent() else { throw .passwordNotSent(to: endpoint) }
      let count = state.withLock { state in
        state.tries.append(endpoint.name)
        return state.tries.count { $0 == endpoint.name }
      }
      switch answer(endpoint.name, count) {
      case .accepted: return Keyed(base: host, credential: .password)
      case .silence: throw RemoteError(.timedOut, "\(endpoint.name): no answer to it", credential: .password)
      case .hangsUp: throw RemoteError(.dropped, "\(endpoint.name): hung up on it", credential: .password)
      case .refused: throw RemoteError(.logonRefused, "\(endpoint.name): refused", credential: .password)
      }
    }

    func byKey(_ endpoint: Endpoint, _ limit: Duration) async throws(RemoteError) -> any Remote.Host {
      state.withLock { state in
        state.together += 1
        state.most = max(state.most, state.together)
      }
      defer { state.withLock { $0.together -= 1 } }
      return Keyed(base: try await base.connect(to: endpoint, within: limit), credential: .key)
    }
  }

  private final class Keyed: ForwardingHost {
    let base: any Remote.Host
    let credential: RemoteError.Credential?
    init(base: any Remote.Host, credential: RemoteError.Credential) {
      (self.base, self.credential) = (base, credential)
    }
  }

  @Test(arguments: [true, false])
  func noAnswerToTheFirstPasswordStopsTheRun(isSilent: Bool) async throws {
    let rig = try EngineRig(agents: 40)
    rig.options.retries = 3
    let doorman = Doorman(rig.fleet.connector) { _, _ in isSilent ? .silence : .hangsUp }
    rig.connector = doorman
    let outcome = try await rig.transfer()
    #expect(doorman.tries == ["WS-001"])
    guard case .logonRefused = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
    #expect(outcome.results[0].outcome == .denied && outcome.results[0].cause == (isSilent ? .timedOut : .dropped))
    #expect(outcome.end.tally[.notAttempted] == 39)
  }

  /// Once it was good at three others, one endpoint's silence is that endpoint's; it isn't offered there again all the same.
  @Test func laterDoubtIsOneEndpointsOwn() async throws {
    let rig = try EngineRig(agents: 40)
    rig.options.retries = 3
    let doorman = Doorman(rig.fleet.connector) { name, _ in name == "WS-030" ? .hangsUp : .accepted }
    rig.connector = doorman
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.repaired] == 39 && outcome["WS-030"]?.outcome == .denied, "\(outcome.end)")
    #expect(doorman.tries.count { $0 == "WS-030" } == 1)
  }

  /// Where it was taken minutes ago and something was begun, it is sent once more: the endpoint must be proved.
  @Test func anEndpointThatTookItIsConnectedToAgain() async throws {
    let rig = try EngineRig(agents: 1)
    let doorman = Doorman(rig.fleet.connector) { _, count in count == 2 ? .hangsUp : .accepted }
    rig.connector = doorman
    #expect(try await rig.transfer().end.tally[.repaired] == 1)
    #expect(doorman.tries.count > 2)
  }

  /// A connection that breaks in mid-logon can look like a refusal of the key: where it was taken before, it is none.
  @Test func anEndpointThatTookTheKeyIsConnectedToAgain() async throws {
    let rig = try EngineRig(agents: 1)
    let count = Counter()
    rig.connector = Refusing(base: rig.fleet.connector) { (1...3).contains(count.next()) }
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.repaired] == 1, "\(outcome.results)")
  }

  private struct Refusing: ForwardingConnector {
    let base: any HostConnector
    var offersPassword: Bool { false }
    let refuses: @Sendable () -> Bool
    func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
      if refuses() { throw RemoteError(.logonRefused, "\(endpoint.name): the key was refused", credential: .key) }
      return try await base.connect(to: endpoint, within: limit)
    }
  }

  @Test func aKeyThatIsTakenSaysNothingOfThePassword() async throws {
    let rig = try EngineRig(agents: 40)
    let doorman = Doorman(rig.fleet.connector, keyHolders: ["WS-001"]) { _, _ in .refused }
    rig.connector = doorman
    let outcome = try await rig.transfer()
    #expect(doorman.tries.count == 1, "\(doorman.tries)")
    #expect(outcome["WS-001"]?.outcome == .repaired && outcome.end.tally[.denied] == 1)
    guard case .logonRefused = outcome.end.stop else { return #expect(Bool(false), "\(outcome.end)") }
  }

  @Test func logonsByKeyGoOnAtOnce() async throws {
    let rig = try EngineRig(agents: 40)
    rig.options.waves = try #require(WaveSizes("100%"))
    let doorman = Doorman(rig.fleet.connector, keyHolders: Set(rig.fleet.names)) { _, _ in .refused }
    rig.connector = doorman
    #expect(try await rig.transfer().end.tally[.repaired] == 40)
    #expect(doorman.tries.isEmpty && doorman.most > 8, "\(doorman.most)")
  }

  // MARK: the gate alone

  @Test func cancellingEndsTheWaitForLeave() async throws {
    let (gate, clock) = (LogonGate(), VirtualClock())
    clock.begin()
    let first = gate.turn(for: Endpoint(name: "WS-001"), on: clock)
    #expect(await first.mayBeSent())
    let second = gate.turn(for: Endpoint(name: "WS-002"), on: clock)
    clock.begin()
    let task = Task {
      let answer = await second.mayBeSent()
      clock.end()
      return answer
    }
    task.cancel()
    #expect(await task.value == false && second.denial(at: Endpoint(name: "WS-002"))?.kind == .dropped)
    first.end(taken: .password)
    let third = gate.turn(for: Endpoint(name: "WS-003"), on: clock)
    #expect(await third.mayBeSent(), "nobody stands in its way")
    third.end(taken: .password)
    clock.end()
  }

  @Test func aMachineThatGaveNoAnswerIsSentItOnceMoreToCleanUp() async throws {
    let (gate, clock) = (LogonGate(), VirtualClock())
    clock.begin()
    defer { clock.end() }
    let endpoint = Endpoint(name: "WS-001")
    let silence = RemoteError(.timedOut, "WS-001: no answer to it", credential: .password)
    for purpose in [LogonGate.Purpose.work, .cleaningUp] {
      let turn = gate.turn(for: endpoint, to: purpose, on: clock)
      #expect(await turn.mayBeSent())
      if purpose == .work { turn.end(taken: .password) } else { turn.end(silence) }
    }
    let work = gate.turn(for: endpoint, on: clock)
    #expect(await !work.mayBeSent() && work.denial(at: endpoint)?.kind == .logonRefused)
    let once = gate.turn(for: endpoint, to: .cleaningUp, on: clock)
    #expect(await once.mayBeSent())
    once.end(silence)
    #expect(await !gate.turn(for: endpoint, to: .cleaningUp, on: clock).mayBeSent())
  }
}
