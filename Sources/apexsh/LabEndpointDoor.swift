import Foundation
import Lab
import Remote

/// Two doors that stand in no help, since no person enters by them: a machine of a lab behind a real SSH server.
///
/// `apexsh lab-endpoint --lab-dir DIR --agent NAME` is sshd's `ForceCommand` and is started for every command, so it
/// comes before anything else. `apexsh lab-prepare --lab-dir DIR …` makes such a lab and prints the names of the
/// machines that answer, the server first. `scripts/lab-sshd` uses both.
enum LabEndpointDoor {
  private struct Misuse: Error, CustomStringConvertible {
    let description: String
  }

  /// The process's exit code; nil where the arguments lead to another door. `arguments`: behind the program's name.
  static func run(_ arguments: [String]) async -> Int32? {
    do {
      switch arguments.first {
      case "lab-endpoint": return try await serve(try Options(arguments.dropFirst()))
      case "lab-prepare": return try prepare(try Options(arguments.dropFirst()))
      default: return nil
      }
    } catch {
      say("apexsh: \(error)\n", to: 2)
      return 64
    }
  }

  private static func serve(_ options: Options) async throws -> Int32 {
    let endpoint = try LabEndpoint(
      directory: try options.needed("--lab-dir"), agent: try options.needed("--agent"),
      sftpServer: options.values["--sftp-server"] ?? "/usr/lib/openssh/sftp-server"
    ) { try CommandLineParsing.calls($0, variables: variables) }
    let line = ProcessInfo.processInfo.environment["SSH_ORIGINAL_COMMAND"]
    return await endpoint.serve(line, to: .init(output: 1, errors: 2))
  }

  /// What cmd.exe puts in for `%…%`, so that a line whose percent signs are not protected arrives changed.
  private static let variables = [
    "OS": "Windows_NT", "PATH": #"C:\Windows\system32;C:\Windows"#, "SystemRoot": #"C:\Windows"#,
    "COMSPEC": #"C:\Windows\system32\cmd.exe"#, "USERNAME": "admin", "TEMP": #"C:\Users\admin\AppData\Local\Temp"#,
  ]

  private static func prepare(_ options: Options) throws -> Int32 {
    let folder = URL(fileURLWithPath: try options.needed("--lab-dir")).path
    let name = options.values["--faults"] ?? "none"
    guard let recipe = FaultRecipe(named: name) else { throw Misuse(description: "the lab has no faults '\(name)'") }
    try LabFleet.prepareDirectory(
      folder, agents: try options.number("--agents") ?? 200, seed: try options.number("--seed") ?? 1, faults: recipe,
      speed: try options.number("--speed") ?? 1)
    let fleet = try LabFleet.open(folder)
    try keep(fleet.secrets.unloadPassword, at: folder + "/unload-password")
    try keep(fleet.secrets.uninstallPassword, at: folder + "/uninstall-password")
    let answering = fleet.names.filter { fleet.fault(of: $0) != .offline }
    say((["apexone"] + answering).map { $0 + "\n" }.joined(), to: 1)
    return 0
  }

  /// For `--unload-password-from-file` and the like: readable by its owner only.
  private static func keep(_ secret: Secret, at path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Misuse(description: "\(path) can't be written") }
    secret.reveal { say($0 + "\n", to: descriptor) }
    close(descriptor)
  }

  private struct Options {
    private(set) var values: [String: String] = [:]
    private static let known = ["--lab-dir", "--agent", "--sftp-server", "--agents", "--faults", "--seed", "--speed"]

    init(_ words: ArraySlice<String>) throws {
      var words = words
      while let name = words.popFirst() {
        guard Options.known.contains(name), let value = words.popFirst() else {
          throw Misuse(description: "\(name) is not one of \(Options.known.joined(separator: ", ")), with a value each")
        }
        values[name] = value
      }
    }

    func needed(_ name: String) throws -> String {
      guard let value = values[name] else { throw Misuse(description: "\(name) is missing") }
      return value
    }

    func number<Value: LosslessStringConvertible>(_ name: String) throws -> Value? {
      guard let text = values[name] else { return nil }
      guard let value = Value(text) else { throw Misuse(description: "\(name) can't be '\(text)'") }
      return value
    }
  }

  /// Straight to the descriptor: this process is a machine, not a shell with a console.
  static func say(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }
}
