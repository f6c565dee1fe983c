import Foundation
import Remote
import Testing

@testable import Lab

/// The whole tool against real OpenSSH servers: the built program, its own SSH, a lab's Windows behind `ForceCommand`.
@Suite(.enabled(if: SSHLab.isPossible, "needs sshd and ssh-keygen")) struct RepairOverSSHTests {
  private static let faults: [Fault] = [
    .noRights, .fullDisk, .connectionDropped, .saysZeroRepairsNothing, .saysFiveRepairs, .otherServer,
    .alreadyMatching, .noAgent, .servicesStayDown, .offline,
    // Its tool runs for seconds: long enough to be seen at work on a busy machine.
    .slow,
  ]

  private struct Expected {
    var outcome: String
    var cause: String?
    var protected: Bool? = true
  }

  /// What becomes of an agent with a fault.
  private static func expected(_ spec: AgentSpec) -> Expected {
    switch spec.fault {
    case .noRights: Expected(outcome: "denied", cause: "access-denied")
    case .fullDisk: Expected(outcome: "failed", cause: "no-space")
    // Cut before the certificate was written, or after it: what was written stays.
    case .connectionDropped:
      spec.isOtherVariant ? Expected(outcome: "repaired") : Expected(outcome: "failed", cause: "dropped")
    case .saysZeroRepairsNothing: Expected(outcome: "failed", cause: "tool-had-no-effect")
    case .otherServer: Expected(outcome: "refused", cause: "other-server")
    case .alreadyMatching: Expected(outcome: "already-matching", cause: "list-stale")
    case .noAgent: Expected(outcome: "refused", cause: "no-agent", protected: nil)
    case .servicesStayDown: Expected(outcome: "failed", cause: "services-stopped", protected: false)
    case .offline: Expected(outcome: "unreachable", cause: "unreachable", protected: nil)
    default: Expected(outcome: "repaired")
    }
  }

  @Test func aFleetWithEveryFaultEndsAsItMust() async throws {
    try await SSHLab.with(agents: 24, faults: Self.faults) { lab in
      try await connectAndList(lab)
      let secret = lab.fleet.secrets.unloadPassword.reveal { $0 }
      let run = try lab.start([
        "transfer", "@mismatched", "--confirm", "24", "--format", "json", "--waves", "100%", "--max-failures", "100%",
        "--max-unprotected", "100%", "--timeout-settle", "15", "--timeout-connect", "60",
      ])
      let watch = SecretWatch(
        [secret], in: .descendants(of: run.id), endpoints: .init(ancestor: lab.serversID), everyMilliseconds: 20)
      let (end, seen) = await watch.watching { await run.end() }
      #expect(end.code == 1, "\(end.errors)")
      let lines = try ResultLine.all(end.lines)
      checkOutcomes(lines, lab.fleet)
      try checkSummary(lines)
      try checkEndpoints(lines, lab)
      try await checkServices(lab)
      try await checkJournal(end.lines, lab)
      #expect(seen.looks > 50)
      #expect(!seen.endpoints.isEmpty, "the secret is an argument there: a watch that misses it proves nothing")
      #expect(seen.ours.isEmpty)
      #expect(try lab.files(holding: secret) == [])
      #expect(!(end.output + end.errors).contains(secret))
    }
  }

  private func connectAndList(_ lab: SSHLab) async throws {
    let connected = try await lab.apexsh("connect")
    #expect(connected.code == 0, "\(connected.errors)")
    #expect(connected.output.contains("agents \(lab.fleet.agentPort)"))
    let list = try await lab.apexsh("list-mismatched", "--format", "json")
    #expect(list.code == 0, "\(list.errors)")
    #expect(list.lines.count == 24)
    let plan = try await lab.apexsh("transfer", "@mismatched", "--dry-run", "--format", "json")
    #expect(plan.lines.last?.contains(#""planned":24,"refused":0"#) == true, "\(plan)")
    #expect(try lab.leftovers(on: "apexone") == [])
  }

  private func checkOutcomes(_ lines: [ResultLine], _ fleet: LabFleet) {
    #expect(lines.compactMap(\.agent).sorted() == fleet.names)
    for line in lines {
      guard let spec = line.agent.flatMap(fleet.spec) else { continue }
      let expected = Self.expected(spec)
      let context: Comment = "\(spec.name), \(spec.fault): \(line)"
      #expect(line.outcome == expected.outcome, context)
      #expect(line.cause == expected.cause, context)
      #expect(line.protected == expected.protected, context)
    }
  }

  private func checkSummary(_ lines: [ResultLine]) throws {
    var summary = try #require(lines.last?.summary)
    let planned = summary.removeValue(forKey: "planned")
    #expect(planned == 24)
    #expect(summary.values.reduce(0, +) == 24)
    for (outcome, count) in summary { #expect(lines.filter { $0.outcome == outcome }.count == count, "\(outcome)") }
  }

  /// Certificates are what was said of them, and nothing of ours stays.
  private func checkEndpoints(_ lines: [ResultLine], _ lab: SSHLab) throws {
    for line in lines {
      guard let agent = line.agent else { continue }
      #expect(try lab.leftovers(on: agent) == [], "\(agent)")
      let isRight = lab.certificate(of: agent) == lab.fleet.serverCertificate
      // Services that stay down do so after the certificate was written.
      let isGood = ["repaired", "already-matching"].contains(line.outcome) || line.cause == "services-stopped"
      #expect(isRight == isGood, "\(line)")
    }
    #expect(try lab.leftovers(on: "apexone") == [])
  }

  /// Windows ended the tool with its connection, its services stopped: they were started again.
  private func checkServices(_ lab: SSHLab) async throws {
    let dropped = lab.fleet.names.filter { lab.fleet.fault(of: $0) == .connectionDropped }
    #expect(!dropped.isEmpty)
    for agent in dropped {
      for service in ["tmlisten", "ntrtscan"] {
        #expect(try await lab.ask(agent, "sc.exe query \(service)").contains("RUNNING"), "\(agent) \(service)")
      }
    }
  }

  private func checkJournal(_ lines: [String], _ lab: SSHLab) async throws {
    let shown = try await lab.apexsh("show", "run", "1", "--format", "json")
    #expect(shown.code == 0, "\(shown.errors)")
    #expect(shown.lines.sorted() == lines.sorted())
  }

  @Test func aHealthyFleetIsRepairedAndStaysSo() async throws {
    try await SSHLab.with(agents: 3) { lab in
      let run = try await lab.apexsh(
        "transfer", "@mismatched", "--confirm", "3", "--waves", "100%", "--timeout-connect", "60", "--format", "json")
      #expect(run.code == 0, "\(run.errors)")
      let lines = try ResultLine.all(run.lines)
      #expect(lines.last?.summary?["repaired"] == 3)
      #expect(lines.dropLast().allSatisfy { $0.protected == true && $0.cause == nil })
      let list = try await lab.apexsh("list-mismatched", "--format", "json")
      #expect(list.code == 0 && list.output.isEmpty, "\(list)")
      let again = try await lab.apexsh("transfer", "@mismatched", "--confirm", "0")
      #expect(again.code == 0, "\(again.errors)")
      let matching = try await lab.apexsh("transfer", "WS-001", "--unlisted", "--confirm", "1", "--format", "json")
      #expect(matching.code == 0, "\(matching.errors)")
      #expect(try ResultLine.all(matching.lines).first?.outcome == "already-matching")
    }
  }
}
