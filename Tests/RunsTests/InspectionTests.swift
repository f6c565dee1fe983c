import ApexOne
import Foundation
import GRDB
import Lab
import Remote
import Testing

@testable import Runs

/// The newest inspection of each agent, and who is not known to be well.
@Suite struct InspectionTests {
  private func facts(_ listener: ServiceFact.State, _ certificate: CertificateVerdict = .equal) -> AgentFacts {
    AgentFacts(
      isInstalled: true, services: ["tmlisten": ServiceFact(listener), "ntrtscan": ServiceFact(.running)],
      certificate: certificate, certificateSHA256: "aa", machine: MachineNames(host: "WS-001"))
  }

  private func keep(_ facts: AgentFacts, at date: Double, in journal: Journal) {
    journal.keep(Inspection(facts, at: date, by: .command("check agent")), of: "WS-001", server: "s")
  }

  private func states(_ journal: Journal) throws -> [String] { try journal.endangered(server: "s").map(\.state) }

  @Test func onlyAnInspectionThatProvesItWellEndsIt() throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    #expect(try states(journal) == [])
    keep(facts(.stopped), at: 1, in: journal)
    #expect(try states(journal) == ["unprotected"])
    // Whatever can't be told ends nothing.
    keep(AgentFacts(isInstalled: true, machine: MachineNames(host: "WS-001")), at: 2, in: journal)
    #expect(try states(journal) == ["unprotected"])
    keep(AgentFacts(isInstalled: false, machine: MachineNames(host: "WS-001")), at: 3, in: journal)
    #expect(try states(journal) == ["no-agent"])
    #expect(try journal.endangered(server: "s").first?.isUnprotected == true, "it was, and nothing has proved it well")
    keep(facts(.running), at: 4, in: journal)
    #expect(try states(journal) == [] && journal.endangered(server: "another").isEmpty)
    let newest = try #require(try journal.inspection(ofAgent: "ws-001", server: "s"))
    #expect(newest.at == 4 && newest.facts == facts(.running) && "\(newest.by)" == "check agent")
    try journal.forgetLists(server: "s")
    #expect(try journal.inspection(ofAgent: "ws-001", server: "s") == nil)
  }

  /// A run that ends where nobody could look takes nothing out of view, whatever is taken to be the case there.
  @Test func whereNobodyCouldLookItStaysInDoubt() async throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    let plan = Plan(
      remedy: .reinstall, server: "s", serverName: "apexone.contoso.local", product: "apex-one",
      certificate: try TestCertificates.server(), files: [], command: "", options: RunOptions(),
      agents: [PlannedAgent(name: "WS-001"), PlannedAgent(name: "WS-002")])
    let run = try journal.beginRun(plan, confirmed: "2", parent: nil, at: 0)
    for (position, protected) in [(0, false), (1, true)] {
      journal.record(
        AgentResult(position: position, name: "WS-00\(position + 1)", outcome: .unknown, protected: protected),
        run: run,
        at: 1
      ) { _ in }
    }
    try await journal.flush()
    #expect(try journal.endangered(server: "s").map { "\($0.name) \($0.state)" } == ["WS-001 perhaps-unprotected"])
    journal.disown(run)
  }

  /// A machine that doesn't say its name is not known to be the agent's: what it shows ends nothing, however often.
  @Test func onlyTheAgentsOwnMachineEndsIt() throws {
    let scratch = try Scratch()
    let journal = try Journal(path: scratch.file("j"))
    func look(_ listener: ServiceFact.State, guid: String? = nil, host: String? = nil, at date: Double) {
      var found = facts(listener)
      (found.guid, found.machine) = (guid, MachineNames(host: host))
      keep(found, at: date, in: journal)
    }
    look(.stopped, guid: "AB-1", host: "WS-001", at: 1)
    for date in [2.0, 3] {
      look(.running, at: date)
      look(.running, guid: "CD-2", at: date)
      look(.stopped, guid: "CD-2", at: date)
    }
    #expect(try states(journal) == ["unprotected"])
    #expect(try journal.inspection(ofAgent: "ws-001", server: "s")?.at == 1, "what was seen there stands")
    look(.running, guid: "ab-1", at: 4)
    #expect(try states(journal) == [], "its agent's GUID")
    // One found where nothing said whose it is ends by a look that knows.
    look(.stopped, at: 5)
    look(.running, at: 6)
    #expect(try states(journal) == ["unprotected"])
    look(.running, host: "ws-001", at: 7)
    #expect(try states(journal) == [])
    // A person vouched for the machine.
    look(.stopped, at: 8)
    var vouched = facts(.running)
    vouched.machine = MachineNames(host: "PC-9")
    journal.keep(
      Inspection(vouched, at: 9, by: .command("check agent"), otherMachines: ["pc-9"]), of: "WS-001", server: "s")
    #expect(try states(journal) == [])
  }

  @Test func aRunsLastLookIsTheNewest() async throws {
    let rig = try EngineRig(agents: 3)
    let outcome = try await rig.transfer()
    for name in rig.fleet.names {
      let seen = try #require(try rig.journal.inspection(ofAgent: name.lowercased(), server: "lab:"))
      #expect(seen.facts.certificate == .equal && seen.facts.isProtected == true && seen.by == .run(outcome.run))
      let events = try rig.journal.events(ofRun: outcome.run, position: 0)
      #expect(try seen.at > #require(events.first { $0.name == .looked }?.at))
    }
    #expect(try rig.journal.endangered(server: "lab:").isEmpty)
  }

  @Test func whatARunLeavesStoppedIsKept() async throws {
    let rig = try EngineRig(agents: 10, faults: FaultRecipe(.servicesStayDown))
    rig.options.maxFailures = .percentage(100)
    let outcome = try await rig.transfer()
    let down = outcome.results.filter { $0.protected == false }.map(\.name)
    #expect(!down.isEmpty)
    #expect(try rig.journal.endangered(server: "lab:").map(\.name.text) == down)
    #expect(try rig.journal.endangered(server: "lab:").allSatisfy { $0.state == "unprotected" })
  }

  @Test func whereNoAgentIsIsKept() async throws {
    let rig = try EngineRig(agents: 10, faults: FaultRecipe(.noAgent))
    _ = try await rig.transfer()
    #expect(try rig.journal.endangered(server: "lab:").map(\.state) == ["no-agent"])
    rig.options.maxFailures = .percentage(100)
    // An agent that a run took away, too, until one is proved to be there.
    let broken = try EngineRig(agents: 2, faults: FaultRecipe(.installFails))
    broken.options.maxFailures = .percentage(100)
    let outcome = try await broken.reinstall(Reinstallation(uninstallFirst: true))
    let gone = outcome.results.filter { $0.protected == false }.map(\.name)
    #expect(!gone.isEmpty)
    let endangered = try broken.journal.endangered(server: "lab:")
    #expect(endangered.map(\.name.text) == gone && endangered.allSatisfy { $0.hasNoAgent && $0.isUnprotected })
  }

  /// A process that dies under the tool, and one that is cut by a third ^C.
  @Test func whereAToolWasStartedAndNothingWasSeenSince() async throws {
    var doubtful = 0
    for tenths in stride(from: 20, through: 300, by: 20) {
      let rig = try EngineRig(agents: 1)
      let leg = try await rig.leg(dyingAfter: Double(tenths) / 10)
      let hasExecuted = try leg.journal.events(ofRun: leg.run, position: 0).contains {
        $0.isIntent && $0.name == .execute
      }
      let isOpen = try leg.journal.results(ofRun: leg.run)[0].outcome == .unknown
      let states = try leg.journal.endangered(server: "lab:").map(\.state)
      #expect(states == (hasExecuted && isOpen ? ["perhaps-unprotected"] : []), "\(tenths): \(states)")
      doubtful += states.count
      let second = try await rig.leg(of: leg.run, dyingAfter: nil)
      #expect(try second.journal.endangered(server: "lab:").isEmpty, "\(tenths)")
    }
    #expect(doubtful > 0)
    let rig = try EngineRig(agents: 1)
    let (clock, controls) = (rig.fleet.clock, rig.controls)
    rig.onBegin = { _ = clock.schedule(after: .seconds(12)) { for _ in 0..<3 { controls.interrupt() } } }
    let cut = try await rig.transfer()
    #expect(cut.results[0].outcome == .unknown && cut.results[0].protected == nil, "\(cut.results)")
    #expect(try rig.journal.endangered(server: "lab:").map(\.state) == ["perhaps-unprotected"])
  }

  @Test func whatAnOlderJournalSaysIsTakenOver() throws {
    let scratch = try Scratch()
    let path = scratch.file("j")
    try Journal(path: path).writeNow { db in
      try db.execute(
        sql: """
          DROP TABLE inspections; ALTER TABLE runs DROP COLUMN counts_from; PRAGMA user_version = 2;
          INSERT INTO runs VALUES (1, 's', 'transfer', 'finished', 'd', '{}', 3, '3', NULL, 6, 8, NULL);
          INSERT INTO runs VALUES (2, 's', 'transfer', 'finished', 'd', '{}', 1, '1', NULL, 9, 9, NULL);
          INSERT INTO run_agents VALUES (1, 0, 'WS-001', 'ws-001', NULL, 'failed', NULL, 0, NULL, 1, 2, 7, NULL);
          INSERT INTO run_agents VALUES (1, 1, 'WS-002', 'ws-002', NULL, 'failed', NULL, 0, NULL, 1, 2, 7, NULL);
          INSERT INTO run_agents VALUES (1, 2, 'WS-003', 'ws-003', NULL, 'repaired', NULL, 1, NULL, 1, 2, 7, NULL);
          INSERT INTO run_agents VALUES (2, 0, 'WS-002', 'ws-002', NULL, 'repaired', NULL, 1, NULL, 1, 2, 9, NULL);
          INSERT INTO run_agents VALUES (2, 1, 'WS-004', 'ws-004', NULL, 'unknown', NULL, NULL, NULL, 1, 2, 9, NULL);
          INSERT INTO events VALUES (4, 2, 1, 9.0, 1, 'uninstall', 'x');
          INSERT INTO events VALUES (1, 1, 0, 6.5, 0, 'looked', 'server=a tmlisten=running/7 ntrtscan=running/8');
          INSERT INTO events VALUES (2, 1, 0, 6.6, 1, 'execute', 'x');
          INSERT INTO events VALUES (3, 2, 0, 8.5, 0, 'looked', 'server=b tmlisten=running/7 ntrtscan=running/8');
          """)
    }
    let journal = try Journal(path: path)
    #expect(try journal.endangered(server: "s").map(\.name.text) == ["WS-001", "WS-004"])
    #expect(try journal.endangered(server: "s").map(\.state) == ["unprotected", "perhaps-unprotected"])
    #expect(
      try journal.inspection(ofAgent: "ws-001", server: "s") == nil, "a look before the tool ran says nothing now")
    #expect(try journal.inspection(ofAgent: "ws-002", server: "s")?.facts.server == "b")
    // The look before a repair that was proved says what the proof says.
    try journal.writeNow { db in
      try db.execute(sql: "INSERT INTO events VALUES (5, 2, 0, 8.6, 1, 'execute', 'x')")
    }
    let proved = try #require(try journal.inspection(ofAgent: "ws-002", server: "s"))
    #expect(proved.at == 9 && proved.facts.certificate == .equal && proved.facts.isProtected == true)
    #expect(proved.facts[service: "tmlisten"]?.pid == nil)
  }
}
