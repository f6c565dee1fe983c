import ApexOne
import Foundation
import Lab
import Testing

@testable import Commands
@testable import Runs

/// `report [N]`: the account of a run.
@Suite struct ReportTests {
  private func rows(_ result: CommandRig.Result, _ section: String) throws -> [[String: Any]] {
    try result.objects().filter { $0["section"] as? String == section }
  }

  @Test func countsCausesAndSharesAddUp() async throws {
    let rig = try await CommandRig(agents: 40, faults: try #require(FaultRecipe(named: "offline+full-disk")))
    _ = try await rig.run("transfer all --confirm 40 --max-failures 100%")
    let result = try await rig.run("report --format json")
    #expect(result.code == .success)
    #expect(try result.objects().allSatisfy { Set($0.keys) == Set(ReportRows.keys) })
    let outcomes = try rows(result, "outcome")
    #expect(outcomes.count == Outcome.allCases.count)
    #expect(outcomes.reduce(0) { $0 + ($1["agents"] as? Int ?? 0) } == 40)
    let results = try rig.journal().results(ofRun: 1)
    let universe = try Inventory(journal: rig.journal(), server: CommandRig.identity) { _ in [] }
    let causes = try rows(result, "cause")
    #expect(causes.count >= 2)
    for cause in causes {
      let text = try #require(cause["selection"] as? String)
      let names = try Selection(text).evaluate(in: universe).agents.map(\.name.text)
      let meant = results.filter { $0.causeLabel == cause["item"] as? String }.map(\.name)
      #expect(names == meant && !names.isEmpty, "\(text)")
      #expect(cause["agents"] as? Int == meant.count)
      #expect(cause["percent"] as? Double == Double(meant.count) * 2.5)
      #expect(try await rig.run("list agents '\(text)'").rows.map { $0[0] } == meant)
    }
    #expect(try rows(result, "next").compactMap { $0["item"] as? String } == ["retry 1", "escalate @failed:1"])
  }

  /// An agent whose certificate is right now leaves the next list, whatever else is wrong with it.
  @Test func whatARunLeftIsFoundWhenNoListHasItAnyMore() async throws {
    let rig = try await CommandRig(agents: 10, faults: try #require(FaultRecipe(named: "services-stay-down")))
    _ = try await rig.run("transfer all --confirm 10 --max-failures 100% --max-unprotected 100%")
    let failed = try rig.journal().results(ofRun: 1).filter { $0.outcome == .failed }.map(\.name)
    #expect(try await rig.run("list-mismatched").rows.isEmpty)
    let listed = try await rig.run("list agents @failed:1")
    #expect(!failed.isEmpty && listed.rows.map { $0[0] } == failed)
    #expect(listed.said.contains("not in the newest list, and known from a run"), "\(listed.said)")
    let again = try await rig.run("transfer @failed:1 --confirm \(failed.count)")
    #expect(again.code == .incomplete && again.rows.map { $0[1] } == failed, "\(again.said)")
    let check = try await rig.run("check agent '\(NameFolding.fold(failed.compactMap { AgentName($0) }))' --unlisted")
    #expect(check.rows.count == failed.count, "\(check.said)")
  }

  @Test func theSlowestAndTheWaves() async throws {
    let rig = try await CommandRig(agents: 30)
    _ = try await rig.run("transfer all --confirm 30")
    let result = try await rig.run("report 1 --format json")
    let slowest = try rows(result, "slowest").compactMap { $0["item"] as? String }
    let all = try rig.journal().results(ofRun: 1).sorted {
      ($1.seconds, $0.position) < ($0.seconds, $1.position)
    }
    #expect(slowest == all.prefix(10).map(\.name))
    let times = try rows(result, "timeline")
    let waves = times.filter { ($0["item"] as? String)?.hasPrefix("wave") == true }
    #expect(waves.compactMap { $0["agents"] as? Int } == [1, 20, 3, 6], "\(times)")
    #expect(times.first?["item"] as? String == "started" && times.contains { $0["item"] as? String == "per-minute" })
    #expect(try rows(result, "next").first?["item"] as? String == "verify 1")
  }

  @Test func aPersonSeesTheUnprotectedFirst() async throws {
    let rig = try await CommandRig(agents: 20, faults: try #require(FaultRecipe(named: "services-stay-down")))
    _ = try await rig.run("transfer all --confirm 20 --max-failures 100% --max-unprotected 100%")
    let unprotected = try rig.journal().results(ofRun: 1).filter { $0.protected == false }.compactMap {
      AgentName($0.name)
    }
    #expect(!unprotected.isEmpty)
    let text = try await rig.run("report 1", format: .table).output
    let fold = NameFolding.fold(unprotected)
    #expect(text.hasPrefix("UNPROTECTED, \(unprotected.count) of 20: \(fold)\n"), "\(text)")
    #expect(text.contains("\(unprotected.count) × failed: services-stopped, 10.0 %: \(fold)"), "\(text)")
    for title in ["CAUSES", "SLOWEST", "TIMELINE", "NEXT", "agents a minute", "check agent \(fold)", "retry 1"] {
      #expect(text.contains(title), "\(title): \(text)")
    }
    let first = try await rig.run("report 1 --format json").objects().first
    #expect(first?["section"] as? String == "unprotected" && first?["selection"] as? String == fold)
  }

  /// Two days lie between the legs of a run; waves that lie over one another are none to tell.
  @Test func timelinesCountWorkAndNotPauses() throws {
    let run = RunRecord(
      number: 1, server: "lab:", remedy: .transfer, state: .finished, digest: "", planned: 3, confirmed: "3",
      started: 0, ended: 200_000)
    let results = (0..<3).map {
      AgentResult(position: $0, name: "WS-\($0)", outcome: $0 == 0 ? .unreachable : .repaired, seconds: 30)
    }
    let (first, second) = (RunWave(number: 1, count: 2), RunWave(number: 2, count: 2))
    let waves = [0: first, 1: first, 2: second]
    let apart = RunTimeline(run, results, ends: [0: 30, 1: 60, 2: 180_000], waves: waves)
    #expect(apart.workingSeconds == 90 && apart.perMinute == 2)
    #expect(apart.waves.map(\.agents) == [2, 1])
    #expect(RunTimeline(run, results, ends: [0: 30, 1: 60, 2: 61], waves: waves).waves.isEmpty)
    #expect(RunTimeline(run, results, ends: [0: 30, 1: 60, 2: 180_000]).waves.isEmpty, "not known")
    let half = RunTimeline(
      run, results, ends: [0: 30, 1: 60, 2: 180_000], waves: [0: RunWave(number: 0, count: 2), 1: first, 2: second])
    #expect(half.waves.map(\.number) == [1, 2] && half.waves.map(\.agents) == [1, 1], "what was half done makes none")
  }

  @Test func runsThatAreNotThere() async throws {
    let rig = try await CommandRig(agents: 3)
    #expect(try await rig.run("report").code == .unusableInput)
    #expect(try await rig.run("report 9").code == .unusableInput)
  }

  @Test func smallSharesAreNotNothing() throws {
    let group = NameGroup(label: "failed", names: ["WS-1", "WS-2"].compactMap { AgentName($0) })
    #expect(group.line(share: "under 0.1 %") == "2 × failed, under 0.1 %: WS-[1-2]")
    #expect(group.line(limit: 5) == "2 × failed: WS-[…")
  }
}
