import ApexOne
import Foundation
import Lab
import Remote
import Runs
import Testing

@testable import Commands

/// Endpoints that are not known to be well stay in view when they leave the list, and the newest look is what is told.
@Suite struct EndangeredTests {
  /// A run that leaves services down, and a newer list that does not hold those any more.
  private func rig() async throws -> (CommandRig, down: String) {
    let rig = try await CommandRig(agents: 10, faults: FaultRecipe(.servicesStayDown))
    let down = try #require(rig.fleet.names.first { rig.fleet.fault(of: $0) == .servicesStayDown })
    let run = try await rig.run("transfer all --confirm 10 --max-failures 100% --max-unprotected 100%")
    #expect(run.said.contains("UNPROTECTED now, 1: \(down)"), "\(run.said)")
    let listed = try await rig.run("list-mismatched")
    #expect(!listed.rows.contains { $0[0] == down }, "the server's list holds it no more")
    return (rig, down)
  }

  @Test func theyStayKnownWhenTheyLeaveTheList() async throws {
    let (rig, down) = try await rig()
    let list = try await rig.run("list agents")
    let row = try #require(list.rows.first { $0[0] == down })
    #expect(row[4] == "unprotected" && list.said.contains("UNPROTECTED now, 1: \(down)"), "\(list)")
    for line in ["list agents @unprotected", "list agents \(down)", "list agents '\(down.prefix(4))*&@unprotected'"] {
      #expect(try await rig.run(line).rows.map { $0[0] } == [down], "\(line)")
    }
    #expect(try await rig.run("list agents @no-agent").output.isEmpty)
    #expect(try await rig.run("connect").rows.contains { $0[0].hasPrefix("danger") && $0[0].contains(down) })
    #expect(await rig.state.promptNote == "0 mismatched, 1 UNPROTECTED")
    let shown = try await rig.run("show agent \(down)")
    #expect(shown.rows.contains { $0[0] == "state" && $0[1] == "unprotected" }, "\(shown.output)")
    #expect(shown.rows.contains { $0[0] == "inspection" && $0[1].hasPrefix("NOT PROTECTED") }, "\(shown.output)")
    let found = await rig.state.completionSnapshot.agents(prefix: down, preferring: nil, limit: 5)
    #expect(found.candidates.map(\.text) == [down] && found.candidates[0].description.contains("PROTECTED"))
    #expect(try await rig.run("transfer \(down) --dry-run").code == .success, "it needs no --unlisted")
  }

  /// A network finds them by the last address that is known; an older list has it where no run does.
  @Test func theirAddressFindsThem() async throws {
    let (rig, down) = try await rig()
    let row = try #require(try await rig.run("list agents").rows.first { $0[0] == down })
    #expect(!row[1].isEmpty, "\(row)")
    let network = row[1] + "/32"
    #expect(try await rig.run("list agents \(network)").rows.map { $0[0] } == [down])
    let left = try await rig.run("list agents '@unprotected!\(network)'")
    #expect(left.code == .success && left.rows.isEmpty, "\(left.said)")
    let other = try await CommandRig(agents: 3)
    try FileManager.default.createDirectory(atPath: other.folder, withIntermediateDirectories: true)
    let file = other.folder + "/list.csv"
    for rows in ["WS-001,10.9.8.7\nWS-002,10.9.8.6\n", "WS-002,10.9.8.6\n"] {
      try Data(("Computer,IP Address\n" + rows).utf8).write(to: URL(fileURLWithPath: file))
      #expect(try await other.run("list-mismatched --from '\(file)'").code == .success)
      let facts = AgentFacts(isInstalled: false, machine: MachineNames(host: "WS-001"))
      try other.journal().keep(
        Inspection(facts, at: 1, by: .command("check agent")), of: "WS-001", server: CommandRig.identity)
    }
    let gone = try await other.run("list agents 10.9.8.7")
    #expect(gone.rows.map { $0[0] } == ["WS-001"], "\(gone.said)")
  }

  @Test func oneThatIsGoneForGoodIsForgotten() async throws {
    let (rig, down) = try await rig()
    for (line, meant) in [
      ("forget agent \(down)", "--reason"), ("forget agent \(down) --reason ' '", "--reason is empty"),
    ] {
      let result = try await rig.run(line)
      #expect(result.code == .misuse && result.said.contains(meant), "\(line): \(result.said)")
    }
    let unasked = try await rig.run("forget agent \(down) --reason 'scrapped'")
    #expect(unasked.code == .refused && unasked.said.contains("--confirm 1"), "\(unasked.said)")
    let well = try #require(rig.fleet.names.first { $0 != down })
    #expect(try await rig.run("forget agent \(well) --reason x --confirm 1").code == .unusableInput)
    #expect(try await rig.run("list agents @unprotected").rows.count == 1)
    let done = try await rig.run("forget agent @unprotected --reason 'scrapped, ticket 4711' --confirm 1")
    #expect(done.code == .success && done.said.contains("1 endpoint forgotten"), "\(done.said)")
    #expect(try await rig.run("list agents").rows.allSatisfy { $0[0] != down })
    #expect(try await rig.run("list agents @unprotected").rows.isEmpty)
    let report = try await rig.run("report 1 --format table")
    #expect(report.output.contains("FORGOTTEN") && report.output.contains("scrapped, ticket 4711"), "\(report.output)")
    let row = try await rig.run("report 1 --format json").objects().first { $0["section"] as? String == "forgotten" }
    #expect(row?["item"] as? String == down && (row?["detail"] as? String)?.contains("was unprotected; ") == true)
    // What is seen there later is known again.
    let facts = AgentFacts(isInstalled: false, machine: MachineNames(host: down))
    try rig.journal().keep(
      Inspection(facts, at: 1, by: .command("check agent")), of: down, server: CommandRig.identity)
    #expect(try await rig.run("list agents @no-agent").rows.map { $0[0] } == [down])
  }

  /// A run that is under way at one of them: none is forgotten.
  @Test func whatARunTouchesIsNotForgotten() async throws {
    let (rig, down) = try await rig()
    let journal = try rig.journal()
    var plan = try #require(try journal.plan(ofRun: 1))
    plan.agents = plan.agents.filter { $0.name == down }
    let run = try journal.beginRun(plan, confirmed: "1", parent: nil, at: 1)
    let refused = try await rig.run("forget agent \(down) --reason scrapped --confirm 1")
    #expect(refused.code == .refused && refused.said.contains("run \(run)"), "\(refused.said)")
    let endpoints = try journal.endangered(server: CommandRig.identity)
    #expect(throws: JournalError.self) {
      try journal.forget(endpoints, server: CommandRig.identity, reason: "x", who: "x", at: 1)
    }
    #expect(try await rig.run("list agents @unprotected").rows.count == 1)
    journal.disown(run)
  }

  @Test func everyReportNamesThem() async throws {
    let (rig, down) = try await rig()
    let other = try #require(rig.fleet.names.first { $0 != down })
    let run = try await rig.run("transfer \(other) --unlisted --force --confirm 1")
    #expect(run.said.contains("UNPROTECTED now, 1: \(down)"), "\(run.said)")
    for line in ["report 2 --format table", "show run 2 --format table", "verify 2", "check agent \(other) --unlisted"]
    {
      let result = try await rig.run(line)
      #expect((result.output + result.said).contains("UNPROTECTED now, 1: \(down)"), "\(line): \(result)")
    }
    let rows = try await rig.run("report 2 --format json").objects().filter { $0["section"] as? String == "now" }
    #expect(rows.map { $0["item"] as? String } == ["unprotected", "perhaps-unprotected", "no-agent"])
    #expect(rows.map { $0["agents"] as? Int } == [1, 0, 0] && rows[0]["selection"] as? String == down)
  }

  @Test func aLookThatProvesItWellEndsIt() async throws {
    let rig = try await CommandRig(agents: 3)
    _ = try await rig.run("list-mismatched")
    let facts = AgentFacts(
      isInstalled: true, services: ["tmlisten": ServiceFact(.stopped), "ntrtscan": ServiceFact(.running)],
      machine: MachineNames(host: "WS-002"))
    try rig.journal().keep(
      Inspection(facts, at: rig.fleet.clock.date, by: .command("check agent")), of: "WS-002",
      server: CommandRig.identity)
    #expect(try await rig.run("list agents @unprotected").rows.map { $0[0] } == ["WS-002"])
    let checked = try await rig.run("check agent @unprotected")
    #expect(checked.code == .success && !checked.said.contains("UNPROTECTED now"), "\(checked.said)")
    #expect(try await rig.run("list agents @unprotected").said.contains("@unprotected holds no agents"))
    #expect(await rig.state.promptNote == "3 mismatched")
  }

  @Test func anEndpointWithoutAnAgentReadsSo() async throws {
    let rig = try await CommandRig(agents: 10, faults: FaultRecipe(.noAgent))
    let bare = try #require(rig.fleet.names.first { rig.fleet.fault(of: $0) == .noAgent })
    _ = try await rig.run("transfer all --confirm 10")
    let row = try #require(try await rig.run("list agents").rows.first { $0[0] == bare })
    #expect(row[4] == "no-agent" && row[5] == "refused", "\(row)")
    #expect(try await rig.run("list agents @no-agent").rows.map { $0[0] } == [bare])
    #expect(try await rig.run("show agent \(bare)").output.contains("NO AGENT is installed"))
    #expect(await rig.state.promptNote == "1 mismatched, 1 WITHOUT AGENT")
  }

  // MARK: the newest look

  @Test func showAgentTellsTheNewestLook() async throws {
    let (rig, down) = try await rig()
    let object = try #require(try await rig.run("show agent \(down) --format json").objects().first)
    let certificate = try #require(object["certificate"] as? [String: Any])
    let inspection = try #require(object["inspection"] as? [String: Any])
    // Not the look before the repair: of another certificate, and with services that ran.
    #expect(certificate["verdict"] as? String == "equal" || certificate["verdict"] as? String == nil, "\(certificate)")
    #expect(inspection["protected"] as? Bool == false && inspection["by"] as? String == "run 1", "\(inspection)")
    let looked = try rig.journal().events(ofRun: 1, position: try #require(rig.fleet.names.firstIndex(of: down)))
    let before = try #require(looked.first { $0.name == .looked })
    #expect(try #require(inspection["seen"] as? String) > TimeText.rfc3339(before.at))
    let live = try await rig.run("show agent \(down) --live --format json").objects().first
    #expect((live?["inspection"] as? [String: Any])?["by"] as? String == "show agent --live")
    let checked = try await rig.run("check agent \(down)")
    #expect(checked.code == .incomplete)
    let newest = try await rig.run("show agent \(down) --format json").objects().first
    #expect((newest?["inspection"] as? [String: Any])?["by"] as? String == "check agent")
  }

  @Test func theCaseTellsTheNewestLook() async throws {
    let (rig, down) = try await rig()
    let made = try await rig.run("escalate \(down) --kind on-premises --output '\(rig.folder)'")
    #expect(made.code == .success, "\(made.said)")
    let record = try #require(try rig.journal().supportCase(1))
    let item = try CaseStore.value(of: record)
    let server = try AuthenticationCertificate(bytes: rig.fleet.serverCertificate)
    let older = try AuthenticationCertificate(bytes: rig.fleet.olderCertificate)
    #expect(item.agents[0].certificateBefore == older.sha256 && item.agents[0].certificateAfter == server.sha256)
  }
}
