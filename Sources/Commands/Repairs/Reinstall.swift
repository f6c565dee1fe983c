import ApexOne
import ArgumentParser
import Runs

extension ReinstallMethod: ExpressibleByArgument {}

/// `reinstall SELECTION`: the article's second repair.
struct Reinstall: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "reinstall", abstract: "Repair agents by installing them again.",
    discussion: """
      With a package, it is put on the endpoint and read back before it is run; with --uninstall-first, before the \
      agent is removed by its own uninstaller and the uninstall password. What is no package by its bytes is refused, \
      and an .msi that would install nothing (files beside it, an empty table), or another product than the agent; \
      its kind of machine is compared with the endpoint's before anything is touched, and its version, size and hash \
      are shown. With --uninstall-first one agent goes first, whatever the waves: a second is removed only when the \
      first new one is proved. An installation that fails after that stops the run, and the report says which endpoint \
      has no agent. Where another installation is in progress (1618), it \
      is waited for, as long as timeout-execute allows.

      Proof is a running agent of the right server with its certificate, never an exit code. A reboot that Windows \
      Installer asks for (3010, 1641) is an outcome of its own: after it, resume goes on, and installs where an \
      uninstall was done.

      --method autopcc lets each endpoint run the server's \\\\SERVER\\ofcscan\\autopcc.exe, which needs a logon by \
      password. No vendor's document says that it renews a certificate: one agent goes first.

      \(RunRules.text)
      """)
  static let manual = CommandManual(
    group: .repairing,
    examples: [
      .init("reinstall @failed --package Agent.msi --dry-run", "what would be done"),
      .init("reinstall WS-007 --package Agent.exe --arguments '/s' --confirm 1", "one agent, in a script"),
      .init("reinstall @failed:7 --package Agent.msi --uninstall-first", "what is broken for good; asks for the count"),
      .init("reinstall @failed:7 --method autopcc", "from the server's share, one agent first"),
      .init("resume 8", "after the reboots that run 8 asked for"),
    ],
    exitCodes: [.incomplete, .unusableInput, .serverUnavailable, .ownFiles, .refused, .interrupted],
    jsonKeys: RepairRun.keys, mayRunInBackground: true)

  @Argument(
    help: ArgumentHelp("Which agents.", valueName: "selection"),
    completion: CommandCompletion.selection(preferring: "mismatched").kind)
  var selection: SelectionText
  @Option(help: "How: package (an Agent Packager package) or autopcc (from the server's share).")
  var method = ReinstallMethod.package
  @Option(help: ArgumentHelp("The package, .msi or .exe.", valueName: "file")) var package: FilePathArgument?
  @Option(help: ArgumentHelp("An .msi may call its product NAME, which is no name of the agent.", valueName: "name"))
  var otherProduct: String?
  @Option(help: ArgumentHelp("More arguments for the installer, separated by blanks.", valueName: "text"))
  var arguments: String?
  @Flag(help: "Remove the agent first, with its uninstaller and uninstall-password.") var uninstallFirst = false
  @OptionGroup var options: RepairOptions
  var isLooking: Bool { options.dryRun }
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    var recipe = PlanRecipe()
    // A run may be carried on from another folder.
    recipe.package = package.map { LocalPath.absolute($0.path) }
    recipe.otherProduct = otherProduct
    if method != .package { recipe.method = method }
    if uninstallFirst { recipe.uninstallFirst = true }
    recipe.arguments = arguments.map { $0.split(separator: " ").map(String.init) } ?? []
    return try await options.repair(selection, .reinstall, recipe, in: invocation)
  }

  func validate() throws {
    guard method == .autopcc else { return }
    if package != nil || otherProduct != nil {
      throw ValidationError("--package goes with --method package; autopcc takes what the server has")
    }
    if uninstallFirst {
      throw ValidationError(
        "--uninstall-first needs a package that can be put there before anything is removed: --method package")
    }
  }
}
