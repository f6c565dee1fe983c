import Remote
import Runs

/// What a person should know of a plan before confirming it.
struct PlanWarnings: Sendable {
  let lines: [String]

  /// `shells`: what the endpoints may have.
  init(_ plan: Plan, shells: [FarShell]) {
    var lines: [String] = []
    if plan.remedy == .transfer, plan.command.contains("-pwd") {
      lines.append("the unload password is an argument there, where process auditing may record it")
      if shells.contains(where: { $0.kind == .powershell }) {
        lines.append(
          "where PowerShell is an endpoint's SSH shell, script-block logging may record the unload password too; "
            + "show agent NAME --live says which shell it is")
      }
    }
    self.lines = lines
  }
}
