import Foundation
import Remote
import Testing

/// What really parses command lines, as far as it can be had here: wine's cmd.exe, C runtime, `CommandLineToArgvW`,
/// reg.exe and sc.exe. `scripts/soak` sends many more lines than `scripts/test`. A failure names its seed.
@Suite(.enabled(if: Wine.isPossible, "needs wine and mingw: scripts/install tests"), .wine, .serialized)
struct SoakWineTests {
  private static let isSoak = ProcessInfo.processInfo.environment["APEXSH_SOAK"] != nil
  let wine: Wine

  init() throws { wine = try #require(Wine.current) }

  private func shell() async throws -> FarShell {
    let answer = try await wine.answers([(.cmd, ShellProbe.line)])[0]
    return try ShellProbe.read(CommandResult(exitCode: answer.code, output: answer.output, errors: answer.errors))
  }

  @Test func `its cmd is known by the answer, percents and all`() async throws {
    #expect(try await shell() == FarShell(.cmd, .replacesAnyway))
  }

  /// A command with the line that was made of it; nil where it was refused.
  private struct Case {
    let seed: UInt64
    let command: RemoteCommand
    let mode: Wine.Mode
    let line: String
    var words: [String] { [command.program] + command.arguments.map { $0.reveal { $0 } } }
  }

  @Test func `no hostile text changes a command or another argument`() async throws {
    for folder in HostileCommands.folders {
      try FileManager.default.createDirectory(atPath: wine.folder + "/" + folder, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: wine.folder + "/argv.exe", toPath: wine.folder + "/\(folder)/argv.exe")
    }
    let shell = try await shell()
    let count: UInt64 = SoakWineTests.isSoak ? 1_200 : 170
    var cases: [Case] = []
    var refused = 0
    for seed in 1...count {
      var hostile = HostileCommands(seed: seed)
      let command = hostile.next()
      do {
        let line = try CommandLineQuoting.line(for: command, shell: shell).reveal { $0 }
        cases.append(Case(seed: seed, command: command, mode: .cmd, line: line))
      } catch {
        // The only thing that this cmd is not sent.
        #expect(error.message.contains("more than one %"), "seed \(seed): \(error)")
        refused += 1
      }
      guard seed % 4 == 0 || cases.last?.seed != seed else { continue }
      let line = try CommandLineQuoting.line(for: command, shell: .program).reveal { $0 }
      cases.append(Case(seed: seed, command: command, mode: .program, line: line))
    }
    #expect(refused < count / 4, "\(refused) of \(count) were refused")
    let before = try names()
    try await check(cases)
    #expect(try names() == before.union(["output", "errors"]), "something else was made")
  }

  private func names() throws -> Set<String> {
    Set(try FileManager.default.subpathsOfDirectory(atPath: wine.folder))
  }

  private func check(_ cases: [Case]) async throws {
    for (one, answer) in zip(cases, try await wine.answers(cases.map { ($0.mode, $0.line) })) {
      var answer = answer
      // Of thousands of starts under wine one fails for no found reason; what did run is never tried again.
      if answer.output.isEmpty { answer = try await wine.answers([(one.mode, one.line)])[0] }
      let seen = ArgvOutput(answer.output)
      let what: Comment = "seed \(one.seed), \(one.mode): \(one.line)"
      #expect(answer.code == 0, what)
      #expect(seen.runtime.map { sameScalars($0, one.words) } == true, what)
      #expect(seen.api.map { sameScalars($0, one.words) } == true, what)
      // Without a shell the folder is the transport's to set.
      #expect(seen.folder == (one.mode == .cmd ? one.command.folder?.text : #"C:\apexsh"#), what)
      #expect(seen.lines == 3 && answer.errors.isEmpty, what)
    }
  }

  /// PowerShell itself runs nowhere here: the line that its server hands it is checked, and the one it is told to start.
  @Test func `what PowerShell is handed and told to start is whole`() async throws {
    let count: UInt64 = SoakWineTests.isSoak ? 150 : 30
    var cases: [(seed: UInt64, line: String, inner: String, words: [String])] = []
    for seed in 1...count {
      var hostile = HostileCommands(seed: 10_000 + seed)
      var command = hostile.next()
      command.program = #"C:\apexsh\argv.exe"#
      let line = try CommandLineQuoting.line(for: command, shell: .powershell).reveal { $0 }
      let script = try EncodedScript(line: line)
      let inner = "\"\(try script.literal("FileName"))\" " + (try script.literal("Arguments"))
      cases.append((seed, line, inner, [command.program] + command.arguments.map { $0.reveal { $0 } }))
    }
    let answers = try await wine.answers(cases.flatMap { [(.powershell, $0.line), (.program, $0.inner)] })
    for (index, one) in cases.enumerated() {
      let outer = ArgvOutput(answers[2 * index].output)
      #expect(outer.api == [#"C:\apexsh\argv.exe"#, "-c", one.line], "seed \(one.seed)")
      #expect(outer.runtime == outer.api, "seed \(one.seed)")
      let inner = ArgvOutput(answers[2 * index + 1].output)
      #expect(inner.api.map { sameScalars($0, one.words) } == true, "seed \(one.seed): \(one.inner)")
      #expect(inner.runtime.map { sameScalars($0, one.words) } == true, "seed \(one.seed): \(one.inner)")
    }
  }
}
