import ApexOne
import ArgumentParser
import Remote
import Runs

/// `list-mismatched [SELECTION]`
struct ListMismatched: ResultCommand {
  static let configuration = CommandConfiguration(
    commandName: "list-mismatched", abstract: "Have the server list its mismatched agents, and show them.",
    discussion: """
      Runs CertificateManager.exe -l on the server and keeps the list in the journal. The list is what the server \
      knows: agents that never report may be missing from it.
      """)
  static let manual = CommandManual(
    group: .looking,
    examples: [
      .init("list-mismatched", "the whole list"), .init("list-mismatched @domain:Sales", "a part of it"),
      .init("list-mismatched --by domain", "counts"),
      .init("list-mismatched --from MismatchedAgentList.csv", "a list that somebody else made"),
      .init("list-mismatched --cached --diff", "what the newest list has that the one before had not"),
    ],
    exitCodes: [.unusableInput, .serverUnavailable, .ownFiles, .refused],
    jsonKeys: ["agent", "address", "domain", "guid", "version", "line", "columns"])

  @Argument(help: ArgumentHelp("Which agents to show.", valueName: "selection")) var selection: SelectionText?
  @Option(help: ArgumentHelp("Read this CSV instead of asking the server.", valueName: "file"))
  var from: FilePathArgument?
  @Flag(help: "Show the newest list that was kept, and its age.") var cached = false
  @Flag(help: "Show what came and went since the list before.") var diff = false
  @Option(
    help: ArgumentHelp("Count by a column: domain, subnet, version, or a name of the list's.", valueName: "column"))
  var by: String?
  @Option(help: ArgumentHelp("The column with the host names, where it can't be guessed.", valueName: "name"))
  var hostColumn: String?
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    if cached, from != nil { throw CommandError(.misuse, "give --cached or --from, not both") }
    if diff, by != nil { throw CommandError(.misuse, "give --diff or --by, not both") }
    let (identity, parsed) = try await takeOrRead(invocation)
    let place = invocation.settings.server == nil ? nil : try invocation.place()
    let journal = try invocation.journal(of: place)
    let inventory = try invocation.inventory(of: identity, in: journal, parsed: parsed)
    guard let list = inventory.list, let mismatches = inventory.mismatches else {
      throw CommandError(.unusableInput, "no list was kept yet; run list-mismatched without --cached")
    }
    let date = place?.clock.date ?? TimeText.now
    ListNotes.say(list, mismatches, inventory, age: date - list.at, isCached: cached, to: invocation.console)
    if let place { try await invocation.refreshLookups(place, inventory) }
    let agents = try shown(inventory, invocation)
    if diff { return try ListDifference.show(agents, of: inventory, in: journal, invocation) }
    if let by { return try ListCounts.show(agents, by: by, of: mismatches, invocation) }
    try AgentRows.write(agents, of: mismatches, in: invocation)
    return .success
  }

  /// Takes a list where one is asked for; returns whose it is, and what was read.
  private func takeOrRead(
    _ invocation: Invocation
  ) async throws -> (identity: String, parsed: (list: MismatchList, number: Int)?) {
    if let from {
      let identity = invocation.settings.server == nil ? "" : try invocation.place().identity
      let place = invocation.settings.server == nil ? nil : try invocation.place()
      let bytes = try InputFile.read(from.path, limit: ListTaker.sizeLimit)
      let parsed = try FreshList.keep(
        bytes, of: identity, source: from.path, hostColumn: hostColumn, at: place?.clock.date ?? TimeText.now,
        in: try invocation.journal(of: place))
      if identity.isEmpty {
        invocation.console.note(
          "no server is set: the list can be looked at, not repaired; set server, then read it again")
      }
      return (identity, parsed)
    }
    if cached, invocation.settings.server == nil { return ("", nil) }
    let place = try invocation.place()
    let parsed = cached ? nil : try await FreshList.take(place, hostColumn: hostColumn, in: invocation)
    return (place.identity, parsed)
  }

  private func shown(_ inventory: Inventory, _ invocation: Invocation) throws -> [Agent] {
    guard let selection else { return inventory.roster.agents }
    return try invocation.select(selection, in: inventory, allowingUnlisted: false).agents
  }
}
