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

  @Test func aPlanWithoutAListHasNoAge() async throws {
    let rig = try await CommandRig(agents: 3)
    let path = try await plan(rig, "transfer WS-001 --unlisted")
    try await rig.pass(days: 8)
    #expect(try await rig.run("apply '\(path)' --confirm 1").code == .success)
  }
}
