import Foundation
import LocalSystem
import Synchronization

@testable import Transports

/// A program that a test starts, its streams kept in files, so that it can print as much as it likes.
///
/// Started as our transports start theirs: with no signal blocked and in a group of its own, so that it can be ended.
final class Program: Sendable {
  struct End: Sendable {
    var output: String
    var errors: String
    /// Nil where a signal ended it.
    var code: Int32?
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// The built apexsh stands beside the test runner.
  static let apexsh = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("apexsh").path

  let id: pid_t
  private let places: (output: String, errors: String)
  private let state = Mutex<ChildProcess.End?>(nil)
  private let ended = AsyncStream<Void>.makeStream()

  /// Starts it. `folder` is its home and holds its streams; nothing of our own environment reaches it.
  init(_ program: String, _ arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
    let name = folder + "/" + UUID().uuidString
    places = (name + ".out", name + ".err")
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC
    let descriptors = [
      open("/dev/null", O_RDONLY | O_CLOEXEC), open(places.output, flags, 0o600), open(places.errors, flags, 0o600),
    ]
    defer { for descriptor in descriptors { close(descriptor) } }
    let variables = ["HOME": folder, "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"].merging(environment) { $1 }
    let child = try ChildProcess(
      "/usr/bin/env", ["-i"] + variables.map { "\($0)=\($1)" } + [program] + arguments, descriptors: descriptors)
    id = child.id
    Thread.detachNewThread { [self] in
      let end = child.wait()
      state.withLock { $0 = end }
      ended.continuation.finish()
    }
  }

  var isRunning: Bool { state.withLock { $0 == nil } }
  /// What it has printed so far.
  var output: String { Program.text(places.output) }
  var errors: String { Program.text(places.errors) }

  /// Waits for its end.
  func end() async -> End {
    for await _ in ended.stream {}
    var code: Int32?
    if case .exited(let number) = state.withLock({ $0 }) { code = number }
    return End(output: output, errors: errors, code: code)
  }

  func terminate() { state.withLock { end in if end == nil { kill(id, SIGTERM) } } }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
