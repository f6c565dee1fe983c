import Commands
import Foundation
import Testing

@testable import Shell

/// Long results go through the pager that is set, short ones don't; progress is said in one line.
@Suite struct PagerTests {
  @Test func onlyWhatIsLongerThanTheWindowIsPaged() async throws {
    let traits = ConsoleTraits(isInteractive: true, outputIsTerminal: true, height: 12)
    let test = await TestSession(traits: traits)
    defer { test.remove() }
    let seen = test.folder + "/seen"
    #expect(await test.run("set pager \"cat > \(seen)\"; help exit-codes") == .success)
    #expect(test.console.output.contains("interrupted"))
    #expect(!FileManager.default.fileExists(atPath: seen))
    let before = test.console.output
    #expect(await test.run("set") == .success)
    #expect(test.console.output == before)
    #expect(try String(contentsOfFile: seen, encoding: .utf8).contains("timeout-settle"))
    #expect(await test.run("set pager /nonexistent/pager; set") == .ownFiles)
    // A run's rows are not held back.
    #expect(await test.run("count 50") == .success)
    #expect(test.console.output.contains("49"))
  }

  @Test func progressSaysRateAndTimeLeft() {
    let half = ProgressSnapshot(
      label: "repairing", done: 1_204, total: 4_211, detail: "3 unreachable", elapsed: .seconds(100))
    #expect(ProgressText.of(half) == "repairing  1,204/4,211  28%  12/s  4m 10s left  3 unreachable")
    #expect(ProgressText.of(ProgressSnapshot(label: "reading", done: 5, elapsed: .zero)) == "reading  5")
    #expect(ProgressText.grouped(1_234_567) == "1,234,567")
  }

  @Test func hintsAreTheRestOfTheOnlyWord() async {
    let test = await TestSession()
    defer { test.remove() }
    let completer = EditorCompleter(completer: Completer(registry: test.session.registry, lookups: SampleSnapshot()))
    #expect(completer.hint(line: "set paral") == "lel")
    #expect(completer.hint(line: "set time") == nil)
    #expect(completer.hint(line: "set ") == nil)
  }
}
