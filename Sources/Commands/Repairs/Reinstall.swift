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
    jsonKeys: RepairRun.keys, mayRunInBackground: true)

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

  func run(in invocation: Invocation) async throws -> ExitCode {
    var recipe = PlanRecipe()
    // A run may be carried on from another folder.
    recipe.package = package.map { LocalPath.absolute($0.path) }
    recipe.arguments = arguments.map { $0.split(separator: " ").map(String.init) } ?? []
    return try await options.repair(selection, .reinstall, recipe, in: invocation)
  }
}
