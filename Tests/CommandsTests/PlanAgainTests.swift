import ApexOne
import Foundation
import Lab
import Remote
import Runs
import Synchronization
import Testing

@testable import Commands

/// Plans that are made again: from a file, after a run broke off, and for what failed.
@Suite struct PlanAgainTests {
  private func planned(_ rig: CommandRig, _ line: String) async throws -> (path: String, digest: String) {
    let path = rig.folder + "/a plan.json"
    let result = try await rig.run("\(line) --dry-run --plan-out '\(path)' --format json")
    #expect(result.code == .success, "\(result.said)")
    return (path, try #require(try result.objects().last?["plan"] as? String))
  }

  // MARK: apply

  @Test func aPlanIsWrittenShownAndCarriedOut() async throws {
    let rig = try await CommandRig(agents: 5)
    let (path, digest) = try await planned(rig, "transfer all")
    let shown = try await rig.run("show plan '\(path)' --format json")
    #expect(try shown.objects().count == 6 && shown.output.contains(digest))
    #expect(shown.said.contains("IpXfer_x64.exe"))
    #expect(!(try String(contentsOfFile: path, encoding: .utf8)).contains("P@ss"))
    let applied = try await rig.run("apply '\(path)' --confirm \(digest)")
    #expect(applied.code == .success, "\(applied.said)")
    #expect(try rig.journal().run(1)?.digest == digest)
  }

  @Test func applyAsksAsTransferDoes() async throws {
    let rig = try await CommandRig(agents: 3)
    let (path, _) = try await planned(rig, "transfer all")
    for line in ["apply '\(path)'", "apply '\(path)' --confirm 4"] {
      #expect(try await rig.run(line).code == .refused)
    }
    #expect(try rig.journal().runs().isEmpty)
  }

  @Test func whatRunsDidSinceMakesAPlanStale() async throws {
    let rig = try await CommandRig(agents: 5)
    let (path, _) = try await planned(rig, "transfer all")
    #expect(try await rig.run("transfer WS-002 --confirm 1").code == .success)
    let applied = try await rig.run("apply '\(path)' --confirm 5")
    #expect(applied.code == .refused)
    #expect(applied.said.contains("WS-002 (run 1: repaired)"), "\(applied.said)")
  }

  @Test func anotherCertificateOrToolMakesAPlanStale() async throws {
    let changes = Mutex([String: AlteredHost.Change]())
    let older = try LabFleet(agents: 1).olderCertificate
    let rig = try await CommandRig(agents: 5, server: { host in AlteredHost(host, changes.withLock { $0 }) })
    let (path, _) = try await planned(rig, "transfer all")
    changes.withLock { $0 = ["common\\ofcntcer.dat": .bytes(older)] }
    let certificate = try await rig.run("apply '\(path)' --confirm 5")
    #expect(certificate.code == .refused && certificate.said.contains("the certificate to deploy was serial"))
    changes.withLock { $0 = ["libcurl.dll": .bytes([1, 2, 3])] }
    let tool = try await rig.run("apply '\(path)' --confirm 5")
    #expect(tool.code == .refused && tool.said.contains("libcurl.dll is another file"), "\(tool.said)")
    changes.withLock { $0 = [:] }
    #expect(try await rig.run("apply '\(path)' --confirm 5").code == .success)
  }

  @Test func aFileThatIsNoPlanIsRefused() async throws {
    let rig = try await CommandRig(agents: 3)
    let (path, _) = try await planned(rig, "transfer all")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let broken = [
      ("{}", "not a plan"), ("", "not a plan"), (String(text.dropLast(200)), "not a plan"),
      (text.replacingOccurrences(of: "WS-002", with: "WS-999"), "not the one that was written"),
      (text.replacingOccurrences(of: "\"apexsh_plan\" : 1", with: "\"apexsh_plan\" : 2"), "form 2"),
    ]
    for (content, meant) in broken {
      try content.write(toFile: path, atomically: false, encoding: .utf8)
      for command in ["show plan", "apply"] {
        let result = try await rig.run("\(command) '\(path)'")
        #expect(result.code == .unusableInput && result.said.contains(meant), "\(command): \(result.said)")
      }
    }
    #expect(try await rig.run("show plan /nowhere/x.plan").code == .unusableInput)
  }

  // MARK: resume and retry

  @Test func aRunThatABudgetStoppedIsCarriedOn() async throws {
    let rig = try await CommandRig(agents: 30, faults: FaultRecipe(.fullDisk))
    let first = try await rig.run("transfer all --confirm 30 --parallel 1 --max-failures 1 --format json")
    let stopped = try #require(try first.objects().last?["summary"] as? [String: Int])
    #expect(first.code == .incomplete && stopped["failed"] == 1)
    #expect(try #require(stopped["not-attempted"]) > 0 && first.said.contains("to carry it on: resume 1"))
    let second = try await rig.run("resume 1 --max-failures 100% --parallel 8 --format json")
    let whole = try #require(try second.objects().last?["summary"] as? [String: Int])
    #expect(whole["repaired"] == 27 && whole["failed"] == 3 && whole["planned"] == 30, "\(whole)")
    #expect(second.code == .incomplete)
    let names = try second.objects().compactMap { $0["agent"] as? String }
    #expect(names.count == stopped["not-attempted"], "only what was left is worked on")
    let third = try await rig.run("resume 1")
    #expect(third.code == .incomplete && third.said.contains("retry 1"), "the code is that of the run's counts")
    for name in rig.fleet.names { #expect(rig.fleet.toolRuns(of: name) <= 1) }
  }

  @Test func whatFailedIsTriedAgainInANewRun() async throws {
    let rig = try await CommandRig(agents: 30, faults: FaultRecipe(.fullDisk))
    _ = try await rig.run("transfer all --confirm 30 --max-failures 100%")
    let planned = try await rig.run("retry 1 --dry-run --format json")
    #expect(try planned.objects().last?["planned"] as? Int == 3)
    #expect(try await rig.run("retry 1").code == .refused, "it asks for the count")
    let one = try #require(try planned.objects().first?["agent"] as? String)
    #expect(try await rig.run("retry 1 \(one) --confirm 1").code == .incomplete)
    #expect(try rig.journal().run(2)?.parent == 1)
    #expect(try await rig.run("retry 1 @repaired:1").said.contains("nothing to do"))
  }

  @Test func onlyARunOfThisServerThatIsNotUnderWay() async throws {
    let rig = try await CommandRig(agents: 3)
    for line in ["resume 9", "retry 9"] { #expect(try await rig.run(line).code == .unusableInput) }
    _ = try await rig.run("transfer all --confirm 3")
    let journal = try rig.journal()
    var plan = try #require(try journal.plan(ofRun: 1))
    plan.agents = [PlannedAgent(name: "WS-001")]
    let under = try journal.beginRun(plan, confirmed: "1", parent: nil, at: 0)
    let resumed = try await rig.run("resume \(under)")
    #expect(resumed.code == .refused && resumed.said.contains("goes on behind this prompt"))
    let transfer = try await rig.run("transfer all --force --dry-run")
    #expect(transfer.output.contains("busy: run \(under) is under way"), "\(transfer.output)")
    plan.server = "lab:another"
    let other = try journal.beginRun(plan, confirmed: "1", parent: nil, at: 0)
    let foreign = try await rig.run("resume \(other)")
    #expect(foreign.code == .unusableInput && foreign.said.contains("another server"))
  }
}
