import ApexOne
import ArgumentParser
import Remote
import Runs
import Synchronization

/// `check agent SELECTION`
struct CheckAgents: ResultCommand {
  static let configuration = CommandConfiguration(
    commandName: "check agent", abstract: "Check what would stop a repair of agents, changing nothing.",
    discussion: """
      Looks at each endpoint: name, reachability, trust, account, the agent, its server, version, machine and port. \
      Rights to write and free space are not tested, since that would take writing. The first logon runs alone; a \
      refused password stops the check at once.
      """)
  static let manual = CommandManual(
    group: .looking,
    examples: [
      .init("check agent @mismatched", "all that are listed"),
      .init("check agent '@mismatched&@first:20' --format json", "the first 20, an object a line"),
      .init("check agent WS-900 --unlisted", "one that the list does not hold"),
    ],
    exitCodes: [.incomplete, .unusableInput, .serverUnavailable, .ownFiles, .refused, .interrupted],
    jsonKeys: ["agent", "state", "cause", "detail"])

  @Argument(
    help: ArgumentHelp("Which agents.", valueName: "selection"),
    completion: CommandCompletion.selection(preferring: "mismatched").kind)
  var selection: SelectionText
  @Flag(help: "Take names that the list does not hold.") var unlisted = false
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    // A mistake in the selection must not cost the taking of a list.
    _ = try Selection(selection.text)
    _ = try invocation.place()
    let known = try await KnownAgents.read(takesList: !unlisted, in: invocation)
    guard let place = known.place else { throw CommandError(.misuse, "no server is set; connect ADDRESS") }
    let result = try invocation.select(selection, in: known.inventory, allowingUnlisted: unlisted)
    let names = result.agents.map(\.name) + result.unlisted
    guard !names.isEmpty else {
      invocation.console.note("the selection holds no agents: nothing to check")
      return .success
    }
    let ground = try await LookGround.read(place, in: invocation)
    return try await AgentSweep(ground: ground, names: names, invocation: invocation).run()
  }
}

/// Looks at many endpoints, so many at a time, and shows a row for each in the order of the selection.
private struct AgentSweep: Sendable {
  let ground: LookGround
  let names: [AgentName]
  let invocation: Invocation

  private typealias Row = (name: AgentName, check: AgentCheck)

  private final class Counts: Sendable {
    private let counts = Mutex([CheckState: Int]())
    func add(_ state: CheckState) { counts.withLock { $0[state, default: 0] += 1 } }
    subscript(_ state: CheckState) -> Int { counts.withLock { $0[state] ?? 0 } }
  }

  func run() async throws -> ExitCode {
    let console = invocation.console
    let rows = invocation.rows([
      ResultColumn("agent", minimumWidth: 12), ResultColumn("state", minimumWidth: 5),
      ResultColumn("cause", minimumWidth: 14), ResultColumn("detail"),
    ])
    let counts = Counts()
    let ordered = OrderedRows<Row> { row in
      counts.add(row.check.state)
      try rows.write(
        [
          .text(row.name.text), .text(row.check.state.rawValue), .init(row.check.cause?.rawValue),
          .text(row.check.detail),
        ], now: true)
    }
    await sweep(into: ordered)
    console.progress(nil)
    try ordered.finish()
    try rows.end()
    if ground.look.gate.refusal != nil { await invocation.secrets.forget(.password) }
    let checked = CheckState.allCases.reduce(0) { $0 + counts[$1] }
    say(counts, checked)
    try Task.checkCancellation()
    if let refusal = ground.look.gate.refusal {
      throw CommandError(
        .refused,
        "\(OutputText.visible(refusal)); stopped, so that the account is not locked: set password, then check again")
    }
    return counts[.red] > 0 ? .incomplete : .success
  }

  private func say(_ counts: Counts, _ checked: Int) {
    func text(_ state: CheckState) -> String { "\(NumberText.grouped(counts[state])) \(state.rawValue)" }
    let left = names.count - checked
    let rest = left > 0 ? ", \(NumberText.grouped(left)) not checked" : ""
    invocation.console.note(CheckState.allCases.map(text).joined(separator: ", ") + rest)
    if checked > 0 {
      invocation.console.note("not tested, since it would take writing: rights to write, free space")
    }
  }

  private func sweep(into rows: OrderedRows<Row>) async {
    let clock = ground.place.clock
    let slots = SlotPool(limit: ground.parallel, clock: clock)
    let started = clock.now
    clock.begin()
    await withTaskGroup(of: Void.self) { group in
      for (index, name) in names.enumerated() {
        await slots.acquire(.new)
        if Task.isCancelled || ground.look.gate.refusal != nil || rows.hasFailed { break }
        clock.begin()
        group.addTask {
          if let check = await self.check(name) {
            let done = rows.add((name, check), at: index)
            invocation.console.progress(
              ProgressSnapshot(
                label: "checking", done: done, total: names.count, elapsed: clock.now - started))
          }
          slots.release()
          clock.end()
        }
      }
      clock.end()
    }
  }

  /// Nil where it was not tried, since the password was refused elsewhere or the check was interrupted.
  private func check(_ name: AgentName) async -> AgentCheck? {
    let endpoint = Endpoint(name: name.text)
    do throws(RemoteError) {
      try await ground.look.connector.probe(endpoint, within: ground.look.connectLimit)
      guard let facts = try await ground.look.facts(of: endpoint) else { return nil }
      return AgentCheck(facts, ground.expectations)
    } catch {
      // ^C ends what is under way: that says nothing of the endpoint.
      return Task.isCancelled ? nil : AgentCheck(error)
    }
  }
}
