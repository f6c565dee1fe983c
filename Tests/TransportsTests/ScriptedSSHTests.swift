import CLibssh
import Foundation
import Remote
import Testing

@testable import Transports

@Suite("SSH against a server that does what it is told")
struct ScriptedSSHTests {
  private let endpoint = Endpoint(name: "WS-001")

  private func connector(
    _ server: ScriptedSSHServer, _ folder: TestFolder, password: String, shell: FarShell = .program
  ) async throws -> SSHConnector {
    var configuration = SSHConfiguration()
    configuration.user = "CONTOSO\\admin"
    configuration.usesAgent = false
    configuration.password = Secret(password)
    configuration.knownHostsFiles = [folder.file("known")]
    let port = server.listener.port
    let connector = SSHConnector(configuration, shell: shell) { _ in SSHTarget(host: "127.0.0.1", port: port) }
    var hosts = KnownHosts()
    hosts.add(
      try connector.knownHostsNames(endpoint)[0], key: try await connector.scanHostKey(endpoint, within: .seconds(120)))
    try KnownHostsFile(folder.file("known")).save(hosts)
    return connector
  }

  private func connect(
    _ server: ScriptedSSHServer, _ folder: TestFolder, password: String = "P@ssw0rd", shell: FarShell = .program
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
}
