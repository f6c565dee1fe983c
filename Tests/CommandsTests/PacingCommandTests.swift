import ApexOne
import Lab
import Runs
import Testing

@testable import Commands

/// Options about the order and the pace of a run, as a person gives them.
@Suite struct PacingCommandTests {
  @Test func theCanaryOfASelectionGoesFirst() async throws {
    let rig = try await CommandRig(agents: 20)
    let result = try await rig.run("transfer all --canary WS-015,WS-009 --confirm 20 --format json")
    let names = try result.objects().compactMap { $0["agent"] as? String }
    #expect(result.code == .success && Set(names.prefix(2)) == ["WS-009", "WS-015"] && names.count == 20)
  }

  @Test func aCanaryOutsideThePlanIsRefused() async throws {
    let rig = try await CommandRig(agents: 20)
    let result = try await rig.run("transfer WS-001,WS-002 --canary WS-015 --confirm 2")
    #expect(result.code == .unusableInput)
    #expect(result.said.contains("--canary WS-015 holds no agent that the plan would repair"))
    #expect(try rig.journal().runs().isEmpty)
  }

  /// Whoever takes the place of an absent canary was not chosen to stop everything.
  @Test func retryKeepsTheCanariesThatItHolds() async throws {
    let rig = try await CommandRig(agents: 30, faults: FaultRecipe(.fullDisk))
    let bad = rig.fleet.names.filter { rig.fleet.fault(of: $0) == .fullDisk }
    let good = try #require(rig.fleet.names.first { !bad.contains($0) })
    _ = try await rig.run("transfer all --canary \(good) --confirm 30 --max-failures 100%")
    let again = try await rig.run("retry 1 --confirm 3 --max-failures 100% --parallel 1 --format json")
    let summary = try #require(try again.objects().last?["summary"] as? [String: Int])
    #expect(summary["failed"] == 3 && !again.said.contains("went first"), "\(summary) \(again.said)")
    let plan = try #require(try rig.journal().plan(ofRun: 2))
    #expect(plan.options.canaries == nil && plan.waveSizes == [1, 2])
    let shown = try await rig.run("show plan '\(try write(plan, rig))'")
    #expect(shown.code == .success && !shown.said.contains("first:"), "\(shown.said)")
  }

  @Test func aCanaryThatFailedGoesFirstAgain() async throws {
    let rig = try await CommandRig(agents: 30, faults: FaultRecipe(.fullDisk))
    let bad = rig.fleet.names.filter { rig.fleet.fault(of: $0) == .fullDisk }
    let good = try #require(rig.fleet.names.first { !bad.contains($0) })
    let stopped = try await rig.run("transfer all --canary \(good),\(bad[0]) --confirm 30 --max-failures 100%")
    #expect(stopped.said.contains("\(bad[0]), which went first"))
    #expect(try await rig.run("retry 1 --confirm 1").said.contains("run 2"))
    #expect(try rig.journal().plan(ofRun: 2)?.options.canaries == [bad[0]])
  }

  private func write(_ plan: Plan, _ rig: CommandRig) throws -> String {
    let path = rig.folder + "/retry.plan"
    try PlanFile.write(plan, to: path)
    return path
  }

  @Test func aSpentBudgetTellsEachCausesShare() async throws {
    let rig = try await CommandRig(agents: 60, faults: try #require(FaultRecipe(named: "no-rights")))
    let result = try await rig.run("transfer all --confirm 60 --max-failures 2 --parallel 1")
    #expect(result.code == .incomplete)
    #expect(result.said.contains("stopped: 2 agents failed, and max-failures is 2: 2 × access-denied (100 %)"))
    #expect(result.said.contains("rehearsal: a run at a fleet that behaves like this one would stop after"))
  }

  @Test func aRehearsalSaysHowLongItTakes() async throws {
    let rig = try await CommandRig(agents: 40)
    let result = try await rig.run("transfer all --confirm 40 --wave-pause 2h")
    #expect(result.code == .success)
    #expect(result.said.contains("rehearsal: a fleet that behaves like this one would take 6 h"), "\(result.said)")
  }

  @Test func keepTryingRepairsWhatWakesUp() async throws {
    let rig = try await CommandRig(agents: 40, faults: try #require(FaultRecipe(named: "asleep")))
    #expect(try await rig.run("transfer all --confirm 40").code == .incomplete)
    let later = try await CommandRig(agents: 40, faults: try #require(FaultRecipe(named: "asleep")))
    #expect(try await later.run("transfer all --confirm 40 --keep-trying 2d").code == .success)
    let short = try await CommandRig(agents: 40, faults: try #require(FaultRecipe(named: "asleep")))
    let over = try await short.run("transfer all --confirm 40 --keep-trying 5m")
    #expect(over.code == .incomplete && over.said.contains("what is still unreachable is tried again by: resume 1"))
    #expect(try await short.run("resume 1 --keep-trying 2d").code == .success)
  }

  @Test(arguments: ["--wave-pause x", "--keep-trying never", "--canary"])
  func malformedOptionsAreNamed(options: String) async throws {
    let rig = try await CommandRig(agents: 3)
    let result = try await rig.run("transfer all --confirm 3 \(options)")
    #expect(result.code == .misuse && result.said.contains(options.split(separator: " ")[0].dropFirst(2)))
  }

  @Test func settingsOfTheSameNameHold() async throws {
    let rig = try await CommandRig(agents: 30)
    _ = try await rig.run("set wave-pause 1h")
    #expect(try await rig.run("transfer all --confirm 30").said.contains("would take 3 h"))
  }
}
