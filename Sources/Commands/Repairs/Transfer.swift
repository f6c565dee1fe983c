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
    help: ArgumentHelp("Deploy the certificate that Support sent for a case.", valueName: "id"))
  var caseNumber: CaseNumber?
  @OptionGroup var options: RepairOptions
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    var invocation = invocation
    invocation.settings = try options.run.applied(to: invocation.settings)
    let given = try caseNumber.map { number in
      let place = try invocation.place()
      return try CaseStore.certificate(
        ofCase: number.value, in: try invocation.journal(of: place), server: place.identity)
    }
    let password = try await checkedPassword(invocation)
    guard
      let ground = try await RepairGround.read(
        selection, options, certificate: given, withTools: true, in: invocation)
    else { return .success }
    let (plan, work) = try planner(ground, password).plan(
      ground.agents, connector: ground.connector, currentCertificate: ground.currentCertificate(in: invocation))
    return try await RepairFlow(plan: plan, work: work, ground: ground, options: options, invocation: invocation).run()
  }

  private func planner(_ ground: RepairGround, _ password: Secret?) throws -> TransferPlanner {
    let settings = ground.settings
    guard let product = settings.product.flatMap(Product.init(rawValue:)) else {
      throw CommandError(.misuse, "the product is not known from the folder's name; set product apex-one or another")
    }
    var runOptions = options.runOptions(settings)
    runOptions.changePort = changePort
    return TransferPlanner(
      server: ground.place.identity, product: product, serverName: try settings.needed(\.serverName, .serverName),
      serverAliases: settings.serverAliases, httpPort: try settings.needed(\.httpPort, .httpPort),
      httpsPort: settings.httpsPort, agentPort: try settings.needed(\.agentPort, .agentPort),
      certificate: ground.certificate, tools: ground.tools, unloadPassword: password, options: runOptions)
  }

  /// The unload password, or nil where there is none; and whether IpXfer of this product takes what it needs. Both are
  /// known before the server is put to work on a list.
  private func checkedPassword(_ invocation: Invocation) async throws -> Secret? {
    let place = try invocation.place()
    let password = noUnloadPassword ? nil : try await invocation.secret(.unloadPassword, place)
    if let product = invocation.settings.product.flatMap(Product.init(rawValue:)) ?? place.layout.product {
      try IpXferArguments.check(product, hasUnloadPassword: password != nil)
    }
    if password != nil || noUnloadPassword { return password }
    throw CommandError(
      .refused,
      "no unload-password; give it by: set unload-password, or at the start by --unload-password-from-file FILE; or say --no-unload-password"
    )
  }
}
