import Foundation
import Lab
@_exported import TestSupport
import Testing

/// `scripts/lab-sshd` with a folder of its own: a lab's server and endpoints behind real OpenSSH servers.
final class SSHLab: Sendable {
  /// Everything of it: `lab`, `config`, `state`, `sshd`.
  let folder: String
  let fleet: LabFleet
  private let servers: Program

  static let isPossible = ["/usr/sbin/sshd", "/usr/bin/ssh-keygen"].allSatisfy { (path: String) in
    access(path, X_OK) == 0
  }

  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../scripts/lab-sshd").standardizedFileURL.path

  /// Runs `body` with such a lab and ends it, whatever happens.
  static func with(
    agents: Int, faults: [Fault] = [], speed: Int = 40, environment: [String: String] = [:],
    _ body: (SSHLab) async throws -> Void
  ) async throws {
    let lab = try await SSHLab(agents: agents, faults: faults, speed: speed, environment)
    let result: Result<Void, any Error>
    do { result = .success(try await body(lab)) } catch { result = .failure(error) }
    await lab.stop()
    try result.get()
  }

  private init(
    agents: Int, faults: [Fault], speed: Int, _ environment: [String: String]
  ) async throws {
    folder = TemporaryFolder.newPath("ssh")
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let recipe = faults.isEmpty ? "none" : faults.map(\.rawValue).joined(separator: "+")
    servers = try Program(
      SSHLab.script,
      ["--dir", folder, "--agents", "\(agents)", "--faults", recipe, "--speed", "\(speed)"], in: folder,
      environment: environment.merging(["APEXSH": Program.apexsh]) { $1 })
    while !servers.output.hasSuffix("ready\n") {
      guard servers.isRunning else {
        throw Failure(description: "lab-sshd ended: \(servers.errors)")
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    fleet = try LabFleet.open(folder + "/lab")
  }

  struct Failure: Error, CustomStringConvertible { let description: String }

  private func stop() async {
    servers.terminate()
    _ = await servers.end()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The process that started the SSH servers.
  var serversID: pid_t { servers.id }

  /// Starts apexsh with the settings that the script made.
  func start(_ arguments: [String]) throws -> Program {
    try Program(Program.apexsh, options + arguments, in: folder)
  }

  /// The settings that the script made.
  var options: [String] {
    ["--config-dir", folder + "/config", "--state-dir", folder + "/state", "--context", "ssh-lab"]
  }

  func apexsh(_ arguments: String...) async throws -> Program.End { try await start(arguments).end() }

  /// What a line prints at one machine, asked behind SSH's back.
  func ask(_ machine: String, _ line: String) async throws -> String {
    let program = try Program(
      Program.apexsh, ["lab-endpoint", "--lab-dir", folder + "/lab", "--agent", machine], in: folder,
      environment: ["SSH_ORIGINAL_COMMAND": line])
    return await program.end().output
  }

  /// The folder that stands for drive `C:` of a machine.
  func drive(of machine: String) -> String { folder + "/lab/agents/\(machine)/C:" }

  /// Names of ours that are left in a machine's Windows folder.
  func leftovers(on machine: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: drive(of: machine) + "/Windows").filter {
      $0.hasPrefix("apexsh")
    }
  }

  /// The certificate that an agent's folder holds.
  func certificate(of agent: String) -> [UInt8]? {
    for folder in ["Program Files (x86)", "Program Files"] {
      let path = drive(of: agent) + "/\(folder)/Trend Micro/Security Agent/OfcNTCer.dat"
      if let data = FileManager.default.contents(atPath: path) { return [UInt8](data) }
    }
    return nil
  }

  /// Files that hold `secret`, as bytes or as UTF-16; not the one that was made to hold it.
  func files(holding secret: String) throws -> [String] {
    try SecretWatch.files(in: folder, holding: [secret]).filter { $0 != "lab/unload-password" }
  }
}
