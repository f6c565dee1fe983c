import Remote
import Runs

/// What a person should know of a plan before confirming it: how it goes on, what stops it, what it may leave behind.
struct PlanWarnings: Sendable {
  let lines: [String]

  /// `shells`: what the endpoints may have.
  init(_ plan: Plan, shells: [FarShell]) {
    var lines = PlanStops.lines(plan)
    if plan.remedy == .transfer, plan.command.contains("-pwd") {
      lines += Self.recorded("unload password", shells)
    }
    if plan.uninstallCommand != nil {
      lines += Self.recorded("uninstall password", shells)
      lines.append(
        "each endpoint is without an agent between the two commands; one whose installation fails stays so, and stops "
          + "the run; one goes first, and a second is touched only when that one is proved")
    }
    if let package = plan.package?.agent, package.architecture == .x86 {
      lines.append(
        "the package is for x86 by its own words: x64 machines run it too, and only the first one shows whether the agent "
          + "in it is for them")
    }
    if plan.recipe?.method == .autopcc {
      lines.append(
        "that autopcc renews a certificate is proved by no document of the vendor: one agent goes first, and the run "
          + "goes on only when that one is proved")
    }
    self.lines = lines
  }

  private static func recorded(_ password: String, _ shells: [FarShell]) -> [String] {
    let line = "the \(password) is an argument there, where process auditing may record it"
    guard shells.contains(where: { $0.kind == .powershell }) else { return [line] }
    return [
      line,
      "where PowerShell is an endpoint's SSH shell, script-block logging may record the \(password) too; "
        + "show agent NAME --live says which shell it is",
    ]
  }
}
