import CLibssh
import Foundation
import Remote
import Testing

@testable import Transports

@Suite("SSH against a server that does what it is told")
struct ScriptedSSHTests {
  private let endpoint = Endpoint(name: "WS-001")

  private func connector(
    _ server: ScriptedSSHServer, _ folder: TestFolder, password: String, shell: FarShell? = .program
  ) async throws -> SSHConnector {
    try await server.connector(endpoint, trustedIn: folder, password: password, shell: shell)
  }

  private func connect(
    _ server: ScriptedSSHServer, _ folder: TestFolder, password: String = "P@ssw0rd", shell: FarShell? = .program
  ) async throws -> any Remote.Host {
    try await connector(server, folder, password: password, shell: shell).connect(to: endpoint, within: .seconds(120))
  }

  @Test func `exit codes are whole`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let host = try await connect(server, folder)
    for code: UInt32 in [0, 7, 255, 256, 300, 3_010, 0xC000_0005, 0xFFFF_FFFF] {
      let result = try await host.run(RemoteCommand("exit", [.plain(String(code))]))
      #expect(result.exitCode == code)
      #expect(result.signal == nil)
    }
    let killed = try await host.run(RemoteCommand("signal", []))
    #expect(killed.signal == "TERM")
    #expect(killed.exitCode == nil)
    let vanished = try await host.run(RemoteCommand("vanish", []))
    #expect(vanished.signal == nil)
    #expect(vanished.exitCode == nil)
    await host.close()
  }

  @Test func `a refused password is offered once, and by no other method`() async throws {
    let both = Int32(SSH_AUTH_METHOD_PASSWORD) | Int32(SSH_AUTH_METHOD_INTERACTIVE)
    let (server, folder) = (try ScriptedSSHServer(methods: both, connections: 2), try TestFolder())
    let error = await remoteError { try await connect(server, folder, password: "wr0ng-P@ss") }
    #expect(error?.kind == .logonRefused)
    #expect(error?.credential == .password)
    #expect(error?.message.contains("wr0ng-P@ss") == false)
    #expect(server.record.passwords == ["wr0ng-P@ss"])
    #expect(server.record.interactive == 0)
  }

  @Test func `a password without an answer may have been refused`() async throws {
    for (password, kind) in [("hang up", RemoteError.Kind.dropped), ("say nothing", .timedOut)] {
      let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
      let connector = try await connector(server, folder, password: password)
      // Long enough for a key exchange on a busy machine; the one that says nothing is waited for.
      let limit = Duration.seconds(kind == .timedOut ? 8 : 120)
      let error = await remoteError { try await connector.connect(to: endpoint, within: limit) }
      #expect(error?.kind == kind && error?.mayHaveRefusedPassword == true, "\(String(describing: error))")
      #expect(error?.message.contains("it may have been refused") == true)
      #expect(server.record.passwords == [password])
    }
  }

  @Test func `a connection that ends before the first answer is no refusal`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2, hangsUpAtLogon: true), try TestFolder())
    let connector = try await connector(server, folder, password: "P@ssw0rd")
    let error = await remoteError { try await connector.connect(to: endpoint, within: .seconds(120)) }
    #expect(error?.kind == .dropped && error?.mayHaveRefusedPassword == false, "\(String(describing: error))")
    #expect(server.record.passwords.isEmpty)
  }

  @Test func `no credential is sent to a host whose key isn't known`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let connector = try await connector(server, folder, password: "P@ssw0rd")
    try folder.write("", to: "known")
    let error = await remoteError { try await connector.connect(to: endpoint, within: .seconds(120)) }
    #expect(error?.kind == .hostKeyUnknown)
    #expect(server.record.passwords.isEmpty)
  }

  @Test func `keyboard-interactive is used once where there is nothing else`() async throws {
    let methods = Int32(SSH_AUTH_METHOD_INTERACTIVE)
    let (server, folder) = (try ScriptedSSHServer(methods: methods, connections: 2), try TestFolder())
    let error = await remoteError { try await connect(server, folder) }
    #expect(error?.kind == .logonRefused)
    #expect(server.record.interactive == 1)
    #expect(server.record.passwords.isEmpty)
  }

  @Test func `a connection that ends in mid-run is dropped`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let host = try await connect(server, folder)
    let error = await remoteError { try await host.run(RemoteCommand("drop", [])) }
    #expect(error?.kind == .dropped)
    await host.close()
  }

  @Test func `the line for cmd arrives as it was built`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let host = try await connect(server, folder, shell: .cmd)
    let command = RemoteCommand(
      #"C:\Windows\apexsh-1\IpXfer_x64.exe"#, ["-pwd", .secret(Secret(#"P@ss %OS% "w0rd"&"#))],
      in: WindowsPath(#"C:\Windows\apexsh-1"#))
    let result = try await host.run(command)
    let line = String(decoding: result.output, as: UTF8.self)
    #expect(server.record.lines == [line])
    let call = try CommandLineParsing.cmd(line, variables: ["OS": "Windows_NT"])
    #expect(call.folder == #"C:\Windows\apexsh-1"#)
    #expect(call.words.last == #"P@ss %OS% "w0rd"&"#)
    let refused = await remoteError { try await host.run(RemoteCommand("x", ["a\nb"])) }
    #expect(refused?.kind == .unsupported)
    #expect(server.record.lines.count == 1)
    await host.close()
  }

  private static let cmd = "apexsh-probe Windows_NT %OS% !OS! $PSHOME $ExecutionContext.SessionState.LanguageMode\r\n"
  private static let powershell =
    "apexsh-probe\r\n%OS%\r\n^%^OS^%\r\n!OS!\r\nC:\\Windows\\System32\\WindowsPowerShell\\v1.0\r\nFullLanguage\r\n"

  @Test func `the shell is asked for once, before the first program`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2, shell: Self.cmd), try TestFolder())
    let host = try await connect(server, folder, shell: nil)
    async let one = host.shell()
    async let other = host.shell()
    #expect(try await [one, other] == [.cmd, .cmd])
    for _ in 0..<2 { _ = try await host.run(RemoteCommand("x.exe", ["a&b"])) }
    #expect(server.record.lines == [ShellProbe.line, "x.exe a^&b", "x.exe a^&b"])
    await host.close()
  }

  @Test func `programs that look go in one line, and one by one where that was not understood`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2, shell: Self.cmd), try TestFolder())
    let host = try await connect(server, folder, shell: nil)
    let looks = [RemoteCommand("sc.exe", ["queryex", "tmlisten"]), RemoteCommand("sc.exe", ["queryex", "ntrtscan"])]
    // This server says back what it gets: no marks in lines of their own.
    for _ in 0..<2 {
      let results = try await host.run(inTurn: looks)
      #expect(
        results.map { String(decoding: $0.output, as: UTF8.self) } == [
          "sc.exe queryex tmlisten", "sc.exe queryex ntrtscan",
        ])
    }
    let alone = ["sc.exe queryex tmlisten", "sc.exe queryex ntrtscan"]
    let asking =
      "\(ShellProbe.line) 2>&1 & echo MARK-1 & sc.exe queryex tmlisten 2>&1 & echo MARK-2"
      + " & sc.exe queryex ntrtscan 2>&1 & echo MARK-3"
    let lines = server.record.lines.map { $0.replacing(/apexsh-end-[0-9a-f]{8}-/, with: "MARK-") }
    #expect(lines == [asking, ShellProbe.line] + alone + alone)
    await host.close()
  }

  @Test func `the shell is asked for in the line of the first look`() async throws {
    let answer = Self.cmd + "MARK-1 \r\none\r\nMARK-2 \r\ntwo\r\nMARK-3\r\n"
    let (server, folder) = (try ScriptedSSHServer(connections: 2, shell: answer), try TestFolder())
    let host = try await connect(server, folder, shell: nil)
    let looks = [RemoteCommand("sc.exe", ["queryex", "tmlisten"]), RemoteCommand("sc.exe", ["queryex", "ntrtscan"])]
    #expect(
      try await host.run(inTurn: looks).map { String(decoding: $0.output, as: UTF8.self) } == ["one\r\n", "two\r\n"])
    #expect(try await host.shell() == .cmd)
    _ = try await host.run(RemoteCommand("x.exe", ["a&b"]))
    #expect(server.record.lines.count == 2 && server.record.lines[0].hasPrefix(ShellProbe.line))
    await host.close()
  }

  @Test func `a PowerShell that refuses the line is known by the question alone, and no look is lost`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2, shell: Self.powershell), try TestFolder())
    let host = try await connect(server, folder, shell: nil)
    let looks = [RemoteCommand("sc.exe", ["queryex", "tmlisten"]), RemoteCommand("sc.exe", ["queryex", "ntrtscan"])]
    #expect(try await host.run(inTurn: looks).count == 2)
    #expect(try await host.shell() == .powershell)
    #expect(
      server.record.lines.dropFirst(2).allSatisfy { $0.hasPrefix("powershell ") } && server.record.lines.count == 4)
    await host.close()
  }

  @Test func `where it is PowerShell the line is for PowerShell`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2, shell: Self.powershell), try TestFolder())
    let host = try await connect(server, folder, shell: nil)
    _ = try await host.run(RemoteCommand("x.exe", ["-pwd", .secret(Secret("P@ssw0rd"))]))
    #expect(server.record.lines.first == ShellProbe.line)
    #expect(server.record.lines.last?.hasPrefix("powershell -NoProfile -NonInteractive -EncodedCommand ") == true)
    #expect(server.record.lines.last?.contains("P@ssw0rd") == false)
    await host.close()
  }

  @Test func `a shell that can't be quoted for is sent nothing else`() async throws {
    let unix = "apexsh-probe %OS% ^%^OS^% !OS! .SessionState.LanguageMode\n"
    let (server, folder) = (try ScriptedSSHServer(connections: 2, shell: unix), try TestFolder())
    let host = try await connect(server, folder, shell: nil)
    for _ in 0..<2 {
      let error = await remoteError { try await host.run(RemoteCommand("x.exe", ["secret"])) }
      #expect(error?.kind == .unsupported)
      #expect(error?.message.hasPrefix("127.0.0.1") == true || error?.message.hasPrefix("WS-001: ") == true)
      #expect(error?.message.contains("Unix shell") == true)
    }
    #expect(server.record.lines == [ShellProbe.line])
    await host.close()
  }
}
