import Lab
import Remote
import Testing

/// reg.exe, sc.exe, files and programs of one simulated Windows, as a stranger sees them.
@Suite struct WindowsToolTests {
  private func onEndpoint(
    _ name: String = "WS-001", agents: Int = 20, _ body: (Workbench, any Host) async throws -> Void
  ) async throws {
    let bench = try Workbench(agents)
    try await bench.fleet.clock.living { try await body(bench, bench.connect(name)) }
  }

  @Test func aValueIsPrintedAsRegDoes() async throws {
    try await onEndpoint { bench, host in
      let result = try await host.run(
        RemoteCommand(
          "reg.exe", ["query", .plain(Workbench.agentKey), "/v", "serverport", "/reg:32"]))
      #expect(result.exitCode == 0)
      #expect(
        result.text
          == "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\TrendMicro\\PC-cillinNTCorp\\CurrentVersion\r\n"
          + "    ServerPort    REG_DWORD    0x1f90\r\n\r\n")
    }
  }

  @Test func aKeyListsItsSubkeys() async throws {
    try await onEndpoint { bench, host in
      let flat = try await host.run(
        RemoteCommand("reg", ["query", .plain(Workbench.agentKey), "/reg:32"])
      ).text
      #expect(flat.hasSuffix("CurrentVersion\\Misc.\r\n"))
      #expect(!flat.contains("ProgramVer"))
      let deep = try await host.run(
        RemoteCommand("reg", ["query", .plain(Workbench.agentKey), "/s", "/reg:32"])
      ).text
      #expect(deep.contains("    ProgramVer    REG_SZ    14.0."))
      let folder = bench.agentFolder("WS-001")
      #expect(deep.contains("    Application Path    REG_SZ    \(folder)\\\r\n"))
    }
  }

  @Test func the64BitViewHidesTheAgent() async throws {
    let bench = try Workbench(200)
    try await bench.fleet.clock.living {
      for name in bench.fleet.names.prefix(40) {
        let host = try await bench.connect(name)
        let key = RemoteArgument.plain(Workbench.agentKey)
        let plain = try await host.run(RemoteCommand("reg.exe", ["query", key])).exitCode
        #expect(plain == (bench.spec(name).architecture == .x86 ? 0 : 1))
        #expect(
          try await host.run(RemoteCommand("reg.exe", ["query", key, "/reg:32"])).exitCode == 0)
      }
    }
  }

  @Test(arguments: [
    ["query"], ["query", "HKLM\\SOFTWARE", "/x"], ["add", "HKLM\\SOFTWARE\\X"],
    ["query", "HKLM\\SOFTWARE", "/v"],
  ])
  func whatRegDoesNotTakeIsAnError(words: [String]) async throws {
    try await onEndpoint { _, host in
      let result = try await host.run(RemoteCommand("reg.exe", words.map { .plain($0) }))
      #expect(result.exitCode == 1)
      #expect(result.errorText.hasPrefix("ERROR: Invalid syntax."))
    }
  }

  @Test func aServiceIsPrintedAsScDoes() async throws {
    try await onEndpoint { _, host in
      let short = try await host.run(RemoteCommand("sc.exe", ["query", "TMLISTEN"])).text
      #expect(
        short.hasPrefix(
          "\r\nSERVICE_NAME: tmlisten \r\n        TYPE               : 10  WIN32_OWN_PROCESS  \r\n")
      )
      #expect(short.contains("        STATE              : 4  RUNNING \r\n"))
      #expect(!short.contains("PID"))
      let long = try await host.run(RemoteCommand("sc.exe", ["queryex", "tmlisten"])).text
      #expect(long.contains("        PID                : "))
      let again = try await host.run(RemoteCommand("sc.exe", ["start", "tmlisten"]))
      #expect(again.exitCode == 1056)
      #expect(again.text.hasPrefix("[SC] StartService FAILED 1056:\r\n"))
    }
  }

  @Test func unknownProgramsAreNotRecognised() async throws {
    try await onEndpoint { _, host in
      let bare = try await host.run(RemoteCommand("frobnicate", []))
      #expect(bare.exitCode == 1)
      #expect(
        bare.errorText.hasPrefix(
          "'frobnicate' is not recognized as an internal or external command,\r\n"))
      let folder = try await host.run(
        RemoteCommand("reg.exe", ["query"], in: WindowsPath(#"C:\Nowhere"#)))
      #expect(folder.errorText == "The system cannot find the path specified.\r\n")
      try await host.put(Array("MZ something".utf8), to: WindowsPath(#"C:\Windows\Temp\x.exe"#))
      #expect(try await host.run(RemoteCommand(#"C:\Windows\Temp\x.exe"#, [])).exitCode == 193)
    }
  }

  @Test func filesBehaveAsOnWindows() async throws {
    try await onEndpoint { _, host in
      let folder = WindowsPath(#"C:\Windows\apexsh-1"#)
      func kind(_ body: () async throws -> Void) async -> RemoteError.Kind? {
        do {
          try await body()
          return nil
        } catch { return (error as? RemoteError)?.kind }
      }
      try await host.makeFolder(folder)
      #expect(
        await kind { try await host.makeFolder(WindowsPath(#"c:\WINDOWS\APEXSH-1"#)) }
          == .alreadyExists)
      #expect(
        await kind { try await host.makeFolder(folder.appending("a").appending("b")) } == .notFound)
      #expect(
        await kind { try await host.put([1], to: WindowsPath(#"C:\Nowhere\x"#)) } == .notFound)
      try await host.put([1, 2, 3], to: folder.appending("One.bin"))
      #expect(try await host.get(folder.appending("ONE.BIN"), limit: 3) == [1, 2, 3])
      #expect(
        await kind { _ = try await host.get(folder.appending("one.bin"), limit: 2) } == .tooLarge)
      #expect(
        await kind { _ = try await host.get(folder.appending("two.bin"), limit: 2) } == .notFound)
      let entries = try await host.list(folder)
      #expect(entries.map(\.name) == ["One.bin"])
      #expect(entries.first?.size == 3)
      #expect(entries.first?.kind == .file)
      #expect(await kind { try await host.removeFolder(folder) } == .accessDenied)
      try await host.removeFile(folder.appending("one.bin"))
      #expect(await kind { try await host.removeFile(folder.appending("one.bin")) } == .notFound)
      try await host.removeFolder(folder)
      #expect(await kind { _ = try await host.list(folder) } == .notFound)
      #expect(try await host.list(WindowsPath(#"C:\"#)).map(\.name).contains("Windows"))
    }
  }

  @Test(arguments: [
    ["-s", "x", "-p", "8080"],
    ["-s", "x", "-p", "0", "-sp", "4343", "-c", "1", "-e", "OfcNTCer.dat"],
    ["\u{2013}s", "x", "-p", "80", "-sp", "4343", "-c", "1", "-e", "OfcNTCer.dat"],
    ["-s", "x", "-p", "80", "-sp", "4343", "-c", "1", "-e", "missing.dat"],
    ["-s", "x", "-p", "80", "-sp", "4343", "-c", "1", "-e", "OfcNTCer.dat", "-q", "1"],
  ])
  func ipXferIsStrict(words: [String]) async throws {
    try await onEndpoint { bench, host in
      try await bench.stage("WS-001", host)
      var command = bench.transfer("WS-001")
      command.arguments = words.map { .plain($0) }
      #expect(try await host.run(command).exitCode != 0)
      try await bench.wait(120)
      #expect(try await bench.certificate("WS-001", host) == bench.fleet.olderCertificate)
      #expect(try await bench.service("tmlisten", host).state == 4)
    }
  }

  @Test func ipXferIgnoresLetterCaseAndTakesBareNames() async throws {
    try await onEndpoint { bench, host in
      try await bench.stage("WS-001", host)
      var command = bench.transfer("WS-001")
      command.program = bench.tool("WS-001")
      command.arguments[0] = "-S"
      command.arguments[9] = "ofcntcer.dat"
      #expect(try await host.run(command).exitCode == 0)
      #expect(try await bench.certificate("WS-001", host) == bench.fleet.serverCertificate)
    }
  }

  @Test func theOtherBitnessCannotRun() async throws {
    try await onEndpoint { bench, host in
      try await bench.stage("WS-001", host)
      let other = bench.tool("WS-001") == "IpXfer.exe" ? "IpXfer_x64.exe" : "IpXfer.exe"
      let source = bench.fleet.serverPath.appending("Admin").appending("Utility").appending(
        "IpXfer"
      ).appending(other)
      try await host.put(
        bench.fleet.server.get(source, limit: 1 << 20),
        to: Workbench.stage.appending(bench.tool("WS-001")))
      #expect(try await host.run(bench.transfer("WS-001")).exitCode == 216)
      #expect(try await bench.certificate("WS-001", host) == bench.fleet.olderCertificate)
    }
  }
}
