import Foundation
import Lab
import Remote
import Runs

@testable import Commands

extension CommandRig {
  /// A transfer of all agents as a process leaves it that died in the middle: the tool of the first `executing` agents
  /// was started, the next `staging` have a folder of ours. Returns its number.
  func brokenRun(executing: Int, staging: Int = 0) async throws -> Int {
    let path = folder + "/broken.plan"
    _ = try await run("transfer all --dry-run --plan-out '\(path)'")
    let (plan, journal) = (try PlanFile.read(path), try journal())
    let run = try journal.beginRun(plan, confirmed: "\(plan.count)", parent: nil, at: fleet.clock.date)
    for position in 0..<executing + staging {
      try await journal.intend(
        .stage(folder: WindowsPath(#"C:\Windows\apexsh-0123456789ab"#)), run: run, position: position,
        at: fleet.clock.date)
      guard position < executing else { continue }
      try await journal.intend(.execute(command: nil), run: run, position: position, at: fleet.clock.date)
    }
    journal.disown(run)
    return run
  }

  /// Time goes by in the lab.
  func pass(days: Double) async throws {
    fleet.clock.begin()
    defer { fleet.clock.end() }
    try await fleet.clock.sleep(for: .seconds(days * 86_400))
  }
}
