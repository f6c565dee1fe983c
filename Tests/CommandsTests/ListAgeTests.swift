import Foundation
import Lab
import Runs
import Testing

@testable import Commands

/// A list that is over seven days old is no ground for a repair, whichever command stands on it.
@Suite struct ListAgeTests {
  private func plan(_ rig: CommandRig, _ line: String) async throws -> String {
    let path = rig.folder + "/a plan.json"
    #expect(try await rig.run("\(line) --dry-run --plan-out '\(path)'").code == .success)
    return path
  }

  private func expectRefusal(_ result: CommandRig.Result, _ words: String = "8 d old") {
    #expect(result.code == .refused && result.output.isEmpty, "\(result.output)")
    #expect(result.said.contains(words) && result.said.contains("--old-list"), "\(result.said)")
  }

  @Test func transferRefusesAnOldList() async throws {
    let rig = try await CommandRig(agents: 3)
    _ = try await rig.run("list-mismatched")
    try await rig.pass(days: 8)
    expectRefusal(try await rig.run("transfer all --confirm 3"))
    #expect(try await rig.run("transfer all --confirm 3 --old-list").code == .success)
  }

  @Test func applyRefusesAPlanOfAnOldList() async throws {
    let rig = try await CommandRig(agents: 3)
    let path = try await plan(rig, "transfer all")
    try await rig.pass(days: 8)
    expectRefusal(try await rig.run("apply '\(path)' --confirm 3"))
    #expect(try rig.journal().runs().isEmpty)
    // It is the plan's list that counts, not the newest.
    _ = try await rig.run("list-mismatched")
    expectRefusal(try await rig.run("apply '\(path)' --confirm 3"))
    let asked = try await rig.run("apply '\(path)' --old-list")
    #expect(asked.code == .refused && asked.said.contains("list of 8 d ago"), "its age is shown: \(asked.said)")
    #expect(try await rig.run("apply '\(path)' --confirm 3 --old-list").code == .success)
  }

  @Test func retryRefusesARunOfAnOldListAndResumeKeepsItsConfirmation() async throws {
    let rig = try await CommandRig(agents: 30, faults: FaultRecipe(.fullDisk))
    _ = try await rig.run("transfer all --confirm 30 --max-failures 1 --parallel 1")
    try await rig.pass(days: 8)
    #expect(try await rig.run("resume 1 --max-failures 100%").said.contains("run 1 goes on"))
    expectRefusal(try await rig.run("retry 1 --dry-run"))
    expectRefusal(try await rig.run("retry 1 --confirm 3"))
    let planned = try await rig.run("retry 1 --dry-run --old-list --format json")
    #expect(try planned.objects().last?["planned"] as? Int == 3, "\(planned.said)")
    #expect(try await rig.run("retry 1 --old-list --confirm 3").said.contains("run 2"))
  }

  /// A list that the clock's past says was made in the future, as after a clock was set right.
  private func ahead(_ rig: CommandRig, hours: Double) async throws {
    let list = try #require(try rig.journal().lists(server: CommandRig.identity).first)
    try rig.journal().keepList(
      server: CommandRig.identity, bytes: try rig.journal().bytes(ofList: list.number), source: "x", hostColumn: nil,
      agents: list.agents, at: list.at + hours * 3_600)
  }

  @Test func aListFromTheFutureIsOfUnknownAge() async throws {
    let rig = try await CommandRig(agents: 3)
    _ = try await rig.run("list-mismatched")
    try await ahead(rig, hours: 2)
    let words = "ahead of this clock"
    for look in ["list agents", "list-mismatched --cached", "show agent WS-001", "connect"] {
      let end = try await rig.run(look)
      #expect(end.code == .success, "\(end.said)")
      #expect((end.said + end.output).contains("ahead of this clock, so of unknown age"), "\(look): \(end.said)")
    }
    expectRefusal(try await rig.run("transfer all --confirm 3"), words)
    expectRefusal(try await rig.run("transfer all --dry-run"), words)
    let path = rig.folder + "/a plan.json"
    #expect(try await rig.run("transfer all --dry-run --old-list --plan-out '\(path)'").code == .success)
    expectRefusal(try await rig.run("apply '\(path)' --confirm 3"), words)
    let asked = try await rig.run("apply '\(path)' --old-list")
    #expect(asked.code == .refused && asked.said.contains("so of unknown age"), "\(asked.said)")
    #expect(try await rig.run("apply '\(path)' --confirm 3 --old-list").code == .success)
    #expect(try rig.journal().runs().count == 1)
    // Its time comes.
    try await rig.pass(days: 1)
    #expect(try await rig.run("transfer all --confirm 3").code != .refused)
  }

  /// An edited plan or journal may hold any number: it ends no process.
  @Test(arguments: [1e308, -1e308, .infinity, -.infinity])
  func aDateThatCanNotBeIsOfUnknownAge(date: Double) async throws {
    let rig = try await CommandRig(agents: 3)
    _ = try await rig.run("list-mismatched")
    let list = try #require(try rig.journal().lists(server: CommandRig.identity).first)
    let bytes = try rig.journal().bytes(ofList: list.number)
    try rig.journal().keepList(
      server: CommandRig.identity, bytes: bytes, source: "x", hostColumn: nil, agents: list.agents, at: date)
    for look in ["list agents", "list-mismatched --cached", "show agent WS-001", "connect"] {
      let end = try await rig.run(look)
      #expect(end.code == .success && (end.said + end.output).contains("so of unknown age"), "\(look): \(end.said)")
    }
    expectRefusal(try await rig.run("transfer all --dry-run"), "its age is not known")
    #expect(TimeText.age(date).hasSuffix(" s") || TimeText.age(date).hasSuffix(" d"))
    #expect(TimeText.rfc3339(date).hasSuffix("Z") && !TimeText.date(.nan).isEmpty && TimeText.age(.nan) == "0 s")
  }

  @Test(arguments: [("\"listTaken\" : 1e308", "its age is not known"), ("", "does not say when its list was taken")])
  func aPlanOfAListWithoutADateIsOfUnknownAge(line: String, words: String) async throws {
    let rig = try await CommandRig(agents: 3)
    let path = try await plan(rig, "transfer all")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let edited = text.replacing(#/"listTaken" : [0-9.]+(,?)/#) { line.isEmpty ? "" : line + $0.1 }
    #expect(edited != text)
    try edited.write(toFile: path, atomically: true, encoding: .utf8)
    expectRefusal(try await rig.run("apply '\(path)' --confirm 3"), words)
    #expect(try await rig.run("apply '\(path)' --confirm 3 --old-list").code == .success)
  }

  @Test func clocksMayDifferALittle() async throws {
    #expect(!ListAge(of: 1_000, at: 900).isOld && ListAge(of: 1_000, at: 900).text == "of 0 s ago")
    #expect(ListAge(of: 1_000, at: 600).isUnknown && ListAge(of: .nan, at: 600).isOld)
    #expect(ListAge(of: 0, at: 7 * 86_400).isOld == false && ListAge(of: 0, at: 7 * 86_400 + 1).isOld)
  }

  @Test func aPlanWithoutAListHasNoAge() async throws {
    let rig = try await CommandRig(agents: 3)
    let path = try await plan(rig, "transfer WS-001 --unlisted")
    try await rig.pass(days: 8)
    #expect(try await rig.run("apply '\(path)' --confirm 1").code == .success)
  }
}
