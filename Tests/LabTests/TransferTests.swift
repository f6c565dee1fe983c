import Lab
import Remote
import Testing

/// A transfer at one endpoint, seen through `Host` only.
@Suite struct TransferTests {
  @Test func aTransferReplacesTheCertificateAndRestartsTheServices() async throws {
    let bench = try Workbench()
    try await bench.fleet.clock.living {
      for name in ["WS-001", "WS-002", "WS-013"] {
        let host = try await bench.connect(name)
        let before = try await bench.service("tmlisten", host)
        #expect(before.state == 4)
        #expect(try await bench.certificate(name, host) == bench.fleet.olderCertificate)
        try await bench.stage(name, host)
        let started = bench.fleet.clock.now
        let result = try await host.run(bench.transfer(name))
        #expect(result.exitCode == 0)
        let taken = bench.fleet.clock.now - started
        #expect(taken > .seconds(8) && taken < .seconds(21))
        #expect(try await bench.certificate(name, host) == bench.fleet.serverCertificate)
        #expect(try await bench.service("ntrtscan", host).state == 2)
        try await bench.wait(30)
        let after = try await bench.service("tmlisten", host)
        #expect(after.state == 4)
        #expect(after.pid != before.pid)
        #expect(try await bench.service("ntrtscan", host).state == 4)
        await host.close()
      }
    }
  }

  @Test func theServicesAreDownInTheMiddle() async throws {
    let bench = try Workbench()
    let clock = bench.fleet.clock
    try await clock.living {
      let host = try await bench.connect("WS-001")
      try await bench.stage("WS-001", host)
      clock.begin()
      let tool = Task {
        defer { clock.end() }
        return try await host.run(bench.transfer("WS-001"))
      }
      try await bench.wait(5)
      #expect(try await bench.service("tmlisten", host).state == 1)
      let result = await clock.idle { await tool.result }
      #expect(try result.get().exitCode == 0)
    }
  }

  @Test func aToolThatIsKilledLeavesTheServicesStopped() async throws {
    let bench = try Workbench()
    let clock = bench.fleet.clock
    try await clock.living {
      let host = try await bench.connect("WS-001")
      try await bench.stage("WS-001", host)
      clock.begin()
      let tool = Task { () async -> RemoteError.Kind? in
        defer { clock.end() }
        do {
          _ = try await host.run(bench.transfer("WS-001"))
          return nil
        } catch { return (error as? RemoteError)?.kind }
      }
      try await bench.wait(3)
      host.abort()
      let kind = await clock.idle { await tool.value }
      #expect(kind == .dropped)
      await #expect(throws: RemoteError.self) { try await host.list(Workbench.stage) }
      try await bench.wait(300)
      let again = try await bench.connect("WS-001")
      #expect(try await bench.service("tmlisten", again).state == 1)
      #expect(try await bench.service("ntrtscan", again).state == 1)
      #expect(try await bench.certificate("WS-001", again) == bench.fleet.olderCertificate)
      for service in ["tmlisten", "ntrtscan"] {
        #expect(
          try await again.run(RemoteCommand("sc.exe", ["start", .plain(service)])).text.contains(
            "START_PENDING"))
      }
      try await bench.wait(5)
      #expect(try await bench.service("tmlisten", again).state == 4)
    }
  }

  @Test func theListLosesWhatWasRepaired() async throws {
    let bench = try Workbench()
    try await bench.fleet.clock.living {
      #expect(try await bench.list().count == 20)
      let host = try await bench.connect("WS-007")
      try await bench.stage("WS-007", host)
      _ = try await host.run(bench.transfer("WS-007"))
      let names = try await bench.list()
      #expect(names.count == 19)
      #expect(!names.contains("WS-007"))
    }
  }
}
