import Lab
import Remote
import Testing

/// Each fault as it shows through `Host` and `HostConnector`.
@Suite struct FaultTests {
  /// What a hand-made transfer came to on the first agent that has `fault`.
  private struct Course {
    var name: String
    var exitCode: UInt32?
    var cut: RemoteError.Kind?
    var isRepaired: Bool
    var listener: Int
    var seconds: Double
  }

  /// Transfers on one agent, reconnects ten minutes later, looks.
  private func transfer(_ bench: Workbench, _ name: String) async throws -> Course {
    let clock = bench.fleet.clock
    return try await clock.living {
      let host = try await bench.connect(name)
      try await bench.stage(name, host)
      let started = clock.now
      var course = Course(name: name, isRepaired: false, listener: 0, seconds: 0)
      do throws(RemoteError) {
        course.exitCode = try await host.run(bench.transfer(name)).exitCode
      } catch {
        course.cut = error.kind
      }
      course.seconds = (clock.now - started) / .seconds(1)
      await host.close()
      try await bench.wait(600)
      let again = try await bench.connect(name)
      course.isRepaired = try await bench.certificate(name, again) == bench.fleet.serverCertificate
      course.listener = try await bench.service("tmlisten", again).state
      return course
    }
  }

  private func course(of fault: Fault) async throws -> Course {
    let bench = try Workbench(20, FaultRecipe(fault))
    return try await transfer(bench, bench.agent(with: fault))
  }

  @Test func zeroCanMeanNothing() async throws {
    let course = try await course(of: .saysZeroRepairsNothing)
    #expect(course.exitCode == 0)
    #expect(!course.isRepaired)
    #expect(course.listener == 4)
  }

  @Test func fiveCanMeanRepaired() async throws {
    let course = try await course(of: .saysFiveRepairs)
    #expect(course.exitCode == 5)
    #expect(course.isRepaired)
    #expect(course.listener == 4)
  }

  @Test func servicesCanStayDown() async throws {
    let bench = try Workbench(20, FaultRecipe(.servicesStayDown))
    let name = bench.agent(with: .servicesStayDown)
    let course = try await transfer(bench, name)
    #expect(course.exitCode == 0)
    #expect(course.isRepaired)
    #expect(course.listener == 1)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      let start = try await host.run(RemoteCommand("sc.exe", ["start", "tmlisten"]))
      #expect(start.exitCode == 1053)
      #expect(start.text.contains("FAILED 1053:"))
    }
  }

  @Test func theConnectionCanDropOnce() async throws {
    let bench = try Workbench(400, FaultRecipe(.connectionDropped))
    let names = bench.fleet.names.filter { bench.fleet.fault(of: $0) == .connectionDropped }
    #expect(names.count == 40)
    var repaired = 0
    for name in names {
      let course = try await transfer(bench, name)
      #expect(course.cut == .dropped)
      #expect(course.listener == 1)
      repaired += course.isRepaired ? 1 : 0
    }
    #expect(repaired > 5 && repaired < 35)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(names[0])
      #expect(try await host.run(bench.transfer(names[0])).exitCode == 0)
    }
  }

  @Test func aRebootEndsTheConnectionAndBringsTheServicesBack() async throws {
    let bench = try Workbench(20, FaultRecipe(.reboot))
    let name = bench.agent(with: .reboot)
    let clock = bench.fleet.clock
    try await clock.living {
      let host = try await bench.connect(name)
      let before = try await bench.service("tmlisten", host).pid
      try await bench.stage(name, host)
      await #expect(throws: RemoteError.self) { try await host.run(bench.transfer(name)) }
      await #expect(throws: RemoteError.self) { try await bench.connect(name) }
      try await bench.wait(120)
      let again = try await bench.connect(name)
      let after = try await bench.service("tmlisten", again)
      #expect(after.state == 4)
      #expect(after.pid != before)
      #expect(try await bench.certificate(name, again) == bench.fleet.serverCertificate)
    }
  }

  @Test func aHangingToolHangsUntilItIsCut() async throws {
    let bench = try Workbench(400, FaultRecipe(.hangingTool))
    let clock = bench.fleet.clock
    var states: Set<Int> = []
    try await clock.living {
      for name in bench.fleet.names.filter({ bench.fleet.fault(of: $0) == .hangingTool }).prefix(12) {
        let host = try await bench.connect(name)
        try await bench.stage(name, host)
        clock.begin()
        let tool = Task {
          defer { clock.end() }
          return try await host.run(bench.transfer(name))
        }
        try await bench.wait(3_600)
        states.insert(try await bench.service("tmlisten", host).state)
        host.abort()
        let result = await clock.idle { await tool.result }
        #expect(throws: RemoteError.self) { try result.get() }
      }
    }
    #expect(states == [1, 4])
  }

  @Test func aWrongUnloadPasswordHasNoEffectAnywhere() async throws {
    let bench = try Workbench(5, .wrongPassword)
    for name in bench.fleet.names {
      let course = try await transfer(bench, name)
      #expect(!course.isRepaired)
      #expect(course.listener == 4)
      #expect(course.cut == nil)
    }
  }

  @Test func slowIsSlowButWorks() async throws {
    let course = try await course(of: .slow)
    #expect(course.isRepaired)
    #expect(course.seconds > 40)
  }

  @Test func anAbsentCertificateIsRepaired() async throws {
    let bench = try Workbench(20, FaultRecipe(.certificateMissing))
    let name = bench.agent(with: .certificateMissing)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      let error = await #expect(throws: RemoteError.self) {
        try await bench.certificate(name, host)
      }
      #expect(error?.kind == .notFound)
    }
    #expect(try await transfer(bench, name).isRepaired)
  }

  private static let unreachables: [(Fault, Set<RemoteError.Kind>)] = [
    (.offline, [.unreachable, .timedOut]), (.hostKeyChanged, [.hostKeyChanged]),
  ]

  @Test(arguments: unreachables)
  func someCannotBeConnectedTo(fault: Fault, kinds: Set<RemoteError.Kind>) async throws {
    let bench = try Workbench(200, FaultRecipe(fault))
    var seen: Set<RemoteError.Kind> = []
    await bench.fleet.clock.living {
      for name in bench.fleet.names where bench.fleet.fault(of: name) == fault {
        do throws(RemoteError) {
          _ = try await bench.connect(name)
          Issue.record("\(name) could be connected to")
        } catch { seen.insert(error.kind) }
      }
    }
    #expect(seen == kinds)
    #expect(bench.fleet.logons.account(bench.fleet.secrets.user).attempts == 0)
  }

  @Test func withoutRightsNothingCanBePutOrStarted() async throws {
    let bench = try Workbench(20, FaultRecipe(.noRights))
    let name = bench.agent(with: .noRights)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      let error = await #expect(throws: RemoteError.self) {
        try await host.makeFolder(Workbench.stage)
      }
      #expect(error?.kind == .accessDenied)
      #expect(try await bench.certificate(name, host) == bench.fleet.olderCertificate)
      #expect(
        try await host.run(RemoteCommand("sc.exe", ["start", "tmlisten"])).text.contains(
          "FAILED 5:"))
    }
  }

  @Test func aFullDiskTakesFoldersButNoFiles() async throws {
    let bench = try Workbench(20, FaultRecipe(.fullDisk))
    let name = bench.agent(with: .fullDisk)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      let error = await #expect(throws: RemoteError.self) { try await bench.stage(name, host) }
      #expect(error?.kind == .noSpace)
      #expect(try await host.list(Workbench.stage).map(\.size) == [0])
    }
  }

  @Test func othersAreSeenInTheRegistry() async throws {
    for (fault, key, expected) in [
      (
        Fault.otherServer, Workbench.agentKey,
        "    Server    REG_SZ    apexone-old.contoso.local\r\n"
      ),
      (
        .wrongBitness, #"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"#,
        "    PROCESSOR_ARCHITECTURE    REG_SZ    ARM64\r\n"
      ),
    ] {
      let bench = try Workbench(20, FaultRecipe(fault))
      try await bench.fleet.clock.living {
        let host = try await bench.connect(bench.agent(with: fault))
        let result = try await host.run(
          RemoteCommand("reg.exe", ["query", .plain(key), "/reg:32"]))
        #expect(result.text.contains(expected))
      }
    }
  }

  @Test func whereNoAgentIsThereIsNoKeyAndNoService() async throws {
    let bench = try Workbench(20, FaultRecipe(.noAgent))
    try await bench.fleet.clock.living {
      let host = try await bench.connect(bench.agent(with: .noAgent))
      let key = try await host.run(
        RemoteCommand("reg.exe", ["query", .plain(Workbench.agentKey), "/reg:32"]))
      #expect(key.exitCode == 1)
      #expect(
        key.errorText
          == "ERROR: The system was unable to find the specified registry key or value.\r\n")
      let service = try await host.run(RemoteCommand("sc.exe", ["query", "tmlisten"]))
      #expect(service.exitCode == 1060)
      #expect(service.text.hasPrefix("[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n"))
    }
  }

  @Test func anAgentThatMatchesAlreadyIsListedUntilItIsRepaired() async throws {
    let bench = try Workbench(20, FaultRecipe(.alreadyMatching))
    let name = bench.agent(with: .alreadyMatching)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      #expect(try await bench.certificate(name, host) == bench.fleet.serverCertificate)
      #expect(try await bench.list().contains(name))
    }
    #expect(try await transfer(bench, name).isRepaired)
    let after = try await bench.fleet.clock.living { try await bench.list() }
    #expect(!after.contains(name))
  }

  @Test func theListCanLag() async throws {
    let bench = try Workbench(5, .listLag)
    try await bench.fleet.clock.living {
      let host = try await bench.connect("WS-002")
      try await bench.stage("WS-002", host)
      _ = try await host.run(bench.transfer("WS-002"))
      #expect(try await bench.list().contains("WS-002"))
      try await bench.wait(600)
      #expect(try await bench.list().contains("WS-002") == false)
    }
  }
}
