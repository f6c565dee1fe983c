import Lab
import Remote
import Testing

/// What goes wrong with uninstallers, installers and autopcc, as it shows through `Host`.
@Suite struct ReinstallFaultTests {
  private func uninstall(_ bench: Workbench, _ name: String, _ host: any Host) async throws(RemoteError) -> UInt32? {
    let tray = bench.agentFolder(name).appending("PccNTMon.exe").text
    return try await host.run(RemoteCommand(tray, ["-m", .secret(bench.fleet.secrets.uninstallPassword)])).exitCode
  }

  private func state(_ host: any Host) async throws(RemoteError) -> String {
    let result = try await host.run(RemoteCommand("sc.exe", ["query", "tmlisten"]))
    return result.exitCode == 1060 ? "absent" : result.text.contains("RUNNING") ? "running" : "stopped"
  }

  @Test(arguments: [(Fault.uninstallWantsReboot, UInt32(3010), 2_000), (.uninstallReboots, 1641, 200)])
  func servicesGoAtTheBoot(fault: Fault, code: UInt32, wait: Int) async throws {
    let bench = try Workbench(20, FaultRecipe(fault))
    let name = bench.agent(with: fault)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      let before = try await mark(host)
      #expect(try await uninstall(bench, name, host) == code)
      #expect(try await state(host) == "stopped")
      #expect(!bench.fleet.hasAgent(name))
      try await bench.wait(wait)
      let again = try await bench.connect(name)
      #expect(try await state(again) == "absent")
      let after = try await mark(again)
      #expect(after.shutdown != before.shutdown && after.pid != before.pid, "each boot has its own marks")
    }
  }

  /// What Windows says of its boots.
  private func mark(_ host: any Host) async throws(RemoteError) -> (shutdown: String, pid: String) {
    let key = #"HKLM\SYSTEM\CurrentControlSet\Control\Windows"#
    let shutdown = try await host.run(
      RemoteCommand("reg.exe", ["query", .plain(key), "/v", "ShutdownTime", "/reg:32"]))
    let service = try await host.run(RemoteCommand("sc.exe", ["queryex", "RpcSs"]))
    #expect(shutdown.text.contains("REG_BINARY") && service.text.contains("RUNNING"))
    return (shutdown.text, service.text)
  }

  @Test func anUninstallerThatBreaksOffLeavesAStoppedAgent() async throws {
    let bench = try Workbench(20, FaultRecipe(.uninstallBreaksOff))
    let name = bench.agent(with: .uninstallBreaksOff)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      #expect(try await uninstall(bench, name, host) == 1603)
      #expect(try await state(host) == "stopped" && bench.fleet.hasAgent(name))
    }
  }

  @Test func aConnectionThatDropsDoesSoAfterTheWorkAndOnce() async throws {
    let bench = try Workbench(20, FaultRecipe(.uninstallDropped))
    let name = bench.agent(with: .uninstallDropped)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      let error = await #expect(throws: RemoteError.self) { try await uninstall(bench, name, host) }
      #expect(error?.kind == .dropped)
      #expect(try await state(try await bench.connect(name)) == "absent")
      #expect(bench.fleet.installations(of: name) == (1, 0))
    }
  }

  @Test func aBusyInstallerIsFreeAfterAWhile() async throws {
    let bench = try Workbench(20, FaultRecipe(.installerBusyForAWhile))
    let name = bench.agent(with: .installerBusyForAWhile)
    try await bench.fleet.clock.living {
      let host = try await bench.connect(name)
      #expect(try await uninstall(bench, name, host) == 1618)
      #expect(bench.fleet.hasAgent(name))
      try await bench.wait(91)
      #expect(try await uninstall(bench, name, host) == 0)
    }
  }

  @Test(arguments: [(FaultRecipe.none, true), (.autopccKeepsCertificate, false)])
  func autopccRepairsWhatIsThere(recipe: FaultRecipe, renews: Bool) async throws {
    let bench = try Workbench(20, recipe)
    try await bench.fleet.clock.living {
      let host = try await bench.connect("WS-004")
      #expect(host.abilities.contains(.network))
      #expect(try await host.run(RemoteCommand(#"\\apexone.contoso.local\ofcscan\autopcc.exe"#, [])).exitCode == 0)
      try await bench.wait(60)
      #expect(try await state(host) == "running")
      let own = try await bench.certificate("WS-004", host)
      #expect((own == bench.fleet.serverCertificate) == renews)
      let other = try await host.run(RemoteCommand(#"\\elsewhere\ofcscan\autopcc.exe"#, []))
      #expect(other.exitCode == 1 && other.errorText.contains("network path"))
    }
  }

  @Test func aLogonByKeyIsNobodyOnTheShare() async throws {
    let bench = try Workbench(3, .keyLogon)
    try await bench.fleet.clock.living {
      #expect(!bench.fleet.connector.offersPassword && !bench.fleet.connector.abilities.contains(.network))
      let host = try await bench.connect("WS-002")
      let result = try await host.run(RemoteCommand(#"\\apexone\ofcscan\autopcc.exe"#, []))
      #expect(result.exitCode == 1 && result.errorText.contains("Access is denied"))
    }
  }
}
