import ApexOne
import Runs

/// How a plan goes on.
struct FlowOptions: Sendable {
  var dryRun = false
  var probe = false
  var confirm: String?
  var verifyList = false
  /// The run whose agents are tried again.
  var parent: Int?
}

/// From a plan to its end: shown, confirmed, carried out, accounted for.
struct RepairFlow: Sendable {
  var plan: Plan
  var work: RepairWork
  var ground: RepairGround
  var options: FlowOptions
  var invocation: Invocation

  func run() async throws -> ExitCode {
    try Task.checkCancellation()
    if options.dryRun {
      let looks =
        options.probe ? try await PlanProbe(plan, work, ground.connector, ground.place, invocation).run() : nil
      try PlanRows.write(plan, looks: looks?.refusals, in: invocation)
      warnings.forEach(invocation.console.note)
      try looks?.throwIfRefused()
      return .success
    }
    guard plan.count > 0 else {
      try OutputClosed.ending { try PlanRows.write(plan, looks: nil, in: invocation) }
      throw PlanningError.allRefused
    }
    let age = ground.listTaken.map { ListAge(of: $0, at: ground.place.clock.date) }
    if options.confirm != nil, let warning = ground.deployed.warning { invocation.console.note(warning) }
    let confirmed = try await Confirmation.obtain(
      plan, given: options.confirm, listAge: age, warnings: warnings, in: invocation)
    let journal = try invocation.journal(of: ground.place)
    _ = try journal.keepTools(ground.facts.tools, server: ground.place.identity, at: ground.place.clock.date)
    let code = try await RepairRun(
      plan: plan, work: work, connector: ground.connector, place: ground.place, invocation: invocation
    ).start(confirmed, parent: options.parent)
    guard options.verifyList else { return code }
    if let run = invocation.ticket?.run {
      await run.afterwards { await verifyList() }
    } else {
      await verifyList()
    }
    return code
  }

  private var warnings: [String] {
    [ground.deployed.warning].compactMap(\.self) + PlanWarnings(plan, shells: ground.connector.shells).lines
  }

  /// For information only: the server's list may lag, so it changes neither outcome nor exit code.
  private func verifyList() async {
    do {
      let taken = try await FreshList.take(ground.place, hostColumn: nil, in: invocation)
      let names = Set(taken.list.agents.map(\.name))
      let still = plan.agents.compactMap { AgentName($0.name) }.filter(names.contains)
      invocation.console.note(
        "the server's new list holds \(NumberText.grouped(taken.list.agents.count)) agents, \(NumberText.grouped(still.count)) of this run (it may lag)"
      )
      try await invocation.refreshLookups(ground.place)
    } catch {
      invocation.console.note("no new list could be taken: \(RenderedError(error).message)")
    }
  }
}
