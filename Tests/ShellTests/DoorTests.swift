import Commands
import Foundation
import Shell
import Synchronization
import Testing

/// Every command is reached by every door, and start options are read as the contract has them.
@Suite struct DoorTests {
  private static let names = (ContextCommands.all + SessionCommands.all).map { $0.name }

  private func doors(_ console: TestConsole, isTerminal: Bool = false, typed: [String] = []) -> Doors {
    let reader = ScriptedReader(typed)
    return Doors(
      program: Program(
        version: "1.2.3", registry: CommandRegistry(ContextCommands.all, SessionCommands.all),
        services: { _, _ in Services() }),
      frontend: Frontend(
        console: { _ in console }, inputIsTerminal: isTerminal, prompt: { _ in reader }, foreground: { await $0() }))
  }

  @Test(arguments: names)
  func everyDoorReachesEveryCommand(name: String) async throws {
    let help = TestConsole()
    #expect(await doors(help).run(["help"] + name.split(separator: " ").map(String.init)) == .success)
    #expect(help.output.contains("EXAMPLES:"))
    let test = await TestSession()
    defer { test.remove() }
    let file = try test.file("x.apx", name + " --help\n")
    let ways: [(arguments: [String], typed: [String])] = [
      (name.split(separator: " ").map(String.init) + ["--help"], []), (["-c", name + " --help"], []),
      (["-f", file], []),
      ([], [name + " --help", "exit"]),
    ]
    for way in ways {
      let console = TestConsole()
      #expect(await doors(console, isTerminal: !way.typed.isEmpty, typed: way.typed).run(way.arguments) == .success)
      #expect(console.output == help.output, "\(way.arguments)")
    }
    let last = try #require(name.split(separator: " ").last.map(String.init))
    let console = TestConsole()
    #expect(await doors(console).run(["complete", String(name.dropLast(1))]) == .success)
    #expect(console.output.split(separator: "\n").contains { $0.hasPrefix(last) })
  }

  @Test(arguments: [
    (["--verison"], "unknown option '--verison'; did you mean '--version'?"),
    (["--set", "x"], "--set needs KEY=VALUE behind it"),
    (["--set", "paralel=3"], "no setting 'paralel'; did you mean 'parallel'?"), (["-c"], "-c needs LINE behind it"),
    (["--check", "help"], "--check needs -f FILE, or -c LINE"),
    (["-c", "help", "set"], "give -f FILE and -c LINE, or a command, not both"),
    (["--context", "a", "--context", "b", "help"], "--context is given twice, 'a' and 'b'; give it once"),
    (["--server", "lab:", "--server", "file:///a/PCCSRV", "help"], "--server is given twice"),
    (
      ["--server", "lab:", "--set", "server=file:///a/PCCSRV", "help"],
      "the server is given twice (--server, --set server)"
    ),
    (
      ["--set", "server=lab:", "--server", "file:///a/PCCSRV", "help"],
      "the server is given twice (--server, --set server)"
    ),
    (["--lab", "--server", "file:///a/PCCSRV", "help"], "--lab is a server of its own, and file:///a/PCCSRV another"),
    (["complete", "set", "--format", "json", "--format", "csv"], "complete: --format is given twice; give it once"),
    (["--state-dir", "/a", "--state-dir=/b", "help"], "--state-dir is given twice, '/a' and '/b'"),
    (["--set", "parallel=3", "--set", "parallel=4", "help"], "--set parallel is given twice, with different values"),
    (["--var", "X=1", "--var=X=2", "help"], "--var X is given twice, with different values; give it once"),
    (["--state-dir", "", "help"], "--state-dir needs a folder behind it, not an empty name"),
    (["--config-dir=", "help"], "--config-dir needs a folder behind it, not an empty name"),
    (["--lab-dir", "", "help"], "--lab-dir needs a folder behind it, not an empty name"),
    (
      ["--password-from-file", "a", "--password-from-env", "B", "help"],
      "a source of the password is given twice, --password-from-file a and --password-from-env B; give it once"
    ),
    (["--format", "xml"], "--format can't be 'xml'; it must be one of table, json, csv, tsv"),
    (["--lab=yes"], "--lab takes no value"), (["--agents", "-1"], "--agents needs a number from 0 to 1,000,000"),
    (["--seed", "x"], "--seed needs a number from 0"),
    (["--set", "password=P@ssw0rd"], "--set takes no secrets; use --password-from-file, -env or -command"),
    (["-x"], "unknown option '-x'"), (["--context", "../x", "help"], "'../x' can't be the name of a context"),
  ])
  func misuse(arguments: [String], message: String) async {
    let console = TestConsole()
    #expect(await doors(console).run(arguments) == .misuse)
    #expect(console.notes.count == 1)
    #expect(console.notes.first?.hasPrefix("apexsh: " + message) == true)
  }

  @Test func startOptions() throws {
    let options = try StartOptions([
      "--context", "hq", "--set", "parallel=4", "--server=lab:", "--agents", "50", "--seed", "3", "--faults", "typical",
      "--var", "A=1=2", "--format", "json", "--keep-going", "--no-color", "--unload-password-from-command", "pass x",
      "--password-from-env", "PW", "transfer", "--format", "csv",
    ])
    #expect(options.context == "hq" && options.keepsGoing && options.noColor && options.format == .json)
    #expect(options.settings.map(\.key) == [.parallel, .server])
    #expect(options.lab?.agents == 50 && options.lab?.seed == 3 && options.lab?.faults == "typical")
    #expect(options.variables == ["A": "1=2"])
    #expect(options.secrets.map(\.key) == [.unloadPassword, .password])
    #expect(options.secrets.map(\.source) == [.command("pass x"), .environment("PW")])
    #expect(options.words == ["transfer", "--format", "csv"])
  }

  @Test func whatMayBeGivenTwice() throws {
    let options = try StartOptions([
      "--state-dir", "/a", "--state-dir", "/a", "--set", "parallel=1", "--set", "retries=2", "--var", "A=1", "--var",
      "B=2", "--var", "A=1", "--keep-blanks", "--password-from-file", "x", "-c", "help", "-f", "y", "-c", "set",
    ])
    #expect(options.settings.map(\.text) == ["1", "2"] && options.variables == ["A": "1", "B": "2"])
    #expect(options.secrets.map(\.source) == [.withBlanks(.file("x"))])
    #expect(options.inputs == [.line("help"), .file("y"), .line("set")])
  }

  /// A second `-c` or `-f` is run after the first, in one session, and none is lost.
  @Test func severalLinesAndFilesRunInTheirOrder() async throws {
    let test = await TestSession()
    defer { test.remove() }
    let file = try test.file("x.apx", "set retries 7\nset | grep -c '^retries.7'\n")
    func run(_ arguments: String...) async -> (code: ExitCode, console: TestConsole) {
      let console = TestConsole()
      return (await doors(console).run(arguments), console)
    }
    let both = await run("-c", "set max-failures 1", "-f", file, "-c", "set retries 3; set > '\(test.folder)/end'")
    #expect(both.code == .success, "\(both.console.everything)")
    let end = try String(contentsOfFile: test.folder + "/end", encoding: .utf8)
    #expect(end.contains("max-failures\t1\tset\n") && end.contains("retries\t3\tset\n"))
    // The first that fails ends it, as in one file; --keep-going goes on, and the largest code is returned.
    let stopped = await run("-c", "set parallel 0", "-c", "set > '\(test.folder)/never'")
    #expect(stopped.code == .misuse && !FileManager.default.fileExists(atPath: test.folder + "/never"))
    let kept = await run("--keep-going", "-c", "set parallel 0", "-f", file, "-c", "set parallel 2")
    #expect(kept.code == .misuse && kept.console.notes.count == 1)
    let left = await run("-c", "exit", "-c", "set > '\(test.folder)/never'")
    #expect(left.code == .success && !FileManager.default.fileExists(atPath: test.folder + "/never"))
    // A file that isn't there is found before anything is run.
    let missing = await run("-c", "set > '\(test.folder)/never'", "-f", test.folder + "/none.apx")
    #expect(missing.code == .unusableInput && !FileManager.default.fileExists(atPath: test.folder + "/never"))
    let checked = await run("--check", "-c", "set parallel 0", "-f", file, "-c", "nonsense")
    #expect(checked.code == .unusableInput && checked.console.notes.count == 2, "\(checked.console.notes)")
  }

  @Test func theLastWordOfAOneShot() async {
    let console = TestConsole()
    #expect(await doors(console).run(["set", "parallel", "4"]) == .success)
    #expect(console.notes.first?.contains("for this process only") == true)
    let version = TestConsole()
    #expect(await doors(version).run(["--version"]) == .success)
    #expect(version.output == "apexsh 1.2.3\n")
  }

  @Test func linesAtThePromptAreRememberedByTheirSecrecy() async {
    let reader = ScriptedReader(["help", "set password x", "nonsense", "set parallel 3 \\", ""])
    let console = TestConsole()
    let program = Program(
      version: "1", registry: CommandRegistry(ContextCommands.all, SessionCommands.all),
      services: { _, _ in Services() })
    let frontend = Frontend(
      console: { _ in console }, inputIsTerminal: true, prompt: { _ in reader }, foreground: { await $0() })
    #expect(await Doors(program: program, frontend: frontend).run([]) == .success)
    #expect(reader.remembered == ["help", "(nonsense)", "set parallel 3 "])
    #expect(reader.prompts.contains(">"))
  }
}

/// Types lines at the prompt.
final class ScriptedReader: PromptReader {
  private let state: Mutex<(lines: [String], remembered: [String], prompts: [String])>
  init(_ lines: [String]) { state = Mutex((lines.reversed(), [], [])) }
  var remembered: [String] { state.withLock { $0.remembered } }
  var prompts: [String] { state.withLock { $0.prompts } }
  func readLine(prompt: String, isProduction: Bool) async -> PromptInput {
    state.withLock { state in
      state.prompts.append(prompt)
      return state.lines.popLast().map { .line($0) } ?? .end
    }
  }
  func remember(_ line: String, onDisk: Bool) async {
    state.withLock { $0.remembered.append(onDisk ? line : "(\(line))") }
  }
  func stop() async {}
}
