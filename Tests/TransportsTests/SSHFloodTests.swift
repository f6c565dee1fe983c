import CLibssh
import Foundation
import Remote
import Synchronization
import Testing

@testable import Transports

@Suite("SSH against a far side that floods us", .serialized) struct SSHFloodTests {
  private static let server = "/usr/lib/openssh/sftp-server"

  /// A scripted server and a connection to it.
  private func scripted(_ server: ScriptedSSHServer, _ folder: TestFolder) async throws -> any Remote.Host {
    let endpoint = Endpoint(name: "WS-001")
    return try await server.connector(endpoint, trustedIn: folder, user: nil).connect(
      to: endpoint, within: .seconds(120))
  }

  @Test(arguments: [
    ("requests", "that nobody asked for"), ("ignored", "that nobody asked for"),
    ("empty-ignored", "that nobody asked for"), ("debug", "that nobody asked for"),
    ("output", "a program there wrote over"), ("errors", "a program there wrote over"),
    ("bytes", "a program there wrote over"), ("error-bytes", "a program there wrote over"),
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

  private static let floods: [ScriptedSSHServer.Flood] = [
    (.logon, [.ignored, .emptyIgnored, .debug]), (.opening, [.requests, .ignored, .emptyIgnored, .debug]),
    (.files, ScriptedSSHServer.Flood.What.allCases),
  ].flatMap { (point: ScriptedSSHServer.Flood.Point, whats: [ScriptedSSHServer.Flood.What]) in
    whats.map { ScriptedSSHServer.Flood(point: point, what: $0) }
  }

  /// Before the logon, after it, and in the place of a file transfer.
  @Test(arguments: floods) func `a flood is cut at every phase`(flood: ScriptedSSHServer.Flood) async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2, floods: flood), try TestFolder())
    let error = await remoteError {
      let host = try await scripted(server, folder)
      switch flood.point {
      case .files: _ = try await host.list(WindowsPath("C:"))
      default: _ = try await host.run(RemoteCommand("exit", ["0"]))
      }
    }
    // What stands in the place of SFTP's first word is known for that, and no more of it is read.
    let isNoSFTP = flood.point == .files && [.output, .bytes].contains(flood.what)
    #expect(error?.kind == (isNoSFTP ? .noSFTP : .protocolFault), "\(String(describing: error))")
    let words =
      switch (flood.point, flood.what) {
      case (.logon, _): "it sent over 1024 KB "
      case _ where isNoSFTP: "where its SFTP should begin"
      default: "KB that nobody asked for"
      }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    // What the system's own buffers held beside it.
    #expect(server.record.flooded > 0 && server.record.flooded < 40 << 20, "\(server.record.flooded)")
  }

  @Test(arguments: ["keys", "prompts", "ignored"])
  func `a flood in the place of an answer to a logon is cut before it is held`(what: String) async throws {
    let sent = Mutex(0)
    let server = try ScriptedSSHServer(
      connections: 2,
      floodsLogon: { message, session in
        let text = String(repeating: "x", count: 30_000)
        let bytes = ssh_string_from_char(text)
        defer { ssh_string_free(bytes) }
        while ssh_is_connected(session) == 1, sent.withLock({ $0 }) < 400 << 20 {
          switch what {
          case "keys": ssh_message_auth_reply_pk_ok(message, bytes, bytes)
          case "prompts": ssh_message_auth_interactive_request(message, text, text, 0, nil, nil)
          default: ssh_send_ignore(session, text)
          }
          guard ssh_blocking_flush(session, 60_000) == SSH_OK else { return }
          sent.withLock { $0 += text.utf8.count }
        }
      })
    let folder = try TestFolder()
    let error = await remoteError { _ = try await scripted(server, folder) }
    #expect(error?.kind == .protocolFault, "\(String(describing: error))")
    #expect(error?.message.contains("it sent over 1024 KB") == true, "\(error?.message ?? "")")
    // What the system's own buffers held beside it.
    #expect(sent.withLock { $0 } < 40 << 20)
  }

  /// Says its version and then `packet` without end to whoever connects.
  private func exchange(_ packet: [UInt8], thenRepeated: Bool) async throws -> RemoteError? {
    let listener = try Listener()
    WorkerPool.shared.submit {
      let descriptor = listener.accept()
      guard descriptor >= 0 else { return }
      var bytes = Array("SSH-2.0-OpenSSH_for_Windows_9.5\r\n".utf8) + packet
      while bytes.withUnsafeBytes({ send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }) > 0 {
        guard thenRepeated else {
          while recv(descriptor, &bytes, bytes.count, 0) > 0 {}
          break
        }
        bytes = packet
      }
      close(descriptor)
    }
    var configuration = SSHConfiguration()
    configuration.usesAgent = false
    let connector = SSHConnector(configuration) { _ in SSHTarget(host: "127.0.0.1", port: listener.port) }
    return await remoteError { try await connector.scanHostKey(Endpoint(name: "WS-001"), within: .seconds(120)) }
  }

  /// A packet before keys are exchanged: its payload padded to a multiple of eight.
  private static func plain(_ payload: [UInt8]) -> [UInt8] {
    let padding = 4 + (8 - (payload.count + 9) % 8) % 8
    let length = payload.count + padding + 1
    return [UInt8(length >> 24), UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
      + [UInt8(padding)] + payload + [UInt8](repeating: 0, count: padding)
  }

  private static func string(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return (0..<4).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
  }

  @Test func `a flood before the key exchange is cut long before the time is over`() async throws {
    let long = Self.string(String(repeating: "z", count: 30_000))
    for payload in [
      [2] + long, [4, 1] + long + Self.string("en"), [3, 0, 0, 0, 1], [2] + Self.string(""),
      [4, 0] + Self.string("")
        + Self.string(""),
    ] {
      let error = try await exchange(Self.plain(payload), thenRepeated: true)
      #expect(error?.kind == .protocolFault, "\(String(describing: error))")
      #expect(
        error?.message.contains("it sent over 1024 KB before the logon was done") == true, "\(error?.message ?? "")")
    }
    // What has no place there ends the exchange at once: a channel's data, a window, a request of the whole connection.
    for payload in [[94, 0, 0, 0, 0] + long, [93, 0, 0, 0, 0, 0, 0, 0, 1], [80] + Self.string("x") + [1]] {
      let error = try await exchange(Self.plain(payload), thenRepeated: true)
      #expect(error?.kind == .protocolFault, "\(String(describing: error))")
      #expect(error?.message.contains("key exchange failed") == true || error?.message.contains("it sent over") == true)
    }
  }

  @Test func `the reason of a failed key exchange is told, its control characters visible`() async throws {
    let farewell = [1, 0, 0, 0, 2] + Self.string("go away \u{1B}[31m" + String(repeating: "w", count: 20_000))
    let goodbye = try await exchange(Self.plain(farewell + Self.string("en")), thenRepeated: false)
    #expect(goodbye?.message.contains(#"go away \u{1B}[31mww"#) == true, "\(String(describing: goodbye))")
    #expect((goodbye?.message.utf8.count ?? 0) < 1_000)
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
      (
        "printf 'Welcome to WS-001\\r\\n\\0\\0\\0\\5\\2\\0\\0\\0\\3'; exec cat > /dev/null",
        #"it says "Welcome to WS-001" where"#
      ), ("printf 'a\\033[31mb\\n'; exec \(server)", #"\u{1B}[31mb"#),
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
