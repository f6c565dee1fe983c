import ApexOne
import ArgumentParser
import Remote
import Runs

/// `show agent NAME`
struct ShowAgent: ResultCommand, LookingCommand, JudgingCommand {
  static let configuration = CommandConfiguration(
    commandName: "show agent", abstract: "Show everything known of one agent.",
    discussion: """
      The row of the newest list; the agent's certificate, held against the server's of now, and its services, both as \
      the newest inspection found them, with its time and who looked (a run, or a command that only looks); and past \
      runs. With --live the endpoint is asked now: registry, services, certificate, and what a repair would make of \
      them. Nothing is changed there. In JSON, columns is the raw row, certificate, inspection, runs and live are \
      objects with keys of their own; live is null without --live.
      """)
  static let manual = CommandManual(
    group: .looking,
    examples: [
      .init("show agent WS-001", "what is known already"), .init("show agent WS-001 --live", "ask the endpoint too"),
      .init("show agent WS-900 --live --unlisted", "one that the list does not hold"),
    ],
    exitCodes: [.incomplete, .unusableInput, .serverUnavailable, .ownFiles, .refused],
    jsonKeys: [
      "agent", "state", "address", "domain", "guid", "version", "line", "columns", "duplicates", "certificate",
      "inspection", "runs", "live",
    ])

  @Argument(help: ArgumentHelp("The agent's name.", valueName: "name")) var name: AgentNameArgument
  @Flag(help: "Ask the endpoint.") var live = false
  @Flag(help: "Take a name that the list does not hold; with --live.") var unlisted = false
  @OptionGroup var output: OutputOptions
  var isJudging: Bool { live }

  func run(in invocation: Invocation) async throws -> ExitCode {
    if unlisted, !live { throw CommandError(.misuse, "--unlisted says something only with --live") }
    if live { _ = try invocation.place() }
    let known = try await KnownAgents.read(takesList: !unlisted, in: invocation)
    let history = try AgentHistory(of: name.name, server: known.inventory.server, in: known.journal)
    let agent = try find(known, history, invocation)
    if let age = known.listAge { invocation.console.note(age) }
    func write(_ live: LiveAgent?) throws {
      // A look reads the server first, so its key is known only now; and it is the newest inspection.
      let keys = try KeyRing(known.journal)
      let history = try AgentHistory(of: name.name, server: known.inventory.server, in: known.journal)
      let known = live == nil ? known : try known.again(in: invocation)
      var live = live
      let whose = live?.facts.certificateSHA256.map(keys.owners(ofCertificate:)) ?? []
      live?.whose = whose
      if known.state(of: agent.name) == "proved", let note = known.inventory.provedNote {
        invocation.console.note(note)
      }
      try AgentDossier(agent: agent, known: known, history: history, keys: keys).write(live: live, in: invocation)
    }
    guard live, let place = known.place else {
      try write(nil)
      return .success
    }
    do {
      try write(try await look(at: agent.name, place, invocation))
      return .success
    } catch let error as RemoteError {
      // What a ^C cut short says nothing of the endpoint.
      try Task.checkCancellation()
      // What is known is shown all the same.
      try write(nil)
      let cause = Cause(error)
      throw CommandError(
        Self.exitCode(error), "\(OutputText.visible(error.message)) (\(cause.rawValue): \(cause.meaning))")
    }
  }

  /// The listed agent, else one that runs know, else one that `--unlisted` allows.
  private func find(_ known: KnownAgents, _ history: AgentHistory, _ invocation: Invocation) throws -> Agent {
    if let agent = known.inventory.roster.agent(named: name.name) { return agent }
    if unlisted || !history.entries.isEmpty {
      invocation.console.note("\(name.name) is not in the newest list")
      return Agent(name: name.name)
    }
    // Says what is near.
    if let text = SelectionText(argument: name.name.text) {
      _ = try invocation.select(text, in: known.inventory, allowingUnlisted: false)
    }
    throw CommandError(.unusableInput, "\(name.name): no such agent")
  }

  private func look(at name: AgentName, _ place: ServerPlace, _ invocation: Invocation) async throws -> LiveAgent {
    let ground = try await LookGround.read(place, for: "show agent --live", in: invocation)
    place.clock.begin()
    defer { place.clock.end() }
    guard let facts = try await ground.look.facts(of: Endpoint(name: name.text)) else {
      throw RemoteError(.logonRefused, ground.look.gate.refusal ?? "the password was refused", credential: .password)
    }
    await ground.look.notes.flush(invocation.console)
    return LiveAgent(
      facts: facts, verdict: LookVerdict(facts, ground.expectations, of: name.text),
      origin: ground.expectations.certificate,
      isNotNamed: LookVerdict.isNotNamed(facts.machine, name.text, ground.expectations))
  }

  /// The endpoint could not be reached (69), did not prove itself or refused the logon (77), or let us on and showed
  /// nothing (1).
  private static func exitCode(_ error: RemoteError) -> ExitCode {
    switch error.kind {
    case .unreachable, .timedOut, .dropped, .protocolFault, .noCommonAlgorithm: .serverUnavailable
    case .logonRefused, .hostKeyUnknown, .hostKeyChanged: .refused
    case .local: .unusableInput
    default: .incomplete
    }
  }
}
