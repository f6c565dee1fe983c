import Commands
import Foundation
import Remote
import Shell
import Testing

/// Lines are run as they say: order, connectors, places of the results, exit codes.
@Suite struct InterpreterTests {
  @Test(arguments: [
    ("end 0", 0), ("end 3", 3), ("end 3; end 0", 3), ("end 3 || end 0; end 1", 1), ("end 2; end 0 && end 1", 2),
    ("end 1; end 2 || end 0", 1), ("end 4 && end 0; end 0", 4), ("end 3; exit; end 9", 3),
    ("end 1; nonsense; end 2", 64),
    ("end 0 && end 5", 5), ("end 3 && end 5", 3),
    ("end 3 || end 0", 0),
    ("end 0 || end 5", 0), ("# nothing", 0), ("", 0), ("end 3\nend 4", 3), ("end 0\nend 4", 4), ("end x", 64),
    ("endd 0", 64), ("end 0 '", 64), ("end 1 &", 64), ("!exit 9", 9), ("exit\nend 3", 0), ("end --help", 0),
    ("help nonsense-word", 64), ("end 0 \\\n && end 6", 6),
  ])
  func exitCodes(text: String, code: Int32) async {
    let test = await TestSession()
    defer { test.remove() }
    #expect(await test.run(text).rawValue == code)
  }

  @Test func keepGoingReturnsTheLargest() async {
    let test = await TestSession(keepsGoing: true)
    defer { test.remove() }
    #expect(await test.run("end 64\nend 1\nend 0") == .misuse)
    let other = await TestSession()
    defer { other.remove() }
    #expect(await other.run("set on-error continue\nend 7\nend 1").rawValue == 7)
  }

  @Test func resultsGoWhereTheLineSendsThem() async throws {
    let test = await TestSession(traits: ConsoleTraits(outputIsTerminal: true))
    defer { test.remove() }
    let path = test.folder + "/out file"
    #expect(await test.run("count 2 > '\(path)'; count 1 >> '\(path)'; count 1") == .success)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "0\n1\n0\n")
    #expect(test.console.output == "N\n0\n")
    #expect(await test.run("count 3 | sort -r | head -1 > '\(path)'") == .success)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "2\n")
    #expect(await test.run("count x > '\(path)'") == .misuse)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "2\n")
    #expect(await test.run("count 1 > /dev/null/x") == .ownFiles)
    #expect(await test.run("count 1 > /dev/full") == .ownFiles)
  }

  @Test func aReaderThatHasEnoughIsNoFailure() async {
    let test = await TestSession()
    defer { test.remove() }
    signal(SIGPIPE, SIG_IGN)
    #expect(await test.run("count 300000 | true") == .success)
    #expect(test.console.notes.isEmpty)
    #expect(await test.run("count 1 | /nonexistent/command 2>/dev/null") == .ownFiles)
  }

  @Test func formatsAndBackground() async {
    let test = await TestSession()
    defer { test.remove() }
    #expect(await test.run("count 1 --format json; count 1; count 1 --format csv") == .success)
    #expect(test.console.output == "{\"n\":0}\n0\nn\r\n0\r\n")
    #expect(await test.run("count 1 &") == .success)
    #expect(test.console.notes == ["apexsh: behind the prompt"])
  }

  @Test func variablesComeFromTheCommandLineOnly() async {
    let test = await TestSession(variables: ["N": "2"])
    defer { test.remove() }
    #expect(await test.run("count ${N}") == .success)
    #expect(test.console.output == "0\n1\n")
    #expect(await test.run("count ${HOME}") == .misuse)
    #expect(test.console.notes.last?.contains("HOME is not defined") == true)
  }

  @Test func sourceRunsInTheSameSessionAndNotItself() async throws {
    let test = await TestSession()
    defer { test.remove() }
    let inner = try test.file("inner.apx", "set parallel 7\r\n")
    let outer = try test.file("outer.apx", "source '\(inner)'\nset retries 1\n")
    #expect(await test.run("source '\(outer)'") == .success)
    #expect(await test.session.state.settings.parallel == 7)
    let loop = test.folder + "/loop.apx"
    _ = try test.file("loop.apx", "source '\(loop)'\n")
    #expect(await test.run("source '\(loop)'") == .unusableInput)
    #expect(test.console.notes.last?.hasPrefix(OutputText.visible(loop) + ":1: ") == true)
    #expect(await test.run("source /nonexistent") == .unusableInput)
    // However the file is spelt.
    _ = try test.file("loop.apx", "source '\(test.folder)/./loop.apx'\n")
    let notes = test.console.notes.count
    #expect(await test.run("source '\(loop)'") == .unusableInput)
    #expect(test.console.notes.count == notes + 1 && test.console.notes.last?.contains("it would never end") == true)
  }

  @Test func cancellingIsInterrupted() async {
    let test = await TestSession()
    defer { test.remove() }
    let task = Task { await test.run("linger; end 0") }
    task.cancel()
    #expect(await task.value == .interrupted)
  }

  @Test func aTypedSecretShowsNowhere() async {
    let console = TestConsole(traits: ConsoleTraits(isInteractive: true), secrets: [Secret("P@ssw0rd-7")])
    let test = await TestSession(console: console)
    defer { test.remove() }
    #expect(await test.run("set password") == .success)
    #expect(await test.run("set; show context; context save hq; set password P@ssw0rd-7") == .misuse)
    #expect(await test.run("set password 'P@ssw0rd-7") == .misuse)
    #expect(await test.run("set passwort P@ssw0rd-7 --x") == .misuse)
    #expect(await test.run("set password x${P@ssw0rd-7}") == .misuse)
    #expect(!console.everything.contains("P@ssw0rd-7"))
    #expect(console.output.contains("••••"))
    let saved = try? String(contentsOfFile: test.folder + "/config/contexts/hq.apx", encoding: .utf8)
    #expect(saved == "")
  }

  @Test func nobodyIsAskedWhereNobodyIs() async {
    let test = await TestSession()
    defer { test.remove() }
    #expect(await test.run("set password") == .refused)
  }
}
