import ApexOne
import Foundation
import Lab
import Remote
import Runs
import Synchronization
import Testing

@testable import Commands

/// `resume` of runs that have nothing left, and of runs that it must not carry on.
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

  // MARK: refused before anything is looked at

  /// What the last leg had executed at may be stopped: a refusal doesn't leave it unsaid.
  @Test func aChangedToolLeavesNobodyInFlightUnsaid() async throws {
    let changes = Mutex([String: AlteredHost.Change]())
    let rig = try await CommandRig(agents: 6, server: { host in AlteredHost(host, changes.withLock { $0 }) })
    let run = try await rig.brokenRun(executing: 3, staging: 1)
    changes.withLock { $0 = ["ipxfer_x64.exe": .bytes([1, 2, 3])] }
    let resumed = try await rig.run("resume \(run)")
    #expect(resumed.code == .refused && resumed.said.contains("IpXfer_x64.exe is another file"))
    #expect(resumed.said.contains("3 ENDPOINTS MAY BE UNPROTECTED: WS-[001-003]"), "\(resumed.said)")
    #expect(try await rig.run("show run \(run)").said.contains("MAY BE UNPROTECTED: WS-[001-003]"))
    let report = try await rig.run("report \(run)", format: .table).output
    #expect(
      report.contains("MAY BE UNPROTECTED, 3 of") && report.contains("resume \(run) looks there first"), "\(report)")
    #expect(resumed.said.contains("check agent WS-[001-003] --unlisted"))
    #expect(resumed.said.contains("transfer WS-[001-003] --unlisted"))
    let checked = try await rig.run("check agent WS-[001-003] --unlisted")
    #expect(checked.code == .success && checked.rows.map { $0[0] } == ["WS-001", "WS-002", "WS-003"])
    changes.withLock { $0 = [:] }
    #expect(!(try await rig.run("resume \(run)")).said.contains("MAY BE"))
  }

  @Test func aServerThatCanNotBeReadLeavesNobodyInFlightUnsaid() async throws {
    let isAway = Mutex(false)
    let rig = try await CommandRig(agents: 3) { host in
      if isAway.withLock({ $0 }) { throw RemoteError(.unreachable, "apexone: no way") }
      return host
    }
    let run = try await rig.brokenRun(executing: 1)
    isAway.withLock { $0 = true }
    let resumed = try await rig.run("resume \(run)")
    #expect(resumed.code == .serverUnavailable && resumed.said.contains("no way"))
    #expect(resumed.said.contains("1 ENDPOINT MAY BE UNPROTECTED: WS-001"), "\(resumed.said)")
  }
}
