import ApexOne
import ArgumentParser
import Remote
import Runs

/// `transfer SELECTION`: the article's first repair.
struct Transfer: ResultCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Repair agents with IpXfer and the server's certificate.",
    discussion: """
      Looks at each endpoint first, puts the server's IpXfer folder and certificate there, runs IpXfer, waits for the \
      services, and proves the repair by looking again: never by an exit code. Runs in waves that stop at a budget.
      """)
  static let manual = CommandManual(
    group: .repairing,
    examples: [
      .init("transfer @mismatched --dry-run", "what would be done"),
      .init("transfer @mismatched", "all that are listed; asks for the count"),
      .init("transfer 'WS-[001-020]' --confirm 20", "in a script"),
      .init("transfer @mismatched&@domain:Sales --waves 1,10,100% --parallel 16", "smaller waves"),
    ],
    exitCodes: [.incomplete, .unusableInput, .serverUnavailable, .ownFiles, .refused, .interrupted],
    jsonKeys: RepairRun.keys)

  @Argument(
    help: ArgumentHelp("Which agents.", valueName: "selection"),
    completion: CommandCompletion.selection(preferring: "mismatched").kind)
  var selection: SelectionText
  @Flag(help: "Let the agent's port change to agent-port.") var changePort = false
  @Flag(help: "The agents have no unload password.") var noUnloadPassword = false
  @Option(
    name: .customLong("case"),
    help: ArgumentHelp("Deploy the certificate that Support sent for a case.", valueName: "id"),
    completion: CommandCompletion.caseNumber.kind)
  var caseNumber: Int?
  @OptionGroup var options: RepairOptions
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    var invocation = invocation
    invocation.settings = try options.run.applied(to: invocation.settings)
    let given = try caseNumber.map { number in
      let place = try invocation.place()
      return try CaseStore.certificate(
        ofCase: number, in: try invocation.journal(of: place), server: place.identity)
    }
    // What can be refused by itself is, before the server is put to work on a list.
    let place = try invocation.place()
    let connector = try await invocation.connector(place)
    _ = try await unloadPassword(place, invocation)
    guard
      let ground = try await RepairGround.read(
        selection, options, certificate: given, withTools: true, in: invocation)
    else { return .success }
    let current = ground.currentCertificate(given: given, in: invocation)
    let planner = try await planner(ground, invocation)
    var (plan, work) = try planner.plan(ground.agents, connector: connector, currentCertificate: current)
    plan.listTaken = ground.listTaken
    return try await RepairFlow(
      plan: plan, work: work, connector: connector, ground: ground, options: options, invocation: invocation
    ).run()
  }

  private func planner(_ ground: RepairGround, _ invocation: Invocation) async throws -> TransferPlanner {
    let settings = ground.settings
    guard let product = settings.product.flatMap(Product.init(rawValue:)) else {
      throw CommandError(.misuse, "the product is not known from the folder's name; set product apex-one or another")
    }
    var runOptions = settings.runOptions
    runOptions.move = options.move
    runOptions.changePort = changePort
    runOptions.force = options.force
    return TransferPlanner(
      server: ground.place.identity, product: product, serverName: try needed(settings.serverName, .serverName),
      serverAliases: settings.serverAliases, httpPort: try needed(settings.httpPort, .httpPort),
      httpsPort: settings.httpsPort, agentPort: try needed(settings.agentPort, .agentPort),
      certificate: ground.certificate, tools: ground.tools,
      unloadPassword: try await unloadPassword(ground.place, invocation), options: runOptions)
  }

  private func unloadPassword(_ place: ServerPlace, _ invocation: Invocation) async throws -> Secret? {
    if noUnloadPassword { return nil }
    if let secret = try await invocation.secret(.unloadPassword, place) { return secret }
    throw CommandError(
      .refused,
      "no unload-password; give it by: set unload-password, or at the start by --unload-password-from-file FILE; or say --no-unload-password"
    )
  }

  private func needed<Value>(_ value: Value?, _ key: SettingKey) throws -> Value {
    if let value { return value }
    throw CommandError(
      .misuse, "\(key.rawValue) is not known: ofcscan.ini has none that can be used; set \(key.rawValue)")
  }
}
