import ApexOne
import Foundation
import Lab
import Remote
import Runs
import Testing

@testable import Commands

/// `resume` of runs that have nothing left.
@Suite struct ResumeTests {
  /// A run whose process died behind the last outcome: all agents have theirs, the run has no end.
  private func unendedRun(_ rig: CommandRig, _ outcomes: [(Outcome, Bool?)]) async throws -> Int {
    let run = try await rig.brokenRun(executing: 0)
    let journal = try rig.journal()
    for (position, (outcome, protected)) in outcomes.enumerated() {
      await withCheckedContinuation { durable in
        journal.record(
          AgentResult(
            position: position, name: rig.fleet.names[position], outcome: outcome, protected: protected, seconds: 9),
          run: run, at: rig.fleet.clock.date
        ) { _ in durable.resume() }
      }
    }
    #expect(try journal.run(run)?.state == .interrupted)
    return run
  }

  @Test func aRunWithoutAnEndIsEndedAndAccountedFor() async throws {
    let rig = try await CommandRig(agents: 4)
    let run = try await unendedRun(rig, [(.repaired, true), (.failed, false), (.failed, true), (.repaired, true)])
    let resumed = try await rig.run("resume \(run) --format json")
    #expect(resumed.code == .incomplete, "not every agent is repaired")
    #expect(resumed.said.contains("all its agents had ended") && resumed.said.contains("2 repaired, 2 failed"))
    #expect(resumed.said.contains("1 ENDPOINT IS UNPROTECTED: WS-002"), "\(resumed.said)")
    #expect(resumed.said.contains("retry \(run)"))
    let summary = try #require(try resumed.objects().last?["summary"] as? [String: Int])
    #expect(summary["failed"] == 2 && summary["planned"] == 4 && summary["not-attempted"] == 0)
    let record = try #require(try rig.journal().run(run))
    #expect(record.state == .finished && record.ended == rig.fleet.clock.date && record.why == nil)
    let again = try await rig.run("resume \(run)")
    #expect(again.code == .incomplete && again.said.contains("has nothing left to carry on"))
  }

  @Test func aRunWithoutAnEndWhoseAgentsAreRepairedIsASuccess() async throws {
    let rig = try await CommandRig(agents: 2)
    let run = try await unendedRun(rig, [(.repaired, true), (.alreadyMatching, true)])
    let resumed = try await rig.run("resume \(run)")
    #expect(resumed.code == .success && !resumed.said.contains("retry"), "\(resumed.said)")
    #expect(try rig.journal().run(run)?.state == .finished)
  }
}
