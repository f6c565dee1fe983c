import Lab
import Remote
import Testing

/// Reinstalling: Windows Installer, self-running packages, the uninstaller, unloading.
@Suite struct ReinstallTests {
  private let target = WindowsPath(#"C:\Windows\Temp\agent.msi"#)

  private func package(_ bench: Workbench) -> [UInt8] {
    LabPackage(
      server: bench.fleet.serverName, httpPort: 8080, httpsPort: 4343,
      agentPort: bench.fleet.agentPort,
      version: "14.0.99999", certificate: bench.fleet.serverCertificate, architecture: .x86
    ).make()
  }

  private func install(_ bench: Workbench, _ host: any Host) async throws -> UInt32? {
    try await host.put(package(bench), to: target)
    return try await host.run(
      RemoteCommand("msiexec.exe", ["/i", .plain(target.text), "/qn", "/norestart"])
    ).exitCode
  }

  @Test func aPackageRepairsAnAgent() async throws {
    let bench = try Workbench()
    try await bench.fleet.clock.living {
      let host = try await bench.connect("WS-004")
      let before = try await bench.service("tmlisten", host).pid
      #expect(try await install(bench, host) == 0)
      try await bench.wait(30)
      let after = try await bench.service("tmlisten", host)
      #expect(after.state == 4 && after.pid != before)
      #expect(try await bench.certificate("WS-004", host) == bench.fleet.serverCertificate)
      let version = try await host.run(
        RemoteCommand(
          "reg.exe",
          ["query", .plain(Workbench.agentKey + #"\Misc."#), "/v", "ProgramVer", "/reg:32"]))
      #expect(version.text.contains("14.0.99999"))
    }
  }

  @Test func aPackageInstallsWhereThereIsNoAgent() async throws {
    let bench = try Workbench(20, FaultRecipe(.noAgent))
    let name = bench.agent(with: .noAgent)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      #expect(try await install(bench, host) == 0)
      try await bench.wait(60)
      #expect(try await bench.service("ntrtscan", host).state == 4)
      #expect(try await bench.certificate(name, host) == bench.fleet.serverCertificate)
    }
  }

  @Test func theServersOwnPackageIsOne() async throws {
    let bench = try Workbench()
    try await bench.fleet.clock.living {
      let host = try await bench.connect("WS-004")
      let source = bench.fleet.serverPath.appending("Pccnt").appending("Package").appending(
        "agent.exe")
      let file = WindowsPath(#"C:\Windows\Temp\setup.exe"#)
      try await host.put(bench.fleet.server.get(source, limit: 1 << 20), to: file)
      #expect(try await host.run(RemoteCommand(file.text, [])).exitCode == 0)
      #expect(try await bench.certificate("WS-004", host) == bench.fleet.serverCertificate)
    }
  }

  @Test(arguments: [(Fault.installerBusy, UInt32(1618)), (.noRights, 1603), (.reboot, 3010)])
  func anInstallerCanRefuse(fault: Fault, code: UInt32) async throws {
    let bench = try Workbench(20, FaultRecipe(fault))
    let name = bench.agent(with: fault)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      let file = WindowsPath(#"C:\Users\admin\agent.msi"#)
      try await host.put(package(bench), to: file)
      let result = try await host.run(
        RemoteCommand("msiexec.exe", ["/i", .plain(file.text), "/qn", "/norestart"]))
      #expect(result.exitCode == code)
      guard fault == .reboot else { return }
      #expect(try await bench.service("tmlisten", host).state == 1)
      try await bench.wait(2_000)
      let again = try await bench.connect(name)
      #expect(try await bench.service("tmlisten", again).state == 4)
      #expect(try await bench.certificate(name, again) == bench.fleet.serverCertificate)
    }
  }

  @Test func whatIsNoPackageIsRefused() async throws {
    let bench = try Workbench()
    try await bench.fleet.clock.living {
      let host = try await bench.connect("WS-004")
      try await host.put([1, 2, 3], to: target)
      let damaged = try await host.run(
        RemoteCommand("msiexec.exe", ["/i", .plain(target.text), "/qn"]))
      #expect(damaged.exitCode == 1620)
      let missing = try await host.run(
        RemoteCommand("msiexec.exe", ["/i", #"C:\Windows\Temp\no.msi"#, "/qn"]))
      #expect(missing.exitCode == 1619)
    }
  }

  @Test func theUninstallerNeedsItsPassword() async throws {
    let bench = try Workbench()
    let name = "WS-004"
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      let tray = bench.agentFolder(name).appending("PccNTMon.exe").text
      _ = try await host.run(
        RemoteCommand(tray, ["-m", .secret(bench.fleet.secrets.unloadPassword)]))
      try await bench.wait(120)
      #expect(try await bench.service("tmlisten", host).state == 4)
      _ = try await host.run(
        RemoteCommand(tray, ["-m", .secret(bench.fleet.secrets.uninstallPassword)]))
      #expect(try await host.run(RemoteCommand("sc.exe", ["query", "tmlisten"])).exitCode == 1060)
      let error = await #expect(throws: RemoteError.self) {
        try await host.list(bench.agentFolder(name))
      }
      #expect(error?.kind == .notFound)
      #expect(try await install(bench, host) == 0)
      try await bench.wait(60)
      #expect(try await bench.service("tmlisten", host).state == 4)
    }
  }

  @Test func unloadingReturnsBeforeTheAgentIsDown() async throws {
    let bench = try Workbench()
    try await bench.fleet.clock.living {
      let host = try await bench.connect("WS-004")
      let tray = bench.agentFolder("WS-004").appending("PccNTMon.exe").text
      _ = try await host.run(
        RemoteCommand(tray, ["-n", .secret(bench.fleet.secrets.unloadPassword)]))
      #expect(try await bench.service("tmlisten", host).state == 3)
      try await bench.wait(90)
      #expect(try await bench.service("tmlisten", host).state == 1)
    }
  }
}
