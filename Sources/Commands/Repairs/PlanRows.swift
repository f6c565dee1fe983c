import ApexOne
import Runs

/// `--dry-run`: a plan as rows.
enum PlanRows {
  static let keys = ["agent", "action", "refusal", "command"]

  /// The package of a plan, a fact a line; none where there is none.
  static func package(_ plan: Plan) -> [String] {
    guard let package = plan.package else { return [] }
    let agent = package.agent
    let version = agent.version.map { "version \($0)" } ?? "version not known"
    let product = agent.productName.map { " (\($0))" } ?? ""
    return [
      "package \(agent.name), a \(agent.form.title) for \(agent.architecture), \(version)\(product)",
      "package size \(NumberText.grouped(package.size)) bytes, SHA-256 \(package.sha256)",
    ].map(OutputText.visible)
  }

  static func write(_ plan: Plan, looks: [String: Refusal]?, in invocation: Invocation) throws {
    // It is the same for all: said once to a person.
    let isTable = invocation.format == .table
    let rows = invocation.rows([
      ResultColumn("agent", minimumWidth: 12), ResultColumn("action", minimumWidth: 9), ResultColumn("refusal"),
      ResultColumn("command", isJSONOnly: isTable),
    ])
    for agent in plan.agents {
      let refusal = agent.refusal ?? looks?[agent.name]
      try rows.write([
        .text(agent.name), .text(agent.refusal == nil ? plan.remedy.rawValue : "refuse"),
        .init(refusal.map { "\($0.cause.rawValue): \($0.text)" }),
        agent.refusal == nil ? .text(plan.commands) : .null,
      ])
    }
    // Looks never change the count: their refusals are told apart.
    try rows.writeObject([
      ("plan", .text(plan.digest)), ("planned", .number(plan.agents.count)), ("refused", .number(plan.refused)),
    ])
    try rows.end()
    package(plan).forEach(invocation.console.note)
    if isTable, plan.count > 0 { invocation.console.note("on each endpoint: \(plan.commands)") }
    var text =
      "plan \(plan.digest): \(NumberText.grouped(plan.agents.count)) planned, \(NumberText.grouped(plan.refused)) refused"
    if let looks { text += "; the looks would refuse or skip \(NumberText.grouped(looks.count))" }
    invocation.console.note(
      text + (plan.count == 0 ? "" : "; confirm with --confirm \(plan.count) or --confirm \(plan.digest)"))
  }
}
