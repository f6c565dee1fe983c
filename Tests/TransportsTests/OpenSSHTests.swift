import Foundation
import Remote
import Testing

@testable import Transports

@Suite("A real OpenSSH server", .enabled(if: OpenSSHServer.isInstalled, "needs openssh-server"), .serialized)
struct OpenSSHTests {
  @Test func `keeps the contract`() async throws {
    let server = try await OpenSSHServer.start()
    let host = try await server.connect()
    try await ContractSuite(host: host, folder: WindowsPath("C:")) {
      OpenSSHServer.shell("echo out; echo err >&2; exit \($0)")
    }.check()
  }

  @Test func `much on both streams at once is capped and said so`() async throws {
    let server = try await OpenSSHServer.start()
    let host = try await server.connect()
    let result = try await host.run(
      OpenSSHServer.shell("head -c 5000000 /dev/zero & head -c 5000000 /dev/zero >&2; wait; exit 3"))
    #expect(result.output.count == RemoteLimits.output)
    #expect(result.errors.count == RemoteLimits.output)
    #expect(result.isCut)
    #expect(result.exitCode == 3)
    await host.close()
  }

  @Test func `a signal is not an exit code`() async throws {
    let server = try await OpenSSHServer.start()
    let host = try await server.connect()
    let result = try await host.run(OpenSSHServer.shell("kill -9 $$".replacing("$$", with: "\\$\\$")))
    #expect(result.exitCode == nil)
    #expect(result.signal == "KILL")
    await host.close()
  }

  @Test func `programs and files go on while another program runs`() async throws {
    let server = try await OpenSSHServer.start()
    let host = try await server.connect()
    let gate = server.folder.file("gate")
    async let slow = host.run(OpenSSHServer.shell("until test -e \(gate); do sleep 0.05; done; exit 9"))
    // Each of these has to end before the first may.
    for code: UInt32 in 1...3 { #expect(try await host.run(OpenSSHServer.shell("exit \(code)")).exitCode == code) }
    let bytes = [UInt8](repeating: 42, count: 4 << 20)
    try await host.put(bytes, to: WindowsPath("C:/four.dat"))
    #expect(try await host.get(WindowsPath("C:/four.dat"), limit: 4 << 20) == bytes)
    async let first = host.run(OpenSSHServer.shell("exit 4"))
    async let second = host.list(WindowsPath("C:"))
    #expect(try await first.exitCode == 4)
    #expect(try await second.map(\.name) == ["four.dat"])
    try server.folder.write("", to: "gate")
    #expect(try await slow.exitCode == 9)
    await host.close()
  }

  @Test func `a server that allows one channel is told from one that runs nothing`() async throws {
    let server = try await OpenSSHServer.start(settings: ["MaxSessions 1"])
    let host = try await server.connect()
    #expect(try await host.list(WindowsPath("C:")).isEmpty)
    let error = await remoteError { try await host.run(OpenSSHServer.shell("exit 0")) }
    #expect(error?.kind == .channelRefused && error?.nothingRan == true)
    #expect(error?.message.contains("MaxSessions (sshd_config) must be 2 or more") == true, "\(error?.message ?? "")")
    await host.close()
  }

  @Test func `an aborted program ends at once, as dropped`() async throws {
    let server = try await OpenSSHServer.start()
    let host = try await server.connect()
    let started = server.folder.file("started")
    async let error = remoteError { try await host.run(OpenSSHServer.shell("touch \(started); sleep 30")) }
    while access(started, F_OK) != 0 { try await Task.sleep(for: .milliseconds(20)) }
    Thread.detachNewThread { host.abort() }
    #expect(await error?.kind == .dropped)
    #expect(await remoteError { try await host.run(OpenSSHServer.shell("exit 0")) }?.kind == .dropped)
    #expect(await remoteError { try await host.list(WindowsPath("C:")) }?.kind == .dropped)
    await host.close()
    await host.close()
  }

  @Test func `a Unix shell is known by its answer, and refused`() async throws {
    let server = try await OpenSSHServer.start()
    let configuration = try server.configuration()
    let port = server.port
    let connector = SSHConnector(configuration) { _ in SSHTarget(host: "127.0.0.1", port: port) }
    let host = try await connector.connect(to: server.endpoint, within: .seconds(120))
    let error = await remoteError { try await host.run(RemoteCommand("reg.exe", ["query"])) }
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains("Unix shell") == true, "\(error?.message ?? "")")
    // Files need no shell.
    try await host.put([1], to: WindowsPath("C:/still"))
    await host.close()
  }

  @Test func `a server that dies in mid-run is a dropped connection`() async throws {
    let server = try await OpenSSHServer.start()
    let host = try await server.connect()
    let error = await remoteError { try await host.run(OpenSSHServer.shell("kill -9 \\$PPID; sleep 8")) }
    #expect(error?.kind == .dropped)
    #expect(error?.message.contains("WS-001") == true)
    await host.close()
  }

  @Test func `a server that freezes in a file operation is timed out`() async throws {
    let server = try await OpenSSHServer.start()
    var configuration = try server.configuration()
    configuration.stall = .seconds(1)
    let host = try await server.connector(configuration).connect(to: server.endpoint, within: .seconds(120))
    try await host.put([1], to: WindowsPath("C:/before"))
    let freeze = "echo \\$PPID > \(server.folder.file("frozen")); kill -STOP \\$PPID"
    async let frozen = remoteError { try await host.run(OpenSSHServer.shell(freeze)) }
    while try server.frozen() == nil { try await Task.sleep(for: .milliseconds(20)) }
    let error = await remoteError { try await host.put([UInt8](repeating: 1, count: 8 << 20), to: WindowsPath("C:/x")) }
    #expect(error?.kind == .timedOut)
    #expect(error?.message.contains("no byte for 1 s") == true)
    #expect(await frozen?.kind == .timedOut)
    await host.close()
    if let process = try server.frozen() { kill(process, SIGKILL) }
  }

  @Test(arguments: [
    // Its whole greeting and no more; nothing at all.
    ("(head -c 9; sleep 1) | /usr/lib/openssh/sftp-server", RemoteError.Kind.dropped), ("true", .noSFTP),
  ])
  func `an SFTP server that ends is a dropped connection, one that never spoke is none`(
    command: String, kind: RemoteError.Kind
  ) async throws {
    let server = try await OpenSSHServer.start(settings: ["ForceCommand \(command)"])
    let host = try await server.connect()
    let error = await remoteError { try await host.put([1], to: WindowsPath("C:/x")) }
    #expect(error?.kind == kind, "\(String(describing: error))")
    await host.close()
  }

  @Test func `fifty connections at once`() async throws {
    let server = try await OpenSSHServer.start()
    let connector = server.connector(try server.configuration())
    let codes = try await withThrowingTaskGroup(of: UInt32?.self) { group in
      for index in 0..<50 {
        group.addTask {
          let host = try await connector.connect(to: Endpoint(name: "WS-\(index)"), within: .seconds(120))
          let code = try await host.run(OpenSSHServer.shell("exit \(index)")).exitCode
          await host.close()
          return code
        }
      }
      return try await group.reduce(into: Set<UInt32?>()) { $0.insert($1) }
    }
    #expect(codes == Set((0..<50).map { UInt32($0) }))
  }
}
