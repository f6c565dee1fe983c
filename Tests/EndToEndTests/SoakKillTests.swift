import Foundation
import Testing

@testable import Lab

/// `kill -9` in the middle of a repair over real SSH, then `resume`: at one moment in `scripts/test`, at many in
/// `scripts/soak`. A failure names its seed and its moment.
@Suite(.enabled(if: SSHLab.isPossible, "needs sshd and ssh-keygen")) struct SoakKillTests {
  private static let isSoak = ProcessInfo.processInfo.environment["APEXSH_SOAK"] != nil
  private static let agents = 6

  @Test func aRunThatIsKilledIsCarriedOn() async throws {
    // So many at a time: the moments of most are waits.
    let (moments, parallel) = Self.isSoak ? (50, 4) : (1, 1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in 1...moments {
        if seed > parallel { try await group.next() }
        group.addTask { try await history(seed) }
      }
      try await group.waitForAll()
    }
  }

  private func history(_ seed: Int) async throws {
    var random = SeededGenerator(seed: UInt64(seed))
    // A run of this fleet takes some 20 s; most moments are in the lively part of it.
    let moment = 400 + Int(random.next() % 9_000)
    try await SSHLab.with(agents: Self.agents) { lab in
      let what: Comment = "seed \(seed), killed after \(moment) ms"
      #expect(try await lab.apexsh("list-mismatched").code == 0, what)
      let run = try lab.start([
        "transfer", "@mismatched", "--confirm", "\(Self.agents)", "--waves", "2,100%", "--timeout-connect", "60",
      ])
      try await Task.sleep(for: .milliseconds(moment))
      kill(run.id, SIGKILL)
      _ = await run.end()
      let begun = try await lab.apexsh("list", "runs", "--format", "json")
      guard begun.output.contains(#""run":1"#) else { return }
      #expect(begun.output.contains("interrupted") || begun.output.contains("finished"), what)
      let proved = try await outcomes(lab).filter { $0.value == "repaired" }.mapValues { _ in 0 }
      let before = Dictionary(uniqueKeysWithValues: proved.keys.map { ($0, toolRuns(of: $0, lab)) })
      let resumed = try await lab.apexsh("resume", "1", "--format", "json", "--timeout-connect", "60")
      #expect(resumed.code == 0, "\(what): \(resumed.errors)")
      try await check(lab, before, what)
    }
  }

  private func outcomes(_ lab: SSHLab) async throws -> [String: String] {
    let shown = try await lab.apexsh("show", "run", "1", "--format", "json")
    let lines = try ResultLine.all(shown.lines).filter { $0.agent != nil }
    return Dictionary(uniqueKeysWithValues: lines.map { ($0.agent ?? "", $0.outcome ?? "") })
  }

  /// As the lab keeps it on disk, now.
  private func toolRuns(of agent: String, _ lab: SSHLab) -> Int {
    (try? LabFleet.open(lab.folder + "/lab"))?.toolRuns(of: agent) ?? -1
  }

  private func check(_ lab: SSHLab, _ before: [String: Int], _ what: Comment) async throws {
    let now = try await outcomes(lab)
    #expect(now.count == Self.agents && now.values.allSatisfy { $0 == "repaired" }, "\(what): \(now)")
    for (agent, runs) in before {
      #expect(toolRuns(of: agent, lab) == runs, "\(what): \(agent) was touched after its proof")
    }
    for agent in lab.fleet.names {
      #expect(try lab.leftovers(on: agent) == [], "\(what): \(agent)")
      #expect(lab.certificate(of: agent) == lab.fleet.serverCertificate, "\(what): \(agent)")
      for service in ["tmlisten", "ntrtscan"] {
        #expect(try await lab.ask(agent, "sc.exe query \(service)").contains("RUNNING"), "\(what): \(agent) \(service)")
      }
    }
  }
}
