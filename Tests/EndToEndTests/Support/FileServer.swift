import Foundation
import Lab

@testable import Lab

/// A server's `PCCSRV` folder as real files of a folder whose name holds blanks and signs that shells care for, and the
/// built program beside it: what a person meets who gives it something wrong.
final class FileServer: Sendable {
  let folder: String
  /// The folder of a server as the lab makes it.
  let root: String
  let fleet: LabFleet

  init(agents: Int = 3) throws {
    folder = NSTemporaryDirectory() + "apexsh bad & input $(id) \(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try LabFleet.prepareDirectory(folder + "/lab", agents: agents)
    fleet = try LabFleet.open(folder + "/lab")
    // As under WSL: a folder of one letter is a drive.
    try FileManager.default.createDirectory(atPath: folder + "/mnt", withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: folder + "/lab/agents/apexone/C:", toPath: folder + "/mnt/c")
    root = folder + "/mnt/c/Program Files (x86)/Trend Micro/Apex One/PCCSRV"
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  @discardableResult
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  @discardableResult
  func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

  /// Replaces a file of the server.
  func replace(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: root + "/" + name))
  }

  static let certificate = "Pccnt/Common/OfcNTCer.dat"

  /// A certificate of its own key, valid for ten years from `start` (seconds from now).
  func certificate(from start: Double = -86_400) throws -> [UInt8] {
    try LabCertificates.make(SeededRandom(seed: 99), 0, of: "Another", from: Date().timeIntervalSince1970 + start)
  }

  /// Runs the program on this server, the lab's endpoints behind it. Nothing is asked: there is no terminal.
  func apexsh(_ arguments: [String], settings: [String] = [], start: [String] = []) async throws -> Program.End {
    let options =
      ["--server", "file://" + root, "--set", "transport=lab"] + settings.flatMap { ["--set", $0] } + start
    return try await bare(options + arguments)
  }

  /// The program with no server.
  func bare(_ arguments: [String]) async throws -> Program.End {
    try await Program(Program.apexsh, ["--state-dir", folder + "/a state"] + arguments, in: folder).end()
  }

  /// Gives the server a list of its agents, by file.
  func list() async throws {
    let rows = fleet.names.map { $0 + ",10.20.0.1\n" }.joined()
    let path = try file("first list.csv", "Computer Name,IP Address\n" + rows)
    let end = try await apexsh(["list-mismatched", "--from", path, "--format", "json"])
    guard end.code == 0, end.lines.count == fleet.names.count else { throw Failure(description: end.errors) }
  }

  struct Failure: Error, CustomStringConvertible { let description: String }

  /// What the journal knows: the newest list and all runs.
  func known() async throws -> String {
    let list = try await apexsh(["list-mismatched", "--cached", "--format", "json"])
    let runs = try await apexsh(["list", "runs", "--format", "json"])
    return "\(list.output)\(runs.output)"
  }
}
