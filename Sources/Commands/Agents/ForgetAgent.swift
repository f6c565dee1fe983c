import ApexOne
import ArgumentParser
import Foundation
import Runs

/// `forget agent SELECTION --reason TEXT`
struct ForgetAgent: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget agent", abstract: "Let go of endpoints that are gone for good.",
    discussion: """
      An endpoint that was left unprotected or without an agent stays known until an inspection proves it well. One that \
      no inspection can reach any more (a machine that is dead, or was set up anew under another name) is let go of by \
      this. Who said so, when and why is kept in the journal, and reports of its runs name it. Nothing is done at the \
      endpoint; where a run is under way for one of them, none is forgotten. COUNT is the number of endpoints.
      """)
  static let manual = CommandManual(
    group: .looking,
    examples: [
      .init("forget agent WS-007 --reason 'scrapped, ticket 4711'", "asks for the count"),
      .init("forget agent '@unprotected&WS-1*' --reason 'site closed' --confirm 3", "in a script"),
    ],
    exitCodes: [.unusableInput, .ownFiles, .refused])

  private static let longest = 500

  @Argument(
    help: ArgumentHelp("Which endpoints, of @unprotected and @no-agent.", valueName: "selection"),
    completion: CommandCompletion.selection(preferring: "unprotected").kind)
  var selection: SelectionText
  @Option(help: ArgumentHelp("Why; it is kept.", valueName: "text")) var reason: String
  @Option(help: ArgumentHelp("Confirm without a prompt: the count of endpoints.", valueName: "count"))
  var confirm: String?

  func validate() throws {
    if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason is empty; say why they are gone for good") }
    if reason.count > Self.longest || reason.unicodeScalars.contains(where: { $0.value < 32 }) {
      throw ValidationError("--reason is one line of up to \(Self.longest) characters")
    }
  }

  func run(in invocation: Invocation) async throws -> ExitCode {
    let place = try invocation.place()
    let inventory = try invocation.inventory(place)
    let agents = try invocation.select(selection, in: inventory, allowingUnlisted: false).agents
    let endpoints = agents.compactMap { inventory.danger(of: $0.name) }
    let console = invocation.console
    if agents.isEmpty { return .success }
    guard !endpoints.isEmpty else {
      throw CommandError(
        .unusableInput,
        "\(OutputText.visible(selection.text)): nothing is known to be wrong there, so that there is nothing to forget; "
          + "see: list agents @unprotected,@no-agent")
    }
    let others = agents.count - endpoints.count
    if others > 0 { console.note("\(NumberText.grouped(others)) more: nothing is known to be wrong there") }
    let journal = try invocation.journal(of: place)
    try Self.check(endpoints, in: journal, server: place.identity)
    for endpoint in endpoints.prefix(10) { console.note("forget: \(endpoint.name.text), \(endpoint.state)") }
    if endpoints.count > 10 { console.note("and \(NumberText.grouped(endpoints.count - 10)) more") }
    let listed = endpoints.filter { inventory.roster.place(of: $0.name) != nil }.map(\.name)
    if !listed.isEmpty {
      console.note("in the server's newest list, and agents of it all the same: \(NameFolding.fold(listed))")
    }
    try await TrustConfirmation.obtain(
      endpoints.count, of: "endpoint\(endpoints.count == 1 ? "" : "s") to forget", given: confirm, console)
    try journal.forget(
      endpoints, server: place.identity, reason: reason, who: Self.account, at: place.clock.date)
    console.note("\(NumberText.grouped(endpoints.count)) endpoint\(endpoints.count == 1 ? "" : "s") forgotten")
    return .success
  }

  /// Throws where a living run still has one of them to do, before anybody is asked.
  private static func check(_ endpoints: [EndangeredEndpoint], in journal: Journal, server: String) throws {
    let claims = try journal.claims(server: server)
    guard let first = endpoints.first(where: { claims[$0.name.key] != nil }), let run = claims[first.name.key] else {
      return
    }
    throw CommandError(
      .refused,
      "\(first.name.text) is being worked on by run \(run); wait for its end, or stop \(run); nothing was forgotten")
  }

  /// Whose process this is; behind sudo, who called it, too.
  private static var account: String {
    let caller = ProcessInfo.processInfo.environment["SUDO_USER"].flatMap { $0.isEmpty ? nil : $0 }
    return NSUserName() + (caller.map { " (sudo by \($0.prefix(100)))" } ?? "")
  }
}
