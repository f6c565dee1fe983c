import ApexOne
import ArgumentParser
import Runs

/// `reinstall SELECTION`: the article's second repair.
struct Reinstall: ResultCommand {
  enum Method: String, CaseIterable, ExpressibleByArgument, Sendable { case package }

  static let configuration = CommandConfiguration(
    commandName: "reinstall", abstract: "Repair agents by installing them again with an Agent Packager package.",
    discussion: """
      The package is put on the endpoint and read back before it is run. Proof is a running agent of the right server \
      with its certificate. A reboot that the installer asks for is an outcome of its own.
      """)
  static let manual = CommandManual(
    group: .repairing,
    examples: [
      .init("reinstall @failed --package Agent.msi --dry-run", "what would be done"),
      .init("reinstall WS-007 --package Agent.exe --arguments '/s' --confirm 1", "one agent, in a script"),
    ],
    exitCodes: [.incomplete, .unusableInput, .serverUnavailable, .ownFiles, .refused, .interrupted],
    jsonKeys: RepairRun.keys)

  @Argument(
    help: ArgumentHelp("Which agents.", valueName: "selection"),
    completion: CommandCompletion.selection(preferring: "mismatched").kind)
  var selection: SelectionText
  @Option(help: "How: package installs an Agent Packager package.") var method = Method.package
  @Option(help: ArgumentHelp("The package, .msi or .exe.", valueName: "file")) var package: FilePathArgument?
  @Option(help: ArgumentHelp("More arguments for the installer, separated by blanks.", valueName: "text"))
  var arguments: String?
  @OptionGroup var options: RepairOptions
  @OptionGroup var output: OutputOptions

  private static let sizeLimit = 1 << 30

  func run(in invocation: Invocation) async throws -> ExitCode {
    guard let package else { throw CommandError(.misuse, "reinstall needs --package FILE, made by the Agent Packager") }
    var invocation = invocation
    invocation.settings = try options.run.applied(to: invocation.settings)
    let file = try staged(package.path)
    guard
      let ground = try await RepairGround.read(selection, options, certificate: nil, withTools: false, in: invocation)
    else { return .success }
    let settings = ground.settings
    let planner = ReinstallPlanner(
      server: ground.place.identity, product: settings.product.flatMap(Product.init(rawValue:)) ?? .apexOne,
      serverName: try settings.needed(\.serverName, .serverName), serverAliases: settings.serverAliases,
      certificate: ground.certificate, package: file,
      arguments: arguments.map { $0.split(separator: " ").map(String.init) } ?? [],
      options: options.runOptions(settings))
    let (plan, work) = try planner.plan(
      ground.agents, connector: ground.connector, currentCertificate: ground.currentCertificate(in: invocation))
    return try await RepairFlow(plan: plan, work: work, ground: ground, options: options, invocation: invocation).run()
  }

  /// The package under a name of ours: whatever the file is called here must not become a path there.
  private func staged(_ path: String) throws -> StagedFile {
    let lower = path.lowercased()
    guard let ending = [".msi", ".exe"].first(where: lower.hasSuffix) else {
      throw CommandError(
        .unusableInput, "\(OutputText.visible(path)): a package is an .msi or .exe of the Agent Packager")
    }
    let bytes = try InputFile.read(path, limit: Self.sizeLimit)
    if bytes.isEmpty { throw CommandError(.unusableInput, "\(OutputText.visible(path)): the file is empty") }
    return StagedFile(name: "package" + ending, bytes: bytes)
  }
}
