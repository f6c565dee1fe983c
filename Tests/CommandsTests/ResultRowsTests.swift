import Foundation
import Lab
import Runs
import Testing

@testable import Commands

/// A leg of a run gives one object for each agent that was left to it, however it ends.
@Suite struct ResultRowsTests {
  private func expectOneEach(_ result: CommandRig.Result, _ names: [String]) throws {
    let agents = try result.objects().compactMap { $0["agent"] as? String }
    #expect(agents.sorted() == names.sorted(), "\(result.output)")
    let summary = try #require(try result.objects().last?["summary"] as? [String: Int])
    for (outcome, count) in summary where outcome != "planned" {
      #expect(try result.objects().count { $0["outcome"] as? String == outcome } == count, "\(outcome): \(summary)")
    }
  }

  @Test func thoseThatWaitedForTheFirstLogonAreWrittenOnce() async throws {
    let rig = try await CommandRig(agents: 12, faults: .logonRefused)
    let result = try await rig.run("transfer all --waves 100% --confirm 12 --format json")
    #expect(result.code == .incomplete && result.said.contains("set password"))
    try expectOneEach(result, rig.fleet.names)
  }

  @Test func thoseThatAStoppedResumeLeftInFlightAreWritten() async throws {
    let rig = try await CommandRig(agents: 6, faults: .logonRefused)
    let run = try await rig.brokenRun(executing: 4)
    let result = try await rig.run("resume \(run) --parallel 1 --format json")
    let summary = try #require(try result.objects().last?["summary"] as? [String: Int])
    #expect(summary["unknown"] == 4 && summary["not-attempted"] == 2, "\(summary)")
    try expectOneEach(result, rig.fleet.names)
  }

  @Test func theRefusedAndTheStoppedAreWrittenOnce() async throws {
    let rig = try await CommandRig(agents: 30, faults: FaultRecipe(.otherServer))
    let plain = try await rig.run("transfer all --confirm 30 --format json")
    try expectOneEach(plain, rig.fleet.names)
    let broken = try await CommandRig(agents: 30, faults: FaultRecipe(.fullDisk))
    let stopped = try await broken.run("transfer all --confirm 30 --max-failures 1 --format json")
    try expectOneEach(stopped, broken.fleet.names)
  }
}
