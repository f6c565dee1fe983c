import Lab
import Remote
import Testing

/// Accounts: attempts are counted, and an account that was refused five times is locked.
@Suite struct LogonTests {
  @Test func theRightPasswordIsAdmitted() async throws {
    let bench = try Workbench(3)
    try await bench.fleet.clock.living {
      for name in bench.fleet.names { _ = try await bench.connect(name) }
    }
    let account = bench.fleet.logons.account(bench.fleet.secrets.user)
    #expect(account.attempts == 3)
    #expect(account.refused == 0)
    #expect(bench.fleet.connector.offersPassword)
    #expect(bench.fleet.connector.kind == "lab")
  }

  @Test func fiveWrongPasswordsLockTheAccount() async throws {
    let fleet = try LabFleet(agents: 3)
    let user = fleet.secrets.user
    let wrong = fleet.connector(user: user, password: Secret("guess"))
    await fleet.clock.living {
      for count in 1...5 {
        #expect(fleet.logons.account(user).isLocked == false)
        let error = await #expect(throws: RemoteError.self) {
          try await wrong.connect(
            to: Endpoint(name: "WS-00\(count % 3 + 1)"), within: Workbench.limit)
        }
        #expect(error?.kind == .logonRefused)
        #expect(error?.credential == .password)
        #expect(error?.message.contains("guess") == false)
      }
      #expect(fleet.logons.account(user.lowercased()).isLocked)
      let error = await #expect(throws: RemoteError.self) {
        try await fleet.connector.connect(to: Endpoint(name: "WS-001"), within: Workbench.limit)
      }
      #expect(error?.kind == .logonRefused)
    }
  }

  @Test func aRefusedLogonIsARecipe() async throws {
    let bench = try Workbench(3, .logonRefused)
    await bench.fleet.clock.living {
      let error = await #expect(throws: RemoteError.self) { try await bench.connect("WS-001") }
      #expect(error?.kind == .logonRefused)
    }
  }

  @Test func aProbeIsNoLogon() async throws {
    let bench = try Workbench(3)
    try await bench.fleet.clock.living {
      try await bench.fleet.connector.probe(Endpoint(name: "WS-002"), within: Workbench.limit)
    }
    #expect(bench.fleet.logons.account(bench.fleet.secrets.user).attempts == 0)
  }

  @Test func connectingTakesTimeAndCanBeGivenUp() async throws {
    let fleet = try LabFleet(agents: 3)
    try await fleet.clock.living {
      _ = try await fleet.connector.connect(to: Endpoint(name: "WS-001"), within: Workbench.limit)
      #expect(fleet.clock.now > .milliseconds(300))
      let start = fleet.clock.now
      let error = await #expect(throws: RemoteError.self) {
        try await fleet.connector.connect(to: Endpoint(name: "WS-001"), within: .milliseconds(100))
      }
      #expect(error?.kind == .timedOut)
      #expect(fleet.clock.now - start == .milliseconds(100))
    }
  }
}
