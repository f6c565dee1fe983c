import ApexOne
import Lab
import Testing

@testable import Runs

@Suite struct TransferRunTests {
  @Test func aHealthyFleetIsRepairedAndProved() async throws {
    let rig = try EngineRig(agents: 60)
    let outcome = try await rig.transfer()
    #expect(outcome.end.exitCode == 0)
    #expect(outcome.end.tally[.repaired] == 60)
    #expect(outcome.results.allSatisfy { $0.outcome == .repaired && $0.protected == true && $0.attempts == 1 })
    #expect(try rig.journal.run(outcome.run)?.state == .finished)
  }

  @Test func intentsComeBeforeResults() async throws {
    let rig = try EngineRig(agents: 3)
    let outcome = try await rig.transfer()
    let steps = try rig.journal.events(ofRun: outcome.run, position: 1).map { ($0.isIntent ? "+" : "-") + $0.word }
    #expect(steps == ["+look", "-looked", "+stage", "-staged", "+execute", "-executed", "-cleaned", "-ended"])
  }
}
