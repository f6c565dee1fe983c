import Foundation
import Testing

/// The built program itself, through `-c`, `-f`, a command and a pipe: what stands on which stream, and its exit code.
@Suite struct BinaryTests {
  struct Transcript: Sendable {
    var output: String
    var errors: String
    var code: Int32
  }

  private let folder = TemporaryFolder.newPath("binary")

  /// The program stands beside the test runner in the build folder.
  private static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("apexsh")

  private func run(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws -> Transcript
  {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ["HOME": folder, "PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    let places = ["in", "out", "err"].map { folder + "/" + $0 }
    try input.write(toFile: places[0], atomically: false, encoding: .utf8)
    for place in places.dropFirst() { try Data().write(to: URL(fileURLWithPath: place)) }
    process.standardInput = FileHandle(forReadingAtPath: places[0])
    process.standardOutput = FileHandle(forWritingAtPath: places[1])
    process.standardError = FileHandle(forWritingAtPath: places[2])
    try process.run()
    process.waitUntilExit()
    return Transcript(
      output: try String(contentsOfFile: places[1], encoding: .utf8),
      errors: try String(contentsOfFile: places[2], encoding: .utf8), code: process.terminationStatus)
  }

  @Test func oneSessionThroughEveryDoor() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let script = "set parallel 9\nset | grep '^parallel'\nset parallel 0\nset retries 1\n"
    let byLine = try run(["-c", script])
    #expect(byLine.output == "parallel\t9\tset\n")
    #expect(byLine.errors == "apexsh: parallel can't be '0'; it must be a number of agents from 1 to 4096\n")
    #expect(byLine.code == 64)
    try script.write(toFile: folder + "/x.apx", atomically: false, encoding: .utf8)
    let byFile = try run(["-f", "x.apx"])
    #expect(byFile.output == byLine.output && byFile.code == 64)
    #expect(byFile.errors == "x.apx:3: parallel can't be '0'; it must be a number of agents from 1 to 4096\n")
    let byPipe = try run([], input: script)
    #expect(byPipe.output == byLine.output && byPipe.code == 64)
    #expect(byPipe.errors.hasPrefix("stdin:3: "))
    let byCommand = try run(["set", "parallel", "0"])
    #expect(byCommand.errors == byLine.errors && byCommand.code == 64)
    let check = try run(["--check", "-f", "x.apx"])
    #expect(check.output.isEmpty && check.errors == byFile.errors && check.code == 65)
  }

  @Test func secretsOfTheCommandLineAreInNoStream() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shown = try run(
      ["--password-from-env", "PW", "--unload-password-from-command", "echo P@ssw0rd-8", "-c", "set; context save hq"],
      environment: ["PW": "P@ssw0rd-7"])
    #expect(shown.code == 0)
    #expect(!(shown.output + shown.errors).contains("P@ssw0rd-7"))
    #expect(shown.output.contains("password\t••••\tcommand line, from the variable PW\n"))
    let saved = try String(contentsOfFile: folder + "/.config/apexsh/contexts/hq.apx", encoding: .utf8)
    #expect(saved == "set password --from-env PW\nset unload-password --from-command 'echo P@ssw0rd-8'\n")
  }

  @Test func contextsAtTheStart() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try run(["-c", "set parallel 9; context save hq"])
    #expect(try run(["--context", "hq", "-c", "set | grep ^parallel"]).output == "parallel\t9\tcontext hq\n")
    #expect(
      try run(["-c", "set | grep ^parallel"], environment: ["APEXSH_CONTEXT": "hq"]).output
        == "parallel\t9\tcontext hq\n")
    #expect(
      try run(["--context", "hq", "--set", "parallel=5", "-c", "set | grep ^parallel"]).output
        == "parallel\t5\tcommand line\n")
    let missing = try run(["--context", "lab", "help"])
    #expect(missing.code == 64 && missing.errors == "apexsh: no context 'lab'; there are: hq\n")
  }

  @Test func aForeignOrLinkedFolderIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder + "/real", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/real")
    let refused = try run(["--config-dir", folder + "/link", "context", "save", "hq"])
    #expect(refused.code == 74 && refused.errors.contains("is a link"))
  }
}
