import Testing

@testable import Remote

/// Our parsers on what wine's reg.exe and sc.exe write, asked as an endpoint is. Its code page is 437 or 850: an umlaut
/// is no UTF-8 there.
extension SoakWineTests {
  private static let key = #"HKLM\Software\ApexTest"#

  /// All in one wine: what it started ends with it.
  private func run(_ commands: [RemoteCommand]) async throws -> [CommandResult] {
    let lines = try commands.map { try CommandLineQuoting.line(for: $0, shell: .cmd).reveal { $0 } }
    return try await wine.answers(lines.map { (.cmd, $0) }).map {
      CommandResult(exitCode: $0.code, output: $0.output, errors: $0.errors)
    }
  }

  private func registry(_ arguments: String...) -> RemoteCommand {
    RemoteCommand("reg.exe", (arguments + ["/reg:32"]).map { .plain($0) })
  }

  @Test func `what reg.exe writes is read`() async throws {
    let values: [[String]] = [
      ["/v", "Server", "/d", "apexone.contoso.local"],
      ["/v", "Application Path", "/t", "REG_SZ", "/d", #"C:\Program Files (x86)\Ümläut  &  Söhne\"#],
      ["/v", "ServerPort", "/t", "REG_DWORD", "/d", "0x1f90"], ["/v", "Blob", "/t", "REG_BINARY", "/d", "00ff10"],
      ["/v", "Names", "/t", "REG_MULTI_SZ", "/d", #"one\0two"#], ["/v", "Empty", "/t", "REG_SZ"],
      ["/v", "Root", "/t", "REG_EXPAND_SZ", "/d", #"100%\x"#], ["/ve", "/d", "default"],
    ]
    let additions = values.map {
      RemoteCommand("reg.exe", (["add", Self.key] + $0 + ["/f", "/reg:32"]).map { .plain($0) })
    }
    let results = try await run(
      additions + [
        registry("query", Self.key), registry("query", Self.key, "/v", "Application Path"),
        registry("query", Self.key, "/v", "Nothing"), registry("query", #"HKLM\Software\NoSuch"#),
      ])
    #expect(results.prefix(values.count).allSatisfy { $0.exitCode == 0 })
    let outputs = results.dropFirst(values.count).map { RegistryOutput($0) }
    let all = outputs[0]
    #expect(all.values.count == 8, "\(all.values)")
    #expect(all["server"] == RegistryValue(type: "REG_SZ", text: "apexone.contoso.local"))
    let path = try #require(all["Application Path"]).text
    #expect(path.hasPrefix(#"C:\Program Files (x86)\"#) && path.hasSuffix(#"hne\"#) && path.contains("ut  &  S"))
    #expect(all["ServerPort"]?.number == 0x1F90)
    #expect(all["Blob"] == RegistryValue(type: "REG_BINARY", text: "00FF10"))
    #expect(all["Names"] == RegistryValue(type: "REG_MULTI_SZ", text: #"one\0two"#))
    #expect(all["Root"] == RegistryValue(type: "REG_EXPAND_SZ", text: #"100%\x"#))
    #expect(all["Empty"] == RegistryValue(type: "REG_SZ", text: ""))
    #expect(outputs[1].values.count == 1 && outputs[1]["Application Path"]?.text == path)
    #expect(outputs[2].isMissing && outputs[3].isMissing)
  }

  @Test func `what sc.exe writes is read`() async throws {
    let asked = [
      ("query", "PlugPlay"), ("query", "Spooler"), ("start", "Spooler"), ("query", "Spooler"), ("stop", "Spooler"),
      ("query", "Spooler"), ("query", "NoSuch"), ("queryex", "Spooler"),
    ]
    let outputs = try await run(asked.map { RemoteCommand("sc.exe", [.plain($0.0), .plain($0.1)]) }).map {
      ServiceOutput($0)
    }
    #expect(outputs[0].state == .running && outputs[1].state == .stopped)
    #expect(outputs[2].error == nil && outputs[3].isRunning)
    #expect(outputs[4].error == nil && outputs[5].state == .stopped)
    // wine's says nothing of a service that isn't there, and knows no queryex: nothing is made of it.
    for nothing in outputs[6...] {
      #expect(nothing.state == nil && nothing.error == nil && nothing.processID == nil)
    }
  }

  @Test func `programs in one line write what they write alone`() async throws {
    let looks = [
      registry(
        "query", #"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"#, "/v", "PROCESSOR_ARCHITECTURE"),
      RemoteCommand("sc.exe", ["query", "PlugPlay"]), registry("query", #"HKLM\Software\NoSuch"#),
      RemoteCommand("sc.exe", ["query", "NoSuch"]), RemoteCommand("nonsense.exe", []),
      registry("query", #"HKLM\Software\Microsoft\Windows NT\CurrentVersion"#),
    ]
    let sequence = try #require(try CommandSequence(looks, shell: FarShell(.cmd, .replacesAnyway)))
    let answer = try await wine.answers([(.cmd, sequence.line.reveal { $0 })])[0]
    let together = try #require(
      sequence.results(of: CommandResult(exitCode: answer.code, output: answer.output)))
    let alone = try await run(looks)
    for (look, (one, other)) in zip(looks, zip(together, alone)) {
      #expect(words(one.output) == words(other.output + other.errors), "\(look)")
    }
    #expect(ServiceOutput(together[1]).isRunning)
    #expect(RegistryOutput(together[0])["PROCESSOR_ARCHITECTURE"] != nil)
  }

  /// Without the blanks that cmd hands on from before an operator.
  private func words(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split { $0.isWhitespace || $0 == "'" }.map(String.init)
  }
}
