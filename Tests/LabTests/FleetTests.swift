import ApexOne
import Lab
import Remote
import Testing

/// The fleet as a whole: names, sizes, what follows from the seed, recipes.
@Suite struct FleetTests {
  @Test(arguments: [
    (1, "WS-001", "WS-001"), (200, "WS-001", "WS-200"), (999, "WS-001", "WS-999"),
    (1_000, "WS-0001", "WS-1000"),
    (100_000, "WS-000001", "WS-100000"),
  ])
  func namesArePaddedToTheFleetsWidth(agents: Int, first: String, last: String) throws {
    let names = try LabFleet(agents: agents).names
    #expect(names.count == agents)
    #expect(names.first == first)
    #expect(names.last == last)
    #expect(names.allSatisfy { AgentName($0) != nil })
  }

  @Test func anEmptyFleetHasAnEmptyList() async throws {
    let bench = try Workbench(0)
    #expect(try await bench.fleet.clock.living { try await bench.list() } == [])
    #expect(throws: LabError.self) { try LabFleet(agents: -1) }
  }

  @Test func everythingFollowsFromTheSeed() async throws {
    func picture(_ seed: UInt64) async throws -> ([UInt8], [UInt8], [UInt8], [UInt8]) {
      let bench = try Workbench(300, .typical, seed: seed)
      let list = try await bench.fleet.clock.living { try await bench.rawList() }
      let ini = try await bench.fleet.clock.living {
        try await bench.fleet.server.get(
          bench.fleet.serverPath.appending("ofcscan.ini"), limit: 1 << 16)
      }
      return (list, bench.fleet.serverCertificate, bench.fleet.olderCertificate, ini)
    }
    let first = try await picture(7)
    #expect(try await picture(7) == first)
    let other = try await picture(8)
    #expect(other.0 != first.0)
    #expect(other.1 != first.1)
    #expect(other.2 != first.2)
    #expect(other.3 != first.3)
    #expect(first.1 != first.2)
  }

  @Test func theOrderOfTouchingChangesNothing() async throws {
    func look(_ order: [String]) async throws -> [String: String] {
      let bench = try Workbench(40, .typical, seed: 3)
      return await bench.fleet.clock.living {
        var found: [String: String] = [:]
        for name in order {
          do throws(RemoteError) {
            let host = try await bench.connect(name)
            let key = RemoteArgument.plain(Workbench.agentKey)
            let registry = try await host.run(
              RemoteCommand("reg.exe", ["query", key, "/s", "/reg:32"]))
            found[name] =
              registry.text + (try await host.run(RemoteCommand("sc.exe", ["queryex"]))).text
          } catch { found[name] = error.message }
        }
        return found
      }
    }
    let names = try LabFleet(agents: 40).names
    #expect(try await look(names) == look(names.reversed()))
  }

  @Test(arguments: FaultRecipe.all) func aRecipeStrikesItsShare(recipe: FaultRecipe) throws {
    for agents in [1, 10, 200, 1_000] {
      let fleet = try LabFleet(agents: agents, faults: recipe)
      let struck = fleet.names.filter { fleet.fault(of: $0) != Fault.none }
      let isGlobal = [
        .none, .wrongPassword, .wrongUninstallPassword, .logonRefused, .keyLogon, .autopccKeepsCertificate, .listLag,
      ].contains(recipe)
      if recipe == .typical { continue }
      #expect(struck.count == (isGlobal ? 0 : max(1, agents / 10)))
      #expect(struck.allSatisfy { fleet.fault(of: $0)?.rawValue == recipe.name })
    }
    #expect(FaultRecipe(named: recipe.name) == recipe)
    #expect(!recipe.summary.isEmpty)
  }

  @Test func unknownRecipesAreNil() {
    #expect(FaultRecipe(named: "gremlins") == nil)
    #expect(Set(FaultRecipe.all.map(\.name)).count == FaultRecipe.all.count)
  }

  /// Budgets: 5 % of the plan, three at least; a first wave of one and a second of twenty must not fail at all.
  @Test(arguments: [1, 10, 40, 60, 99, 100, 200, 1_000, 20_000], [1, 2, 3])
  func typicalStopsNoRun(agents: Int, seed: UInt64) throws {
    let fleet = try LabFleet(agents: agents, seed: seed, faults: .typical)
    let names = fleet.names
    let failing: Set<Fault> = [.noRights, .saysZeroRepairsNothing, .connectionDropped]
    let struck = names.indices.filter { failing.contains(fleet.fault(of: names[$0])!) }
    #expect(struck.count < max(3, agents * 5 / 100))
    #expect(struck.allSatisfy { $0 >= 21 })
    let never: Set<Fault> = [.servicesStayDown, .hangingTool, .reboot, .fullDisk, .hostKeyChanged]
    #expect(!names.contains { never.contains(fleet.fault(of: $0)!) })
    if agents >= 200 { #expect(Set(names.map { fleet.fault(of: $0)! }).count > 8) }
  }

  @Test func aHundredThousandAgentsCostNothingUntilTouched() async throws {
    let bench = try Workbench(100_000)
    let names = try await bench.fleet.clock.living { try await bench.list() }
    #expect(names.count == 100_000)
    #expect(Set(names).count == 100_000)
    #expect(names == bench.fleet.names)
  }

  @Test func addressesLeadToTheirAgents() async throws {
    let bench = try Workbench(300)
    try await bench.fleet.clock.living {
      for name in ["WS-001", "WS-251", "WS-300"] {
        let address = bench.spec(name).address
        let host = try await bench.fleet.connector.connect(
          to: Endpoint(name: "elsewhere", address: address), within: Workbench.limit)
        let guid = try await host.run(
          RemoteCommand("reg.exe", ["query", .plain(Workbench.agentKey), "/v", "GUID", "/reg:32"]))
        #expect(guid.text.contains("    GUID    REG_SZ    \(bench.spec(name).guid)\r\n"))
      }
      for name in ["ws-007", "WS-007.contoso.local"] { _ = try await bench.connect(name) }
      for name in ["WS-301", "WS-000", "WS-7", "WS-0007", "SRV-001", "WS-007.example.com", ""] {
        let error = await #expect(throws: RemoteError.self) { try await bench.connect(name) }
        #expect(error?.kind == .unreachable)
      }
    }
  }

  @Test func certificatesAreWhatTheyClaim() throws {
    let fleet = try LabFleet(agents: 1)
    for bytes in [fleet.serverCertificate, fleet.olderCertificate] {
      #expect(bytes.first == 0x30)
      #expect(bytes.count > 200 && bytes.count < 1_024)
    }
  }
}

@Suite struct FaultRecipeTests {
  @Test func faultsCanBeJoined() throws {
    let recipe = try #require(FaultRecipe(named: "offline+no-agent"))
    let fleet = try LabFleet(agents: 40, faults: recipe)
    let faults = fleet.names.compactMap { fleet.fault(of: $0) }
    #expect(faults.filter { $0 == .offline }.count == 4)
    #expect(faults.filter { $0 == .noAgent }.count == 4)
    #expect(faults.filter { $0 == .none }.count == 32)
  }

  @Test(arguments: ["offline+nonsense", "offline+offline", "offline+", "none+offline", "typical+offline", ""])
  func whatIsNoRecipeIsNone(_ name: String) { #expect(FaultRecipe(named: name) == nil) }
}
