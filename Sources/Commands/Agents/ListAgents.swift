import ApexOne
import ArgumentParser
import Runs

/// `list agents [SELECTION]`
struct ListAgents: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "list agents", abstract: "List the agents of the inventory, each with its last outcome.",
    discussion: """
      The inventory is the newest list of the current server and what runs learned since. It is read from the journal; \
      only where there is no list yet is one taken first. state is mismatched, proved, or proved-other (a run proved \
      another certificate than the server's of now); no-agent, unprotected or perhaps-unprotected stand in its place \
      until an inspection proves the endpoint well, and such endpoints stay in this list when they leave the server's.
      """)
  static let manual = CommandManual(
    group: .looking,
    examples: [
      .init("list agents", "all of them"), .init("list agents @failed", "those that failed in the last run"),
      .init("list agents @unprotected,@no-agent", "what nothing has proved well since"),
      .init("list agents '@mismatched&@domain:Sales' --format json", "a part of them, an object a line"),
    ],
    exitCodes: [.unusableInput, .serverUnavailable, .ownFiles, .refused],
    jsonKeys: ["agent", "address", "domain", "version", "state", "outcome", "run"])

  @Argument(help: ArgumentHelp("Which agents; all where it is left out.", valueName: "selection"))
  var selection: SelectionText?
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    // A mistake in the selection must not cost the taking of a list.
    if let selection { _ = try Selection(selection.text) }
    let known = try await KnownAgents.read(takesList: true, in: invocation)
    let agents =
      try selection.map { try invocation.select($0, in: known.inventory, allowingUnlisted: false).agents }
      ?? known.inventory.roster.agents + known.inventory.endangeredBeyondList
    let last = try known.journal.lastResults(server: known.inventory.server)
    let rows = invocation.rows([
      ResultColumn("agent", minimumWidth: 12), ResultColumn("address", minimumWidth: 15),
      ResultColumn("domain", minimumWidth: 12), ResultColumn("version", minimumWidth: 10),
      ResultColumn("state", minimumWidth: 10), ResultColumn("outcome", minimumWidth: 16),
      ResultColumn("run", isNumeric: true, minimumWidth: 3),
    ])
    for agent in agents {
      let result = last[agent.name.key]
      try rows.write([
        .text(agent.name.text), .init(agent.address), .init(agent.domain), .init(agent.version),
        .init(known.state(of: agent.name)), .init(result?.outcome.rawValue), .init(result?.run),
      ])
    }
    try rows.end()
    let age = known.listAge.map { ", \($0)" } ?? ""
    invocation.console.note("\(NumberText.grouped(agents.count)) agent\(agents.count == 1 ? "" : "s")\(age)")
    if let note = known.inventory.provedNote { invocation.console.note(note) }
    DangerText(known.inventory.endangered).say(to: invocation.console)
    return .success
  }
}
