import ApexOne
import ArgumentParser
import Runs

/// `apply FILE`: carries out a plan that was written before.
struct Apply: ResultCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Carry out a plan that was written by --plan-out.",
    discussion: """
      Makes the plan again from the server as it is now, and refuses where the server, the certificate, the tools or \
      what is known of a planned agent has changed since, or where the list that it was planned from is over seven \
      days old. Asks for the count as transfer does.
      """)
  static let manual = CommandManual(
    group: .repairing,
    examples: [
      .init("transfer @mismatched --dry-run --plan-out friday.plan", "plan today"),
      .init("show plan friday.plan", "what it would do"), .init("apply friday.plan", "carry it out"),
      .init("apply friday.plan --confirm 9f8e7d6c5b4a3928", "in a script, by its digest"),
    ],
    exitCodes: [.incomplete, .unusableInput, .serverUnavailable, .ownFiles, .refused, .interrupted],
    jsonKeys: RepairRun.keys, mayRunInBackground: true)

  @Argument(help: ArgumentHelp("The plan.", valueName: "file")) var file: FilePathArgument
  @Option(help: ArgumentHelp("Confirm without a prompt: the count, or the plan's digest.", valueName: "count|digest"))
  var confirm: String?
  @Flag(help: "Work with a list that is over seven days old, or of unknown age.") var oldList = false
  @Flag(help: "Take a new list afterwards, for information: the server's may lag.") var verifyList = false
  @OptionGroup var run: RunSettingOptions
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let old = try PlanFile.read(file.path)
    let place = try invocation.place()
    try old.checkOrigin(server: place.identity, at: place.clock.date, anyAge: oldList)
    let again = try await PlanAgain(old, run, in: invocation)
    try again.checkSame(since: .planned)
    try old.checkResults(try KnownResults(server: place.identity, in: try invocation.journal(of: place)))
    return try await RepairFlow(
      plan: again.plan, work: again.work, ground: again.ground,
      options: FlowOptions(confirm: confirm, verifyList: verifyList), invocation: again.invocation
    ).run()
  }
}
