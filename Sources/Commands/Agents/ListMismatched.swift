import ApexOne
import ArgumentParser
import Remote
import Runs

/// `list-mismatched [SELECTION]`
struct ListMismatched: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "list-mismatched", abstract: "Have the server list its mismatched agents, and show them.",
    discussion: """
      Runs CertificateManager.exe -l on the server and keeps the list in the journal. The list is what the server \
      knows: agents that never report may be missing from it. A file without agents is shown, but does not take the \
      place of a list that has some.
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
  @Flag(help: "With --from: keep a file without agents as the newest list, which leaves @mismatched empty.")
  var keepEmpty = false
  @Flag(help: "Show the newest list that was kept, and its age.") var cached = false
  @Flag(help: "Show what came and went since the list before.") var diff = false
  @Option(
    help: ArgumentHelp("Count by a column: domain, subnet, version, or a name of the list's.", valueName: "column"))
  var by: String?
  @Option(
    help: ArgumentHelp(
      "The column with the host names, where it can't be guessed: its name, 'NAME #2' for the second of that name, or its number.",
      valueName: "name"))
  var hostColumn: String?
  @OptionGroup var output: OutputOptions

  var isLooking: Bool { cached && from == nil }

  func run(in invocation: Invocation) async throws -> ExitCode {
    if cached, from != nil { throw CommandError(.misuse, "give --cached or --from, not both") }
    if diff, by != nil { throw CommandError(.misuse, "give --diff or --by, not both") }
    if keepEmpty, from == nil { throw CommandError(.misuse, "--keep-empty goes with --from FILE") }
    let file = try from.map { try GivenList($0.path, hostColumn: hostColumn) }
    let needsServer = file == nil && !cached
    let place = invocation.settings.server == nil && !needsServer ? nil : try invocation.place()
    let journal = try invocation.journal(of: place)
    var parsed: (list: MismatchList, number: Int)?
    if let file {
      guard let number = try keep(file, place, journal, invocation) else { return .success }
      parsed = (file.list, number)
    } else if let place, needsServer {
      parsed = try await FreshList.take(place, hostColumn: hostColumn, in: invocation)
    }
    let inventory = try invocation.inventory(of: place?.identity ?? "", in: journal, parsed: parsed)
    guard let list = inventory.list, let mismatches = inventory.mismatches else {
      throw CommandError(.unusableInput, "no list was kept yet; run list-mismatched without --cached")
    }
    let date = place?.clock.date ?? TimeText.now
    ListNotes.say(
      list, mismatches, inventory, age: ListAge(of: list.at, at: date), isCached: cached, to: invocation.console)
    try await invocation.refreshLookups(place, inventory)
    let agents = try shown(inventory, invocation)
    if diff { return try ListDifference.show(agents, of: inventory, in: journal, invocation) }
    if let by { return try ListCounts.show(agents, by: by, of: mismatches, invocation) }
    try AgentRows.write(agents, of: mismatches, in: invocation)
    return .success
  }

  /// Keeps a file as the newest list; nil where it holds no agents and the newest list does.
  private func keep(
    _ file: GivenList, _ place: ServerPlace?, _ journal: Journal, _ invocation: Invocation
  ) throws -> Int? {
    let identity = place?.identity ?? ""
    // One slip must not make a fleet look repaired.
    if file.list.agents.isEmpty, !keepEmpty, let newest = try journal.lists(server: identity).first, newest.agents > 0 {
      try show(empty: file, beside: newest, invocation)
      return nil
    }
    let number = try FreshList.keep(
      file.list, file.bytes, of: identity, source: file.path, hostColumn: hostColumn,
      at: place?.clock.date ?? TimeText.now, in: journal)
    if place == nil {
      invocation.console.note(
        "no server is set: the list can be looked at, not repaired; set server, then read it again")
    }
    return number
  }

  /// What a file without agents holds: notes, and no rows.
  private func show(empty file: GivenList, beside newest: ListRecord, _ invocation: Invocation) throws {
    ListNotes.say(file.list, to: invocation.console)
    let name = OutputText.visible(file.path)
    invocation.console.note(
      "\(name) holds 0 agents and was NOT taken: list \(newest.number), of \(NumberText.grouped(newest.agents)) agents, "
        + "stays the newest (--keep-empty takes it all the same)")
    if selection != nil || diff {
      throw CommandError(.unusableInput, "\(name): without agents there is nothing to select or compare")
    }
    try AgentRows.write([], of: file.list, in: invocation)
  }

  private func shown(_ inventory: Inventory, _ invocation: Invocation) throws -> [Agent] {
    guard let selection else { return inventory.roster.agents }
    return try invocation.select(selection, in: inventory, allowingUnlisted: false).agents
  }
}

/// A list that somebody else made, read from a file.
private struct GivenList: Sendable {
  let path: String
  let bytes: [UInt8]
  let list: MismatchList

  init(_ path: String, hostColumn: String?) throws {
    self.path = path
    bytes = try InputFile.read(path, limit: ListTaker.sizeLimit)
    list = try FreshList.parse(bytes, source: path, hostColumn: hostColumn)
  }
}
