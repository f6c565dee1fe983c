import ApexOne
import Foundation
import Lab
import Testing

@testable import Commands

/// `list agents` and `show agent`.
@Suite struct AgentsTests {
  @Test func aListIsTakenFirstAndSaidSo() async throws {
    let rig = try await CommandRig(agents: 12)
    let first = try await rig.run("list agents")
    #expect(first.code == .success)
    #expect(first.rows.map { $0[0] } == rig.fleet.names)
    #expect(first.said.contains("no list of this server yet: taking one first"))
    #expect(first.rows.allSatisfy { $0.count == 7 && $0[4] == "mismatched" && $0[5].isEmpty })
    let second = try await rig.run("list agents WS-003")
    #expect(second.rows.map { $0[0] } == ["WS-003"])
    #expect(!second.said.contains("taking one"))
    #expect(second.said.contains("1 agent, list of "))
  }

  @Test func runsShowInTheList() async throws {
    let rig = try await CommandRig(agents: 6)
    #expect(try await rig.run("transfer WS-002 --confirm 1").code == .success)
    let objects = try await rig.run("list agents --format json").objects()
    let keys: Set = ["agent", "address", "domain", "version", "state", "outcome", "run"]
    #expect(objects.count == 6 && objects.allSatisfy { Set($0.keys) == keys })
    #expect(objects[1]["state"] as? String == "proved")
    #expect(objects[1]["outcome"] as? String == "repaired")
    #expect(objects[1]["run"] as? Int == 1)
    #expect(objects[0]["state"] as? String == "mismatched" && objects[0]["run"] is NSNull)
    #expect(objects[0]["address"] as? String == rig.fleet.spec(of: "WS-001")?.address)
    let proved = try await rig.run("list agents 'all!@mismatched'")
    #expect(proved.rows.map { $0[0] } == ["WS-002"])
  }

  @Test func unknownAgentsAre65WithASuggestion() async throws {
    let rig = try await CommandRig(agents: 12)
    for line in ["list agents WS-0O3", "show agent WS-0O3", "check agent WS-0O3", "show agent WS-0O3 --live"] {
      let result = try await rig.run(line)
      #expect(result.code == .unusableInput, "\(line)")
      #expect(result.said.contains("did you mean WS-003?"), "\(line): \(result.said)")
      #expect(result.output.isEmpty, "\(line)")
    }
    #expect(try await rig.run("list agents ws-7").said.contains("did you mean WS-007?"), "only zeros are missing")
    let many = try await rig.run("list agents 'XX-[1-8]'")
    #expect(many.code == .unusableInput && many.said.contains("XX-5 and 3 more"))
    #expect(try await rig.run("list agents '@nosuch'").code == .misuse)
  }

  @Test func withoutAServerThereIsNothingToList() async throws {
    let rig = try await CommandRig(agents: 2, isConnected: false)
    #expect(try await rig.run("list agents").code == .misuse)
    let path = rig.folder + "/state/list.csv"
    _ = try rig.folders.readyState()
    try Data("Computer Name,IP Address\nWS-7,10.0.0.7\nWS-7,10.0.0.8\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try await rig.run("list-mismatched --from '\(path)'").code == .success)
    #expect(try await rig.run("list agents").rows.map { $0[0] } == ["WS-7"])
    let shown = try await rig.run("show agent ws-7 --format json").objects()
    let duplicates = try #require(shown.first?["duplicates"] as? [[String: Any]])
    #expect(duplicates.count == 1 && duplicates[0]["line"] as? Int == 3)
    #expect((shown.first?["columns"] as? [String: Any])?["IP Address"] as? String == "10.0.0.7")
    #expect(try await rig.run("show agent WS-7 --live").code == .misuse)
  }

  @Test func pastRunsAndTheCertificateTheySaw() async throws {
    let rig = try await CommandRig(agents: 10, faults: FaultRecipe(.otherServer))
    let name = try #require(rig.fleet.names.first { rig.fleet.fault(of: $0) == .otherServer })
    let good = try #require(rig.fleet.names.first { rig.fleet.fault(of: $0) == Fault.none })
    _ = try await rig.run("list-mismatched")
    _ = try await rig.run("transfer '\(name),\(good)' --confirm 2")
    let refused = try #require(try await rig.run("show agent \(name) --format json").objects().first)
    let run = try #require((refused["runs"] as? [[String: Any]])?.first)
    #expect(run["outcome"] as? String == "refused" && run["cause"] as? String == "other-server")
    #expect((refused["certificate"] as? [String: Any])?["verdict"] as? String == "other")
    #expect(refused["live"] is NSNull)
    let repaired = try #require(try await rig.run("show agent \(good) --format json").objects().first)
    let certificate = try #require(repaired["certificate"] as? [String: Any])
    let server = try AuthenticationCertificate(bytes: rig.fleet.serverCertificate)
    #expect(certificate["verdict"] as? String == "equal" && certificate["sha256"] as? String == server.sha256)
    #expect(certificate["whose"] as? [String] == [CommandRig.identity])
    #expect(repaired["state"] as? String == "proved")
    let text = try await rig.run("show agent \(good)")
    #expect(text.rows.contains { $0[0] == "column Platform" && !$0[1].isEmpty })
    #expect(text.rows.contains { $0[0] == "run 1" && $0[1].contains("repaired") })
  }

  @Test func liveAsksTheEndpoint() async throws {
    let rig = try await CommandRig(agents: 5)
    let object = try #require(try await rig.run("show agent WS-004 --live --format json").objects().first)
    #expect(Set(object.keys) == Set(ShowAgent.manual.jsonKeys))
    let live = try #require(object["live"] as? [String: Any])
    #expect(live["server"] as? String == rig.fleet.serverName)
    #expect(live["agent_port"] as? Int == rig.fleet.agentPort)
    #expect(live["protected"] as? Bool == true)
    #expect(live["shell"] as? String == "cmd.exe")
    #expect((live["services"] as? [String: String])?["tmlisten"] == "running")
    #expect(live["certificate"] as? String != "equal" && live["whose"] as? [String] == [])
    #expect((live["verdict"] as? String)?.contains("a repair would go on") == true)
    #expect(rig.fleet.logons.account(rig.fleet.secrets.user).attempts == 1)
    #expect(try await rig.run("show agent WS-004 --live").rows.contains { $0[0] == "live service ntrtscan" })
  }

  @Test(arguments: [
    (Fault.offline, ExitCode.serverUnavailable, "no connection"), (.hostKeyChanged, .refused, "host key"),
  ])
  func liveErrorsByKind(fault: Fault, code: ExitCode, text: String) async throws {
    let rig = try await CommandRig(agents: 10, faults: FaultRecipe(fault), seed: 3)
    let name = try #require(rig.fleet.names.first { rig.fleet.fault(of: $0) == fault })
    let result = try await rig.run("show agent \(name) --live")
    #expect(result.code == code)
    #expect(result.said.contains(name) && (result.said.contains(text) || result.said.contains("no answer")))
    #expect(result.rows.first == ["agent", name], "what is known is shown all the same")
  }

  @Test func aRefusedPasswordIsOfferedOnce() async throws {
    let rig = try await CommandRig(agents: 10, faults: .logonRefused)
    let result = try await rig.run("show agent WS-001 --live")
    #expect(result.code == .refused && result.said.contains("refused"))
    #expect(rig.fleet.logons.account(rig.fleet.secrets.user).refused == 1)
  }

  @Test func anUnlistedAgentCanBeAsked() async throws {
    let rig = try await CommandRig(agents: 4)
    _ = try rig.folders.readyState()
    let path = rig.folder + "/state/list.csv"
    try Data("Computer Name,IP Address\nWS-001,10.20.0.1\n".utf8).write(to: URL(fileURLWithPath: path))
    _ = try await rig.run("list-mismatched --from '\(path)'")
    #expect(try await rig.run("show agent WS-003 --live").code == .unusableInput)
    let object = try #require(try await rig.run("show agent WS-003 --live --unlisted --format json").objects().first)
    #expect(object["state"] is NSNull && object["columns"] is NSNull)
    #expect((object["live"] as? [String: Any])?["server"] as? String == rig.fleet.serverName)
  }
}
