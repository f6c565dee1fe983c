import Foundation
import Testing

/// Files that a person names and that never end by themselves: pipes whose far side doesn't come, or doesn't read. All
/// of it ends at ^C and at SIGTERM, and none of it is taken for an empty file.
@Suite struct WaitingFileTests {
  private let folder = TemporaryFolder.newPath("waiting")
  private var pipe: String { folder + "/pipe" }

  private func start(_ arguments: [String], agents: Int = 3) throws -> Program {
    try Program(
      Program.apexsh, ["--lab", "--agents", "\(agents)", "--state-dir", folder + "/state"] + arguments, in: folder)
  }

  private func prepare() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try #require(mkfifo(pipe, 0o600) == 0)
  }

  /// Waits until the program holds the pipe, or one of its threads works on a file; false where it ended before.
  private func isWaiting(_ program: Program) async throws -> Bool {
    while program.isRunning {
      let process = "/proc/\(program.id)"
      let files = (try? FileManager.default.contentsOfDirectory(atPath: process + "/fd")) ?? []
      if files.contains(where: {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: process + "/fd/" + $0)) == pipe
      }) {
        return true
      }
      let threads = (try? FileManager.default.contentsOfDirectory(atPath: process + "/task")) ?? []
      if threads.contains(where: {
        (try? String(contentsOfFile: process + "/task/\($0)/comm", encoding: .utf8)) == "local file\n"
      }) {
        return true
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    return false
  }

  /// Sends the signal until the program has ended; it must not take more than one, and not long.
  private func end(_ program: Program, by signal: Int32, _ what: String, isRun: Bool = false) async {
    let began = ContinuousClock.now
    kill(program.id, signal)
    let guardian = Task {
      try await Task.sleep(for: .seconds(60))
      kill(program.id, SIGKILL)
    }
    let end = await program.end()
    guardian.cancel()
    #expect(ContinuousClock.now - began < .seconds(30), "\(what): it did not end at the signal")
    // A run that had ended when the signal came keeps its code, whoever reads its rows.
    #expect(end.code == 130 || end.code == nil || isRun && end.code == 0, "\(what): \(end)")
    #expect(!end.output.contains("repaired"), "\(what): \(end)")
  }

  private static let waits: [[String]] = [
    ["-c", "source PIPE"], ["-f", "PIPE"], ["-c", "list agents all > PIPE"], ["-c", "list agents all >> PIPE"],
    ["list-mismatched", "--from", "PIPE"], ["transfer", "@file:PIPE", "--dry-run"],
    ["transfer", "@mismatched!@file:PIPE", "--confirm", "3"], ["list", "agents", "@file:PIPE"],
    ["trust", "import", "PIPE"],
    ["apply", "PIPE"], ["show", "plan", "PIPE"],
  ]

  @Test(arguments: [SIGINT, SIGTERM]) func pipesThatNobodyServesEndAtASignal(_ signal: Int32) async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try prepare()
    let first = await (try start(["list-mismatched"])).end()
    try #require(first.code == 0, "\(first)")
    for wait in Self.waits {
      let program = try start(wait.map { $0.replacingOccurrences(of: "PIPE", with: pipe) })
      guard try await isWaiting(program) else {
        Issue.record("\(wait): it did not wait: \(await program.end())")
        continue
      }
      await end(program, by: signal, "\(wait)")
    }
  }

  /// A reader that has come and reads nothing: a look, and a run in the middle of its rows, end at ^C.
  @Test(arguments: ["list agents all", "transfer all --confirm 5000"])
  func aReaderThatReadsNothing(_ line: String) async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try prepare()
    let reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(reader) }
    let program = try start(["-c", "\(line) > \(pipe)"], agents: 5_000)
    var held: Int32 = 0
    // A pipe takes 64 KB.
    while program.isRunning, held < 60_000 {
      _ = ioctl(reader, UInt(FIONREAD), &held)
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(program.isRunning, "it must stand at its rows")
    await end(program, by: SIGINT, line, isRun: line.hasPrefix("transfer"))
    let runs = await (try start(["list", "runs"], agents: 5_000)).end()
    #expect(!runs.output.contains("running"), "\(runs)")
  }

  /// A password manager that doesn't answer: ended with the wait for it.
  @Test(arguments: [SIGINT, SIGTERM]) func aCommandThatGivesNoSecret(_ signal: Int32) async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try prepare()
    let begun = folder + "/begun"
    let program = try start(["--password-from-command", "touch \(begun); cat \(pipe)", "connect"])
    while program.isRunning, !FileManager.default.fileExists(atPath: begun) {
      try await Task.sleep(for: .milliseconds(10))
    }
    await end(program, by: signal, "a secret's command")
    // What it had started is gone, too: it would keep whatever it inherited.
    let path = pipe
    let readers = Processes.all.filter { id in
      Processes.contents("cmdline", of: id).map { String(decoding: $0, as: UTF8.self).contains(path) } ?? false
    }
    #expect(readers.isEmpty, "\(readers)")
  }

  /// The writer may come later than we: until it has, its pipe is not an empty file.
  @Test func aWriterThatComesLate() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try prepare()
    let program = try start(["list", "agents", "@file:" + pipe])
    #expect(try await isWaiting(program))
    let writer = open(pipe, O_WRONLY | O_CLOEXEC)
    try #require(writer >= 0)
    let text = Array("WS-002\n".utf8)
    #expect(write(writer, text, text.count) == text.count)
    close(writer)
    let end = await program.end()
    #expect(end.code == 0 && end.lines.count == 1 && end.output.hasPrefix("WS-002"), "\(end)")
  }

  @Test func whatIsReadMoreThanOnceIsNoPipeAndNoDevice() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try prepare()
    let package = folder + "/agent.msi"
    try #require(mkfifo(package, 0o600) == 0)
    let zero = folder + "/zero.msi"
    try FileManager.default.createSymbolicLink(atPath: zero, withDestinationPath: "/dev/zero")
    let cases: [([String], Int32, String)] = [
      (
        ["--set", "certificate=" + pipe, "transfer", "all", "--confirm", "3"], 65,
        "a pipe, and this is read more than once"
      ),
      (["reinstall", "all", "--package", package, "--confirm", "3"], 65, "a pipe, and this is read more than once"),
      (["reinstall", "all", "--package", zero, "--confirm", "3"], 65, "not a plain file"),
      (["list-mismatched", "--from", "/dev/zero"], 65, "not a plain file"),
      (["-f", "/dev/zero"], 65, "is no command"),
      (["--password-from-file", pipe, "connect"], 77, "is not a regular file"),
      (["-c", "list agents all > /dev/full"], 74, "no space left"),
    ]
    for (arguments, code, words) in cases {
      let end = await (try start(arguments)).end()
      #expect(end.code == code && end.errors.contains(words), "\(arguments): \(end)")
    }
  }
}
