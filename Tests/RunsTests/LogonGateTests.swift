import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// The gate alone: which endpoints are one machine, and who waits for whom.
@Suite struct LogonGateTests {
  /// Takers of which at least two are one machine.
  enum Sameness: CaseIterable {
    case address, key, peer, spelling, chain

    /// Its endpoints, and what each shows.
    var endpoints: [(Endpoint, MachineMarks)] {
      func marks(key: String? = nil, _ address: String? = nil) -> MachineMarks {
        var marks = MachineMarks()
        if let key { marks.add(hostKey: "SHA256:\(key)") }
        if let address { marks.add(address: address) }
        return marks
      }
      let names = ["WS-001", "WS-002", "WS-003"].map { Endpoint(name: $0) }
      switch self {
      case .address: return names.map { (Endpoint(name: $0.name, address: "10.0.0.1"), marks()) }
      case .key: return names.map { ($0, marks(key: "same")) }
      // Behind one address every port may lead to one machine.
      case .peer: return zip(names, ["10.0.0.1", "::ffff:10.0.0.1", "10.0.0.1"]).map { ($0, marks(key: $0.name, $1)) }
      case .spelling:
        return ["WS-001", "ws-001", "Ws-001."].map { (Endpoint(name: $0), marks()) }
          + ["fe80::1", "[FE80:0::1]:22"].map { (Endpoint(name: "WS-002", address: $0), marks()) }
      // The third shows that the first two are one.
      case .chain:
        return [
          (names[0], marks(key: "a", "10.0.0.1")), (names[1], marks(key: "b", "10.0.0.2")),
          (names[2], marks(key: "a", "10.0.0.2")),
        ]
      }
    }
  }

  @Test(arguments: Sameness.allCases) func oneMachineIsOneUnderWhateverNames(sameness: Sameness) async throws {
    let (gate, clock) = (LogonGate(), VirtualClock())
    clock.begin()
    for (endpoint, marks) in sameness.endpoints {
      let turn = gate.turn(for: endpoint, on: clock)
      #expect(await turn.mayBeSent(to: marks))
      turn.end(taken: .password)
    }
    let first = gate.turn(for: Endpoint(name: "WS-004"), on: clock)
    #expect(await first.mayBeSent())
    let second = gate.turn(for: Endpoint(name: "WS-005"), on: clock)
    let isLetOn = Mutex<Bool?>(nil)
    clock.begin()
    let task = Task {
      let answer = await second.mayBeSent()
      isLetOn.withLock { $0 = answer }
      clock.end()
    }
    await clock.pass(.seconds(60))
    #expect(isLetOn.withLock { $0 } == nil, "one machine is no three")
    first.end(RemoteError(.logonRefused, "no", credential: .password))
    await clock.pass(.seconds(1))
    await task.value
    #expect(isLetOn.withLock { $0 } == false)
    clock.end()
  }

  @Test(arguments: [
    ("WS-001.contoso.local.", "ws-001.contoso.local"), ("::FFFF:10.0.0.1", "10.0.0.1"),
    ("[2001:DB8::0:1]", "2001:db8::1"),
    ("10.0.0.1:2222", "10.0.0.1"), ("[fe80::1%eth0]:22", "fe80::1%eth0"), ("a:b", "a:b"), ("", ""),
  ])
  func hostsHaveOneSpelling(host: String, canonical: String) { #expect(MachineMarks.canonical(host) == canonical) }

  @Test func takersAreCountedAsMachines() {
    var takers = PasswordTakers()
    var random = Seeded(7)
    // By force: whoever is reached over shared marks is one machine.
    var all: [String: Set<String>] = [:]
    for step in 0..<400 {
      let name = "ws-\(random.below(40))"
      if random.below(6) == 0 {
        takers.remove(name)
        all[name] = nil
      } else {
        var marks = MachineMarks()
        marks.add(hostKey: "\(random.below(60))")
        marks.add(address: "10.0.0.\(random.below(60))")
        takers.insert(name, marks)
        all[name, default: []].formUnion(marks.texts.union(["at \(name)"]))
      }
      var groups: [Set<String>] = []
      for marks in all.values {
        let touching = groups.filter { !$0.isDisjoint(with: marks) }
        groups.removeAll { !$0.isDisjoint(with: marks) }
        groups.append(touching.reduce(marks) { $0.union($1) })
      }
      #expect(takers.machines == groups.count, "step \(step)")
    }
  }

  @Test func aRefusalThatNobodyHadLeaveForShutsTheGateToo() async throws {
    let (told, clock) = (Counter(), VirtualClock())
    let gate = LogonGate { _ = told.next() }
    gate.turn(for: Endpoint(name: "WS-001"), on: clock)
      .end(RemoteError(.dropped, "hung up", credential: .password))
    #expect(gate.refusal == "hung up" && told.next() == 1)
  }

  @Test func keysProveNothingAndWaitForNobody() async throws {
    let (gate, clock) = (LogonGate(), VirtualClock())
    clock.begin()
    defer { clock.end() }
    let alone = gate.turn(for: Endpoint(name: "WS-001"), on: clock)
    #expect(await alone.mayBeSent())
    for number in 2...9 { gate.turn(for: Endpoint(name: "WS-00\(number)"), on: clock).end(taken: .key) }
    alone.end(taken: .key)
    #expect(gate.refusal == nil)
  }
}
