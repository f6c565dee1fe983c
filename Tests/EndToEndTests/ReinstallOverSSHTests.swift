import Foundation
import Remote
import Testing

@testable import Lab

/// Uninstalling and installing over real OpenSSH servers, with a connection that breaks in between.
@Suite(.enabled(if: SSHLab.isPossible, "needs sshd and ssh-keygen")) struct ReinstallOverSSHTests {
  private static let agents = 4

  @Test func aBrokenConnectionBetweenTheTwoLeavesNobodyWithoutAnAgent() async throws {
    try await SSHLab.with(agents: Self.agents, faults: [.uninstallDropped]) { lab in
      #expect(try await lab.apexsh("list-mismatched").code == 0)
      let secret = lab.fleet.secrets.uninstallPassword.reveal { $0 }
      let root = lab.drive(of: "apexone") + "/Program Files (x86)/Trend Micro/Apex One/PCCSRV"
      let run = try lab.start([
        "reinstall", "@mismatched", "--uninstall-first", "--package", root + "/Pccnt/Package/agent_x86.msi",
        "--confirm", "\(Self.agents)", "--waves", "100%", "--timeout-connect", "60", "--format", "json",
      ])
      let watch = SecretWatch(
        [secret], in: .descendants(of: run.id), endpoints: .init(ancestor: lab.serversID), everyMilliseconds: 20)
      let (end, seen) = await watch.watching { await run.end() }
      #expect(end.code == 0, "\(end.errors)")
      let lines = try ResultLine.all(end.lines)
      #expect(lines.last?.summary?["repaired"] == Self.agents, "\(end.output)")
      #expect(lines.dropLast().allSatisfy { $0.protected == true })
      try await check(lab)
      #expect(!seen.endpoints.isEmpty, "the secret is an argument there: a watch that misses it proves nothing")
      #expect(seen.ours.isEmpty)
      #expect(try lab.files(holding: secret) == ["lab/uninstall-password"])
      #expect(!(end.output + end.errors).contains(secret))
    }
  }

  private func check(_ lab: SSHLab) async throws {
    for agent in lab.fleet.names {
      #expect(try LabFleet.open(lab.folder + "/lab").installations(of: agent) == (1, 1), "\(agent)")
      #expect(lab.certificate(of: agent) == lab.fleet.serverCertificate, "\(agent)")
      #expect(try lab.leftovers(on: agent) == [], "\(agent)")
      for service in ["tmlisten", "ntrtscan"] {
        #expect(try await lab.ask(agent, "sc.exe query \(service)").contains("RUNNING"), "\(agent) \(service)")
      }
    }
    let struck = try #require(lab.fleet.names.first { lab.fleet.fault(of: $0) == .uninstallDropped })
    let steps = try await lab.apexsh("show", "run", "1", "--agent", struck, "--format", "json")
    #expect(steps.output.contains("dropped") && steps.output.contains("removed"), "\(steps.output)")
    #expect(!steps.output.contains(lab.fleet.secrets.uninstallPassword.reveal { $0 }))
  }

  /// The lab's accounts log on by key, which shows nobody else who they are.
  @Test func autopccIsRefusedWhereTheLogonIsByKey() async throws {
    try await SSHLab.with(agents: 2) { lab in
      let plan = try await lab.apexsh(
        "reinstall", "WS-001", "--unlisted", "--method", "autopcc", "--dry-run", "--format", "json")
      #expect(plan.code == 0, "\(plan.errors)")
      #expect(plan.lines.first?.contains("without network credentials") == true, "\(plan.output)")
      #expect(plan.lines.last?.contains(#""refused":1"#) == true)
      // Whoever tries all the same is told so by Windows.
      #expect(try await lab.ask("WS-001", #"\\apexone\ofcscan\autopcc.exe"#) == "")
      #expect(lab.certificate(of: "WS-001") == lab.fleet.olderCertificate)
    }
  }
}
