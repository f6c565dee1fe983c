import Foundation
import Testing

/// `scripts/lab-wine` with a folder of its own: endpoints on which Windows programs really run.
final class WineLab: Sendable {
  /// Everything of it: `config`, `state`, `sshd`, `machines` with a wine prefix each.
  let folder: String
  private let servers: Program

  /// Where it must be possible, its absence is a failure: `scripts/lab-wine` says then what is missing.
  static let isPossible =
    ProcessInfo.processInfo.environment["CI"] == "true"
    || ["/usr/sbin/sshd", "/usr/bin/ssh-keygen", "/usr/lib/wine/wine64", "/usr/bin/x86_64-w64-mingw32-gcc"].allSatisfy {
      (path: String) in access(path, X_OK) == 0
    }

  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../scripts/lab-wine").standardizedFileURL.path

  /// Runs `body` with such a lab and ends it, whatever happens. `bare`: endpoints without an agent, behind the others.
  static func with(
    agents: Int, bare: Int, unloadPassword: String, _ body: (WineLab) async throws -> Void
  ) async throws {
    let lab = try WineLab(agents: agents, bare: bare, unloadPassword)
    let result: Result<Void, any Error>
    do {
      try await lab.ready()
      result = .success(try await body(lab))
    } catch {
      result = .failure(error)
    }
    await lab.stop()
    try result.get()
  }

  private init(agents: Int, bare: Int, _ unloadPassword: String) throws {
    folder = TemporaryFolder.newPath("wine")
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let file = folder + "/unload-password"
    try Data((unloadPassword + "\n").utf8).write(to: URL(fileURLWithPath: file))
    chmod(file, 0o600)
    servers = try Program(
      WineLab.script,
      ["--dir", folder, "--agents", "\(agents)", "--bare", "\(bare)", "--unload-password-file", file], in: folder,
      environment: ["APEXSH": Program.apexsh])
  }

  struct Failure: Error, CustomStringConvertible { let description: String }

  private func ready() async throws {
    while !servers.output.hasSuffix("ready\n") {
      guard servers.isRunning else { throw Failure(description: "lab-wine ended: \(servers.errors)") }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  private func stop() async {
    servers.terminate()
    _ = await servers.end()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// How its processes are told from ours.
  var endpoints: SecretWatch.Endpoints { .init(ancestor: servers.id, prefixes: folder + "/machines") }

  /// Starts apexsh with the settings that the script made.
  func start(_ arguments: [String]) throws -> Program {
    let options = ["--config-dir", folder + "/config", "--state-dir", folder + "/state", "--context", "wine-lab"]
    return try Program(Program.apexsh, options + arguments, in: folder)
  }

  func apexsh(_ arguments: String...) async throws -> Program.End { try await start(arguments).end() }

  /// What a line prints in a machine's cmd.exe, asked behind SSH's back.
  func ask(_ machine: String, _ line: String) async throws -> String {
    try await Program(
      folder + "/session", [machine], in: folder, environment: ["SSH_ORIGINAL_COMMAND": line]
    ).end().output
  }

  // MARK: - A machine's drive

  func drive(of machine: String) -> String { folder + "/machines/\(machine)/drive_c" }

  /// Names of ours that are left in a machine's Windows folder.
  func leftovers(on machine: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: drive(of: machine) + "/Windows").filter {
      $0.hasPrefix("apexsh")
    }
  }

  func certificate(of agent: String) -> Data? {
    let path = "/Program Files (x86)/Trend Micro/Security Agent/OfcNTCer.dat"
    return FileManager.default.contents(atPath: drive(of: agent) + path)
  }

  var serverCertificate: Data? {
    let path = "/Program Files (x86)/Trend Micro/Apex One/PCCSRV/Pccnt/Common/OfcNTCer.dat"
    return FileManager.default.contents(atPath: drive(of: "apexone") + path)
  }

  /// Lines of a file that the stand-ins write: `ipxfer.txt`, `reached.txt`, …
  func lines(_ name: String, of machine: String) -> [String] {
    let data = FileManager.default.contents(atPath: drive(of: machine) + "/rig/" + name) ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The stand-ins of a machine wait 5 minutes when they have come so far.
  func hold(_ machine: String, at word: String) throws {
    try "[wait]\r\n\(word)=300\r\n".write(
      toFile: drive(of: machine) + "/rig/rig.ini", atomically: true, encoding: .utf8)
  }

  /// The SHA-256 by which the stand-ins know the unload password: `sha256sum` made it, not we.
  var passwordHash: String? { value(of: "Unload_Pwd=!CRYPT!", in: folder + "/agent.ini") }

  var agentPort: String {
    let path = drive(of: "apexone") + "/Program Files (x86)/Trend Micro/Apex One/PCCSRV/ofcscan.ini"
    return value(of: "Client_LocalServer_Port=", in: path) ?? ""
  }

  private func value(of start: String, in file: String) -> String? {
    let text = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(start) }
    return line.map { String($0.dropFirst(start.count)) }
  }

  // MARK: - Its processes

  /// Processes of a machine that bear a name, zombies not counted.
  func processes(_ name: String, of machine: String) -> [pid_t] {
    let prefix = Data("WINEPREFIX=\(folder)/machines/\(machine)\0".utf8)
    return Processes.all.filter { id in
      Processes.name(of: id) == name && Processes.contents("environ", of: id)?.holds(prefix) == true
        && Processes.status(of: id).map { $0.state != "Z" } == true
    }
  }

  /// Ends the SSH server's process for the one command that runs at a machine, as a broken line would.
  func dropSession(of machine: String) throws {
    let session = try #require(processes("session.exe", of: machine).first)
    let parent = try #require(Processes.status(of: session)?.parent)
    #expect(Processes.name(of: parent).hasPrefix("sshd"), "\(parent)")
    kill(parent, SIGKILL)
  }
}
