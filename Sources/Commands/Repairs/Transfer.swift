import ApexOne
import ArgumentParser
import Runs

/// `transfer SELECTION`: the article's first repair.
struct Transfer: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Repair agents with IpXfer and the server's certificate.",
    discussion: """
      Looks at each endpoint first, puts the server's IpXfer folder and certificate there, runs IpXfer, waits for the \
      services, and proves the repair by looking again: never by an exit code.

      \(RunRules.text)
      """)
  static let manual = CommandManual(
    group: .repairing,
    examples: [
      .init("transfer @mismatched --dry-run", "what would be done"),
      .init("transfer @mismatched", "all that are listed; asks for the count"),
      .init("transfer 'WS-[001-020]' --confirm 20", "in a script"),
      .init("transfer @mismatched&@domain:Sales --waves 1,10,100% --parallel 16", "smaller waves"),
      .init("transfer @mismatched &", "behind the prompt: jobs, watch, pause, stop"),
    ],
    exitCodes: [.incomplete, .unusableInput, .serverUnavailable, .ownFiles, .refused, .interrupted],
    jsonKeys: RepairRun.keys, mayRunInBackground: true)

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
  var isLooking: Bool { options.dryRun }
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    var recipe = PlanRecipe()
    recipe.caseNumber = caseNumber?.value
    recipe.noUnloadPassword = noUnloadPassword
    return try await options.repair(selection, .transfer, recipe, changePort: changePort, in: invocation)
  }
}
