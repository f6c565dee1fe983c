import Foundation
import LocalSystem
import Remote
import Synchronization
import Testing

@testable import Transports

/// A real OpenSSH server on the loopback with keys and a configuration of its own; ended with its owner.
final class OpenSSHServer: Sendable {
  static let program = "/usr/sbin/sshd"
  static var isInstalled: Bool { access(program, X_OK) == 0 && access("/usr/bin/ssh-keygen", X_OK) == 0 }

  let folder: TestFolder
  let port: UInt16
  let identity: String
  private let process: ChildProcess
  private let isStopped = Mutex(false)

  /// Starts it and waits until it listens. `settings`: lines of its configuration that win over the usual ones.
  static func start(settings: [String] = []) async throws -> OpenSSHServer {
    for _ in 0..<5 {
      let server = try OpenSSHServer(settings)
      for _ in 0..<200 {
        if await server.isListening() { return server }
        try await Task.sleep(for: .milliseconds(20))
      }
      server.stop()
    }
    throw POSIXError(.ETIMEDOUT)
  }

  private init(_ settings: [String]) throws {
    folder = try TestFolder()
    port = try Listener.freePort()
    _ = try folder.makeKey("host")
    identity = try folder.makeKey("id")
    try folder.write(folder.read("id.pub"), to: "authorized")
    // HOME: start files of the user's own shell would slow every program down, or print something.
    // The start folder of SFTP holds a folder `C:`, so that Windows paths work.
    try FileManager.default.createDirectory(atPath: folder.file("C:"), withIntermediateDirectories: true)
    if getuid() == 0 { mkdir("/run/sshd", 0o755) }
    try folder.write(
      """
      \(settings.joined(separator: "\n"))
      Port \(port)
      ListenAddress 127.0.0.1
      HostKey \(folder.file("host"))
      PidFile \(folder.file("pid"))
      AuthorizedKeysFile \(folder.file("authorized"))
      StrictModes no
      UsePAM no
      UseDNS no
      PermitRootLogin yes
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      PermitTTY no
      PermitUserRC no
      SetEnv HOME=\(folder.path)
      \(settings.contains { $0.hasPrefix("Subsystem") } ? "" : "Subsystem sftp internal-sftp -d \(folder.path)")
      MaxStartups 500:30:1000
      MaxSessions 64
      LoginGraceTime 30
      """, to: "config")
    // Whoever reads the tests' output must not wait for a session that outlives them.
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    process = try ChildProcess(
      OpenSSHServer.program, ["-D", "-f", folder.file("config"), "-E", folder.file("log")],
      descriptors: [null, null, null])
  }

  deinit { stop() }

  func stop() {
    let isFirst = isStopped.withLock { isStopped in
      defer { isStopped = true }
      return !isStopped
    }
    if isFirst { process.end() }
  }

  private func isListening() async -> Bool {
    do {
      try await connector().probe(endpoint, within: .seconds(1))
      return true
    } catch { return false }
  }

  let endpoint = Endpoint(name: "WS-001")
  var knownHosts: String { folder.file("known") }

  func hostKey() throws -> HostKey {
    let words = try folder.read("host.pub").split(separator: " ").map(String.init)
    return try #require(HostKey(type: words[0], base64: words[1]))
  }

  /// A configuration that trusts the server and has its key.
  func configuration() throws -> SSHConfiguration {
    try KnownHosts.line(KnownHosts.name("127.0.0.1", port: port), try hostKey())
      .write(toFile: knownHosts, atomically: true, encoding: .utf8)
    var configuration = SSHConfiguration()
    configuration.identityFiles = [identity]
    configuration.knownHostsFiles = [knownHosts]
    configuration.usesAgent = false
    return configuration
  }

  func connector(_ configuration: SSHConfiguration = SSHConfiguration(), shell: FarShell = .program) -> SSHConnector {
    let port = port
    return SSHConnector(configuration, shell: shell) { _ in SSHTarget(host: "127.0.0.1", port: port) }
  }

  func connect() async throws -> any Remote.Host {
    try await connector(configuration()).connect(to: endpoint, within: .seconds(20))
  }

  /// The lines of its log.
  func log() throws -> [String] { try folder.read("log").split(separator: "\n").map(String.init) }

  /// The session process that a test has frozen, once it has said which.
  func frozen() throws -> pid_t? {
    guard access(folder.file("frozen"), F_OK) == 0 else { return nil }
    return try pid_t(folder.read("frozen").prefix { $0 != "\n" })
  }

  /// A line for `/bin/sh`; the login shell takes the quotes of the C runtime.
  static func shell(_ script: String) -> RemoteCommand { RemoteCommand("/bin/sh", ["-c", .plain(script)]) }
}
