import Foundation
import Lab
import Remote
import Testing

@testable import Commands
@testable import Runs

/// A new process knows what an account was refused by the last ones: together they never lock it.
@Suite struct RecentRefusalTests {
  /// Gives a password anew, as a person who mistypes it does.
  private func give(_ text: String, _ rig: CommandRig) async throws {
    let path = rig.folder + "/password"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(try await rig.run("set password --from-file '\(path)'").code == .success)
  }

  /// A rig whose account was refused three times.
  private func spent() async throws -> CommandRig {
    let rig = try await CommandRig(agents: 5, faults: .logonRefused)
    for (number, said) in [(1, ""), (2, "once in the last 30 min"), (3, "2 times in the last 30 min")] {
      if number > 1 { try await give("mistyped-\(number)", rig) }
      let result = try await rig.run("check agent all")
      #expect(result.code == .refused && attempts(rig) == number)
      #expect(said.isEmpty || result.said.contains(said), "\(result.said)")
    }
    try await give("mistyped-4", rig)
    return rig
  }

  private func attempts(_ rig: CommandRig) -> Int { rig.fleet.logons.account(rig.fleet.secrets.user).attempts }

  @Test func afterThreeNothingIsSentByAScript() async throws {
    let rig = try await spent()
    for line in [
      "check agent all", "transfer all --confirm 5", "transfer all --dry-run --probe", "show agent WS-002 --live",
    ] {
      let result = try await rig.run(line)
      #expect(result.code == .refused && result.said.contains("may lock the account"), "\(line): \(result.said)")
      #expect(result.said.contains("3 times in the last 30 min") && result.said.contains("nothing was sent"))
    }
    #expect(attempts(rig) == 3)
    #expect(try rig.journal().runs().isEmpty, "no run begins")
  }

  @Test func whoSaysSoLogsOnAllTheSame() async throws {
    let rig = try await spent()
    #expect(try await rig.run("set despite-refusals yes").code == .success)
    let result = try await rig.run("check agent all")
    #expect(result.said.contains("logging on all the same") && attempts(rig) == 4, "\(result.said)")
    // No context takes that over.
    #expect(try await rig.run("context save hq").code == .success)
    let saved = try String(contentsOfFile: rig.folder + "/config/contexts/hq.apx", encoding: .utf8)
    #expect(!saved.contains("despite-refusals"))
    // Nor is it taken from one.
    let error = #expect(throws: CommandError.self) { try ContextFile("set despite-refusals yes\n", path: "hq.apx") }
    #expect(error?.exitCode == .unusableInput && error?.message.contains("no context holds it") == true)
  }

  /// A clock that is set back hides none of them.
  @Test func thoseDatedAheadCount() async throws {
    let rig = try await CommandRig(agents: 1)
    _ = try await rig.run("list-mismatched")
    let (journal, now) = (try rig.journal(), rig.fleet.clock.date)
    for (ahead, count) in [(7_200.0, 1), (80_000, 2), (-2_000, 2)] {
      try journal.keep(refusalOf: "CONTOSO\\admin", at: now + ahead)
      #expect(try journal.refusals(of: "admin", at: now)?.count == count, "\(ahead)")
    }
  }

  @Test func afterHalfAnHourNothingIsSaid() async throws {
    let rig = try await spent()
    rig.fleet.clock.begin()
    await rig.fleet.clock.pass(.seconds(RecentRefusals.window + 1))
    rig.fleet.clock.end()
    let result = try await rig.run("check agent all")
    #expect(attempts(rig) == 4 && !result.said.contains("30 min"), "\(result.said)")
  }

  @Test func aPersonIsAskedOnce() async throws {
    let rig = try await spent()
    func gate(_ answers: [String?]) async throws -> (LogonGate, TestConsole) {
      var traits = ConsoleTraits()
      traits.isInteractive = true
      let console = TestConsole(traits: traits, answers: answers)
      let invocation = await rig.invocation(console)
      return (try await invocation.logonGate(invocation.place(), for: rig.fleet.connector), console)
    }
    for answer in ["no", "", nil] {
      let error = await #expect(throws: CommandError.self) { _ = try await gate([answer]) }
      #expect(error?.exitCode == .refused)
    }
    #expect(try await gate(["yes"]).1.questions == ["type yes to log on all the same, singly: "])
    #expect(try await gate([]).1.questions.isEmpty)
  }

  @Test func nothingOfThePasswordIsKept() async throws {
    let rig = try await spent()
    let journal = try rig.journal()
    let now = rig.fleet.clock.date
    #expect(try journal.refusals(of: rig.fleet.secrets.user, at: now)?.count == 3)
    for file in try FileManager.default.contentsOfDirectory(atPath: rig.folder + "/state") {
      let bytes = FileManager.default.contents(atPath: rig.folder + "/state/" + file) ?? Data()
      #expect(bytes.range(of: Data("mistyped".utf8)) == nil, "\(file)")
    }
  }

  @Test(arguments: [#"CONTOSO\Admin"#, "admin@contoso.local", #".\admin"#, "ADMIN"])
  func oneAccountIsSpelledInSeveralWays(name: String) { #expect(RecentRefusals.key(name) == "admin") }
}
