import Lab
import Remote
import Testing

/// Connections of the lab under stress: cut at any moment, used by several tasks, on either clock.
@Suite struct ConnectionTests {
  /// Connections are cut at moments that fall on, before and after the ends of waits; nobody is lost, nobody counted
  /// twice, and no timer is left behind to pull time along.
  @Test func cutsAtAnyMomentLeaveTheClockBalanced() async throws {
    let fleet = try LabFleet(agents: 400)
    let clock = fleet.clock as? VirtualClock
    let names = fleet.names
    fleet.clock.begin()
    for _ in names { fleet.clock.begin() }
    let tasks = names.enumerated().map { number, name in
      Task { () async throws -> String in
        defer { fleet.clock.end() }
        let host = try await fleet.connector.connect(to: Endpoint(name: name), within: Workbench.limit)
        let token = fleet.clock.schedule(after: .milliseconds(number * 11)) { host.abort() }
        defer { token.cancel() }
        do throws(RemoteError) {
          for _ in 0..<30 { _ = try await host.run(RemoteCommand("sc.exe", ["queryex", "tmlisten"])) }
        } catch { return error.kind.rawValue }
        await host.close()
        return "whole"
      }
    }
    fleet.clock.end()
    var ends: Set<String> = []
    for task in tasks { ends.insert(try await task.value) }
    #expect(ends == ["whole", "dropped"])
    #expect(clock?.active == 0)
    #expect(clock?.waiting == 0)
  }

  @Test func aClosedConnectionStaysClosed() async throws {
    let fleet = try LabFleet(agents: 1)
    try await fleet.clock.living {
      let host = try await fleet.connector.connect(to: Endpoint(name: "WS-001"), within: Workbench.limit)
      await host.close()
      await host.close()
      host.abort()
      let error = await #expect(throws: RemoteError.self) { try await host.run(RemoteCommand("sc.exe", ["query"])) }
      #expect(error?.kind == .dropped)
    }
  }

  @Test func theLabLivesOnTheWallClockToo() async throws {
    let fleet = try LabFleet(agents: 1, clock: WallClock())
    let host = try await fleet.connector.connect(to: Endpoint(name: "WS-001"), within: Workbench.limit)
    #expect(try await host.run(RemoteCommand("sc.exe", ["query", "tmlisten"])).exitCode == 0)
    await host.close()
  }

  /// The same repairs take the same lab time, whatever the threads did.
  @Test func twoRunsTakeTheSameTime() async throws {
    func took() async throws -> [Duration] {
      let bench = try Workbench(60)
      let fleet = bench.fleet
      fleet.clock.begin()
      for _ in fleet.names { fleet.clock.begin() }
      let tasks = fleet.names.map { name in
        Task {
          defer { fleet.clock.end() }
          let host = try await bench.connect(name)
          try await bench.stage(name, host)
          _ = try await host.run(bench.transfer(name))
          return fleet.clock.now
        }
      }
      fleet.clock.end()
      var times: [Duration] = []
      for task in tasks { times.append(try await task.value) }
      return times
    }
    #expect(try await took() == took())
  }
}
