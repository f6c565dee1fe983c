import ApexOne
import Foundation
import Lab
import Remote
import Synchronization
import Testing

@testable import Commands
@testable import Runs

/// Runs behind the prompt, and the commands that hold their reins.
@Suite struct BackgroundTests {
  private static let agents = 500

  /// A run of many agents that is under way.
  private func started(_ rig: CommandRig, _ options: String = "") async throws -> BackgroundRun {
    let begun = try await rig.run("transfer all --confirm \(Self.agents) \(options) &")
    #expect(begun.code == .success && begun.said.contains("run 1 goes on behind the prompt"))
    return try #require(begun.run)
  }

  private func wait(_ what: String, _ condition: () -> Bool) async throws {
    for _ in 0..<3_000 where !condition() { try await Task.sleep(for: .milliseconds(10)) }
    #expect(condition(), "never: \(what)")
  }

  @Test func aRunGoesOnWhileTheSessionDoesOtherThings() async throws {
    let rig = try await CommandRig(agents: Self.agents)
    let run = try await started(rig)
    #expect(run.code == nil)
    #expect(try await rig.run("show agent WS-001").code == .success)
    #expect(try await rig.run("jobs").rows.first?.prefix(3) == ["1", "running", "transfer"])
    #expect(try await rig.run("wait 1").code == .success)
    #expect(run.code == .success && run.tally[.repaired] == Self.agents)
    let none = try await rig.run("jobs")
    #expect(none.code == .success && none.said.contains("nothing goes on behind the prompt"))
  }

  @Test func itSaysWhatItHasToSayWhileItGoesOn() async throws {
    let rig = try await CommandRig(agents: 40, faults: try #require(FaultRecipe(named: "services-stay-down")))
    let begun = try await rig.run("transfer all --confirm 40 --max-unprotected 100% --max-failures 100% &")
    _ = try await rig.run("wait")
    #expect(begun.said.contains("run 1: wave 1 of 4 is over"))
    #expect(begun.said.contains("IS UNPROTECTED") && begun.said.contains("ENDPOINTS ARE UNPROTECTED"))
    #expect(begun.said.contains("of 40 planned, in"))
  }

  @Test func aPausedRunStartsNothingUntilItContinues() async throws {
    let rig = try await CommandRig(agents: Self.agents)
    let run = try await started(rig)
    #expect(try await rig.run("pause 1").said.contains("run 1 is paused"))
    try await wait("all under way ended") { run.tally.inFlight == 0 }
    let done = run.tally.done
    #expect(done < Self.agents && run.condition == .paused)
    // An hour of the lab's time: whatever is due in it happens.
    try await rig.fleet.clock.living { try await rig.fleet.clock.sleep(for: .seconds(3_600)) }
    #expect(run.tally.done == done && run.code == nil)
    #expect(try await rig.run("throttle 1 7").said.contains("7 at a time"))
    #expect(try await rig.run("jobs", format: .json).objects().first?["parallel"] as? Int == 7)
    #expect(try await rig.run("continue 1").said.contains("run 1 goes on"))
    #expect(try await rig.run("wait").code == .success)
    #expect(run.tally[.repaired] == Self.agents)
  }

  @Test func stopEndsInGoodOrderAndResumeCarriesOnBehindThePrompt() async throws {
    let rig = try await CommandRig(agents: Self.agents)
    let run = try await started(rig)
    #expect(try await rig.run("stop 1").said.contains("run 1: no more agents are started"))
    #expect(try await rig.run("wait 1").code == .interrupted)
    #expect(run.tally.done < Self.agents && run.tally.done == run.tally[.repaired])
    let resumed = try await rig.run("resume 1 &")
    #expect(resumed.run?.number == 1 && resumed.run?.tally.earlier == run.tally[.repaired])
    #expect(try await rig.run("wait 1").code == .success)
  }

  @Test func aPausedRunCanBeStopped() async throws {
    let rig = try await CommandRig(agents: Self.agents)
    let run = try await started(rig)
    _ = try await rig.run("pause 1")
    _ = try await rig.run("stop 1")
    #expect(try await rig.run("wait 1").code == .interrupted)
    #expect(run.condition == .ended)
  }

  @Test func waitGivesEachCodeOnce() async throws {
    let rig = try await CommandRig(agents: 60, faults: try #require(FaultRecipe(named: "no-rights")))
    _ = try await rig.run("transfer WS-[001-030] --confirm 30 --max-failures 100% &")
    _ = try await rig.run("transfer WS-[031-060] --confirm 30 --max-failures 100% &")
    #expect(try await rig.run("wait").code == .incomplete)
    #expect(try await rig.run("wait").code == .success)
    #expect(try await rig.run("wait 1").code == .incomplete)
  }

  @Test func twoRunsNeverHoldOneAgent() async throws {
    let rig = try await CommandRig(agents: Self.agents)
    _ = try await started(rig)
    let second = try await rig.run("transfer WS-500 --confirm 1")
    #expect(second.code == .refused && second.output.contains("run 1"))
    _ = try await rig.run("stop 1")
    _ = try await rig.run("wait")
  }

  @Test func aRunThatGoesOnNowhereIsNamed() async throws {
    let rig = try await CommandRig(agents: 3)
    for line in ["pause 9", "continue 9", "throttle 9 4", "stop 9", "watch 9", "wait 9"] {
      let result = try await rig.run(line)
      #expect(result.code == .unusableInput && result.said.contains("run 9"), "\(line): \(result.said)")
    }
    _ = try await rig.run("transfer all --confirm 3")
    let over = try await rig.run("pause 1")
    #expect(
      over.code == .unusableInput
        && over.said.contains("does not go on behind this prompt (finished); see: jobs, report 1"))
    #expect(try await rig.run("throttle 1 0").code == .misuse)
  }

  @Test func aRunOfAnotherProcessCanBeWatchedAndNotHeld() async throws {
    let rig = try await CommandRig(agents: 3)
    _ = try await rig.run("transfer all --confirm 3")
    // Another journal object stands for another process: it holds the run's lock through a descriptor of its own.
    let other = try Journal(path: rig.folder + "/state/lab.sqlite")
    let plan = try #require(try other.plan(ofRun: 1))
    let number = try other.beginRun(plan, confirmed: "3", parent: nil, at: 0)
    let held = try await rig.run("pause \(number)")
    #expect(held.code == .unusableInput && held.said.contains("carried by another apexsh"))
    let watched = try await rig.run("watch \(number)").output
    #expect(watched.contains("run \(number): transfer, running, 32 at a time"), "no agent has begun: no wave")
    #expect(watched.contains("stops at 3 failed, over 20% of a wave or 1 unprotected"))
    other.post(wave: RunWave(number: 2, count: 7), isContinued: false, run: number)
    other.post(begun: 0, in: RunWave(number: 2, count: 7), run: number, at: 0)
    try await other.intend(.stage(folder: nil), run: number, position: 0, at: 0)
    #expect(try await rig.run("watch \(number)").output.contains("run \(number): transfer, running, wave 2 of 7"))
    try await other.endRun(number, state: .finished, why: nil, cause: nil, at: 1)
    other.disown(number)
    #expect(try await rig.run("wait \(number)").code == .incomplete)
    let dead = try other.beginRun(plan, confirmed: "3", parent: nil, at: 0)
    other.disown(dead)
    let broken = try await rig.run("wait \(dead)")
    #expect(broken.code == .incomplete && broken.said.contains("to carry it on: resume \(dead)"))
  }

  @Test func aSessionThatMovedOnFindsItsRuns() async throws {
    let rig = try await CommandRig(agents: Self.agents)
    let run = try await started(rig)
    await rig.state.unset(.server)
    #expect(try await rig.run("watch 1").output.contains("run 1: transfer, running"))
    #expect(try await rig.run("stop 1").code == .success)
    #expect(try await rig.run("wait 1").code == .interrupted)
    #expect(try await rig.run("pause 1").said.contains("run 1 has ended"))
    #expect(run.condition == .ended)
  }

  @Test func aTaskThatWasCancelledWaitsForTheEndAllTheSame() async throws {
    let rig = try await CommandRig(agents: Self.agents)
    let run = try await started(rig)
    _ = try await rig.run("pause 1")
    try await wait("all under way ended") { run.tally.inFlight == 0 }
    let isWaiting = Mutex(false)
    // Who is let go before the run has ended finds no code of it.
    let waiter = Task {
      while !Task.isCancelled { await Task.yield() }
      isWaiting.withLock { $0 = true }
      await run.ended()
      return run.code
    }
    waiter.cancel()
    try await wait("the waiter waits") { isWaiting.withLock { $0 } }
    #expect(run.code == nil)
    _ = try await rig.run("stop 1")
    #expect(await waiter.value == .interrupted)
    // Whoever comes late is not kept.
    await run.ended()
  }

  @Test func progressOfSeveralRunsCountsWhatEarlierLegsHadEnded() {
    var (resumed, fresh) = (RunTally(planned: 100), RunTally(planned: 20))
    resumed.counts = [.repaired: 60]
    (resumed.earlier, resumed.seconds) = (50, 10)
    fresh.counts = [.repaired: 5]
    let both = ProgressSnapshot("runs", of: [resumed, fresh])
    #expect((both.done, both.total, both.earlier) == (65, 120, 50) && both.elapsed == .seconds(10))
    #expect(both.detail == nil && ProgressSnapshot("run", of: [resumed]).detail != nil)
  }

  @Test func anInterruptSaysWhatItWillDo() throws {
    let controls = RunControls()
    #expect(InterruptText.of(1, controls).hasPrefix("no more agents are started"))
    #expect(InterruptText.of(2, controls).hasPrefix("cutting what has executed nothing yet"))
    #expect(InterruptText.of(3, controls) == "cutting everything; no endpoint is between its tool and running services")
    for number in [3, 1, 2, 7] { controls.executing(number, "WS-00\(number)") }
    controls.seen(7)
    #expect(InterruptText.of(3, controls) == "cutting everything: 3 × may be left unprotected: WS-[001-003]")
  }

  @Test func watchShowsSlowestAndLastFailures() async throws {
    let rig = try await CommandRig(agents: 40, faults: try #require(FaultRecipe(named: "no-rights")))
    _ = try await rig.run("transfer all --confirm 40 --max-failures 100% &")
    _ = try await rig.run("wait")
    let view = try await rig.run("watch 1").output
    #expect(view.contains("40 of 40 done (100.0 %)") && view.contains("slowest"))
    #expect(view.contains("last failures") && view.contains("denied: access-denied"))
  }
}
