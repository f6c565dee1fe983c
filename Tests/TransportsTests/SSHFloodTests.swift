import Foundation
import Remote
import Testing

@testable import Transports

@Suite("SSH against a far side that floods us", .serialized) struct SSHFloodTests {
  private static let server = "/usr/lib/openssh/sftp-server"

  /// A scripted server and a connection to it.
  private func scripted(_ server: ScriptedSSHServer, _ folder: TestFolder) async throws -> any Remote.Host {
    let endpoint = Endpoint(name: "WS-001")
    var configuration = SSHConfiguration()
    configuration.usesAgent = false
    configuration.password = Secret("P@ssw0rd")
    configuration.knownHostsFiles = [folder.file("known")]
    let port = server.listener.port
    let connector = SSHConnector(configuration, shell: .program) { _ in SSHTarget(host: "127.0.0.1", port: port) }
    var hosts = KnownHosts()
    hosts.add(
      try connector.knownHostsNames(endpoint)[0], key: try await connector.scanHostKey(endpoint, within: .seconds(120)))
    try KnownHostsFile(folder.file("known")).save(hosts)
    return try await connector.connect(to: endpoint, within: .seconds(120))
  }

  @Test(arguments: [
    ("requests", "that nobody asked for"), ("ignored", "that nobody asked for"),
    ("output", "a program there wrote over"),
    ("errors", "a program there wrote over"),
  ])
  func `a flood is cut, and says what it was`(what: String, words: String) async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let host = try await scripted(server, folder)
    let error = await remoteError { try await host.run(RemoteCommand("flood", [.plain(what)])) }
    #expect(error?.kind == .protocolFault, "\(String(describing: error))")
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    let after = await remoteError { try await host.run(RemoteCommand("exit", ["0"])) }
    #expect(after?.nothingRan == true)
    await host.close()
  }

  @Test(.enabled(if: OpenSSHServer.isInstalled, "needs openssh-server"))
  func `an SFTP channel that is written to while nobody reads it is cut, and holds no more than its cap`() async throws
  {
    let files = try TestFolder()
    let gate = files.file("gate")
    try FileManager.default.createDirectory(atPath: files.file("C:"), withIntermediateDirectories: true)
    let script = try files.write(
      "(until test -e \(gate); do sleep 0.05; done; exec cat /dev/zero) &\nexec \(Self.server) -d \(files.path)\n",
      to: "sftp")
    let server = try await OpenSSHServer.start(settings: ["Subsystem sftp /bin/sh \(script)"])
    let host = try await server.connect()
    _ = try await host.list(WindowsPath("C:"))
    async let slow = remoteError { try await host.run(OpenSSHServer.shell("sleep 600")) }
    try files.write("", to: "gate")
    let error = await slow
    #expect(error?.kind == .protocolFault, "\(String(describing: error))")
    #expect(error?.message.contains("file transfer that nobody asked for") == true)
    await host.close()
  }

  /// What stands in the place of an SFTP server.
  private func sftp(_ script: String, _ folder: TestFolder) async throws -> (OpenSSHServer, any Remote.Host) {
    let path = try folder.write(script, to: "sftp")
    let server = try await OpenSSHServer.start(settings: ["Subsystem sftp /bin/sh \(path)"])
    return (server, try await server.connect())
  }

  /// A packet, as `printf` writes it.
  private static func packet(_ body: [UInt8]) -> String {
    let length = (0..<4).reversed().map { UInt8(truncatingIfNeeded: body.count >> (8 * $0)) }
    return (length + body).map { "\\" + String($0, radix: 8) }.joined()
  }

  private static let hello = packet([2, 0, 0, 0, 3])
  /// The handle of the first request, a list's.
  private static let handle = packet([102, 0, 0, 0, 1, 0, 0, 0, 1, 7])

  @Test(.enabled(if: OpenSSHServer.isInstalled, "needs openssh-server"))
  func `a list that never ends is too large`() async throws {
    // Answers to requests 2, 3, …: one entry named `.`, or none at all.
    for body in [#"\0\0\0\1\0\0\0\1.\0\0\0\0\0\0\0\0"#, #"\0\0\0\0"#] {
      let folder = try TestFolder()
      let length = body.hasPrefix(#"\0\0\0\1"#) ? 22 : 9
      let script = """
        printf '\(Self.hello)\(Self.handle)'
        i=2
        while [ $i -lt 3000 ]; do
          printf "$(printf '\\\\0\\\\0\\\\0\\\\%o\\\\150\\\\0\\\\0\\\\%o\\\\%o' \(length) $((i / 256)) $((i % 256)))"'\(body)'
          i=$((i + 1))
        done
        exec cat > /dev/null
        """
      let (server, host) = try await sftp(script, folder)
      let error = await remoteError { try await host.list(WindowsPath("C:")) }
      #expect(error?.kind == .tooLarge || error?.kind == .protocolFault, "\(String(describing: error))")
      _ = server
      host.abort()
      await host.close()
    }
  }

  @Test(.enabled(if: OpenSSHServer.isInstalled, "needs openssh-server"))
  func `answers that nobody asked for, and names without end, are no answers`() async throws {
    let name = "printf '%0100000d' 0"
    for script in [
      "printf '\(Self.hello)\(Self.packet([101, 0, 0, 0, 9, 0, 0, 0, 0]))'; exec cat > /dev/null",
      "printf '\(Self.hello)\(Self.handle)'; printf '\\0\\1\\206\\305\\150\\0\\0\\0\\2\\0\\0\\0\\1\\0\\1\\206\\240'; "
        + "\(name); printf '\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'; exec cat > /dev/null",
    ] {
      let folder = try TestFolder()
      let (server, host) = try await sftp(script, folder)
      let error = await remoteError { try await host.list(WindowsPath("C:")) }
      #expect(error?.kind == .protocolFault, "\(String(describing: error))")
      #expect((error?.message.utf8.count ?? 0) < 1_100)
      _ = server
      host.abort()
      await host.close()
    }
  }

  @Test(
    .enabled(if: OpenSSHServer.isInstalled, "needs openssh-server"),
    arguments: [
      ("echo 'Welcome to WS-001'; exec \(server)", #""Welcome to WS-001""#),
      ("printf 'a\\033[31mb\\n'; exec \(server)", #"\u{1B}[31mb"#),
      ("echo 'This account is not available.'; exit 1", "This account is not available."),
      ("printf 'x'; exit 1", #"after saying "x""#),
      ("printf '\\0\\0\\0\\5\\2\\0\\0\\0\\2'; exec cat", "older than version 3"),
      ("exit 0", "ended its SFTP"),
    ])
  func `what speaks in the place of SFTP has its own kind and is quoted`(script: String, words: String) async throws {
    let folder = try TestFolder()
    let (server, host) = try await sftp(script, folder)
    let error = await remoteError { try await host.list(WindowsPath("C:")) }
    #expect(error?.kind == .noSFTP, "\(String(describing: error))")
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    _ = server
    await host.close()
  }

  @Test func `long words of a far side are cut`() {
    let error = RemoteError(.protocolFault, "WS-001: the server says " + String(repeating: "ä", count: 168_216))
    #expect(error.message.utf8.count <= RemoteError.longestMessage + 3 && error.message.hasSuffix("…"))
    #expect("abc".cut(to: 3) == "abc" && "abcd".cut(to: 3) == "abc…" && "ää".cut(to: 3) == "ä…")
    #expect("e\u{301}\u{301}".cut(to: 4) == "e\u{301}…")
  }
}
