import ApexOne
import Lab
import Remote
import Testing

@testable import Runs

/// Endpoints of the lab behind other shells.
private final class ShellHost: ForwardingHost {
  let base: any Remote.Host
  let found: Result<FarShell, RemoteError>
  init(_ base: any Remote.Host, _ found: Result<FarShell, RemoteError>) {
    self.base = base
    self.found = found
  }
  func shell() async throws(RemoteError) -> FarShell { try found.get() }
}

private struct ShellConnector: ForwardingConnector {
  let base: any HostConnector
  let shells = FarShell.overSSH
  let found: @Sendable (String) -> Result<FarShell, RemoteError>
  func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
    ShellHost(try await base.connect(to: endpoint, within: limit), found(endpoint.name))
  }
}

/// What can't reach an endpoint unchanged is refused before anything is touched there.
@Suite struct CarriageTests {
  private func rig(
    _ password: String? = nil, _ found: @escaping @Sendable (String) -> Result<FarShell, RemoteError>
  ) throws -> EngineRig {
    let rig = try EngineRig(agents: 3)
    rig.connector = ShellConnector(base: rig.fleet.connector, found: found)
    if let password { rig.unloadPassword = Secret(password) }
    return rig
  }

  private func steps(_ rig: EngineRig, _ outcome: EngineRig.Outcome, _ position: Int) throws -> [String] {
    try rig.journal.events(ofRun: outcome.run, position: position).map(\.word)
  }

  @Test func theShellFoundIsJournaledWithTheLook() async throws {
    let rig = try rig { _ in .success(.powershell) }
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.repaired] == 3)
    let looked = try rig.journal.events(ofRun: outcome.run, position: 0).first { $0.name == .looked }
    #expect(looked?.detail?.contains("shell=PowerShell") == true)
  }

  @Test(arguments: [
    ("50%off%", FarShell(.cmd, .replacesAnyway), "more than one %"),
    ("wow!", FarShell(.cmd, .delayedExpansion), "delayed expansion"),
    (String(repeating: "a", count: 9_000), .cmd, "characters long"),
  ])
  func whatOneShellCanNotBeSentIsRefusedThere(password: String, shell: FarShell, reason: String) async throws {
    // The first: a password that is wrong as well stops the run after the first that is executed.
    let rig = try rig(password) { .success($0.hasSuffix("1") ? shell : .powershell) }
    let outcome = try await rig.transfer()
    let first = try #require(outcome.results.first { $0.name.hasSuffix("1") })
    #expect(first.outcome == .refused && first.cause == .cannotCarry, "\(first)")
    #expect(first.detail?.contains(reason) == true, "\(first)")
    #expect(first.detail?.contains(password) == false)
    let steps = try steps(rig, outcome, first.position)
    #expect(steps.contains("looked"))
    #expect(!steps.contains("stage") && !steps.contains("execute"), "\(steps)")
    #expect(outcome.results.filter { $0.name != first.name }.allSatisfy { $0.cause != .cannotCarry })
  }

  @Test func whatNoShellCanBeSentIsRefusedInThePlan() async throws {
    for password in ["two\nlines", "a\0b", String(repeating: "a", count: 13_000)] {
      let rig = try rig(password) { _ in .success(.cmd) }
      let plan = try await rig.plan(connector: try #require(rig.connector)).plan
      #expect(!plan.agents.isEmpty && plan.agents.allSatisfy { $0.refusal?.cause == .cannotCarry })
      // Such a plan can't become a run, whatever is typed.
      for words in ["0", "\(plan.agents.count)", plan.digest] {
        #expect(throws: PlanningError.allRefused) { try ConfirmedPlan(plan, by: words) }
      }
    }
  }

  @Test func aShellThatCanNotBeQuotedForIsRefusedAtTheLook() async throws {
    let rig = try rig { name in
      .failure(RemoteError(.unsupported, "\(name): the SSH server's shell is a Unix shell; make cmd.exe its default"))
    }
    let outcome = try await rig.transfer()
    for result in outcome.results {
      #expect(result.outcome == .refused && result.cause == .cannotCarry, "\(result)")
      #expect(result.detail?.contains("Unix shell") == true)
      #expect(!(try steps(rig, outcome, result.position)).contains("stage"))
    }
  }
}
