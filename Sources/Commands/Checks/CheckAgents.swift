import ApexOne
import ArgumentParser
import Remote
import Runs
import Synchronization

/// `check agent SELECTION`
struct CheckAgents: ResultCommand, LookingCommand, JudgingCommand {
  static let configuration = CommandConfiguration(
    commandName: "check agent", abstract: "Check what would stop a repair of agents, changing nothing.",
    discussion: """
      Looks at each endpoint: name, reachability, trust, account, the agent, its server, version, machine and port. An \
      endpoint whose required services do not run is red, whatever its certificate is. \
      Rights to write and free space are not tested, since that would take writing. Logons by password go singly \
      until three endpoints have taken it; a refused one stops the check at once.
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
    let ground = try await LookGround.read(place, for: "check agent", in: invocation)
    return try await check(names, ground, known.journal, invocation)
  }

  private final class Counts: Sendable {
    private let counts = Mutex([CheckState: Int]())
    func add(_ state: CheckState) { counts.withLock { $0[state, default: 0] += 1 } }
    subscript(_ state: CheckState) -> Int { counts.withLock { $0[state] ?? 0 } }
  }

  /// A row for each, in the order of the selection.
  private func check(
    _ names: [AgentName], _ ground: LookGround, _ journal: Journal, _ invocation: Invocation
  ) async throws -> ExitCode {
    let rows = invocation.rows([
      ResultColumn("agent", minimumWidth: 12), ResultColumn("state", minimumWidth: 5),
      ResultColumn("cause", minimumWidth: 14), ResultColumn("detail"),
    ])
    let counts = Counts()
    let sweep = AgentSweep<AgentCheck>(
      ground: ground, endpoints: names.map { Endpoint(name: $0.text) }, label: "checking", invocation: invocation
    ) { endpoint, found in
      switch found {
      case .success(let facts): AgentCheck(facts, ground.expectations, of: endpoint.name)
      case .failure(let error): AgentCheck(error)
      }
    }
    try await sweep.run { endpoint, check in
      counts.add(check.state)
      try rows.write(
        [.text(endpoint.name), .text(check.state.rawValue), .init(check.cause?.rawValue), .text(check.detail)],
        now: true)
    }
    try rows.end()
    say(counts, of: names.count, invocation.console)
    DangerText(try journal.endangered(server: ground.place.identity)).say(to: invocation.console)
    try await invocation.refreshLookups(ground.place)
    try sweep.throwIfCut(again: "check")
    return counts[.red] > 0 ? .incomplete : .success
  }

  private func say(_ counts: Counts, of all: Int, _ console: any Console) {
    func text(_ state: CheckState) -> String { "\(NumberText.grouped(counts[state])) \(state.rawValue)" }
    let checked = CheckState.allCases.reduce(0) { $0 + counts[$1] }
    let left = all - checked
    let rest = left > 0 ? ", \(NumberText.grouped(left)) not checked" : ""
    console.note(CheckState.allCases.map(text).joined(separator: ", ") + rest)
    if checked > 0 { console.note("not tested, since it would take writing: rights to write, free space") }
  }
}
