import ApexOne
import Runs

/// Asks before a run: the count must be typed, or given.
enum Confirmation {
  /// Throws 77 where it was not confirmed; nothing was touched then.
  static func obtain(
    _ plan: Plan, given: String?, listAge: ListAge?, warnings: [String], in invocation: Invocation
  ) async throws -> ConfirmedPlan {
    if let given { return try ConfirmedPlan(plan, by: given) }
    for line in summary(plan, listAge: listAge) + warnings { invocation.console.note(line) }
    guard invocation.console.traits.isInteractive else {
      throw CommandError(
        .refused, "not confirmed: no terminal to ask at; give --confirm \(plan.count); nothing was touched")
    }
    let answer = try await invocation.console.ask("type the count, \(plan.count), to go on: ")
    guard let answer, answer.filter({ !$0.isWhitespace && $0 != "," }) == "\(plan.count)" else {
      throw CommandError(.refused, "not confirmed; nothing was touched")
    }
    return try ConfirmedPlan(plan, by: "\(plan.count)")
  }

  private static func summary(_ plan: Plan, listAge: ListAge?) -> [String] {
    let refused = plan.refused == 0 ? "" : ", \(NumberText.grouped(plan.refused)) refused while planning"
    let package = PlanRows.package(plan)
    return [
      "\(plan.remedy.rawValue) of \(NumberText.grouped(plan.count)) agent\(plan.count == 1 ? "" : "s")\(refused), plan \(plan.digest)",
      "server \(plan.serverName) (\(plan.server)), certificate serial \(plan.certificateSerial), \(listAge.map { "list \($0.text)" } ?? "no list")",
    ] + package + ["on each endpoint: \(plan.commands)"]
  }
}
