import ArgumentParser
import Runs

/// `report [N]`
struct Report: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Give the account of a run: what became of it, why, how long, what next.",
    discussion: """
      Unprotected endpoints first, those of the run and (now) of any run that no look has proved well since, then \
      outcomes with their share of the plan, causes with their agents folded to a selection that every command takes, \
      the slowest agents, the timeline, and what to do next. Waves are told as far as the journal shows them; the rate \
      counts the time in which agents were worked on. Touches nothing.
      """)
  static let manual = CommandManual(
    group: .cases,
    examples: [
      .init("report", "the newest run"), .init("report 7 --format table > run-7.txt", "run 7, for the ticket"),
      .init("report 7 --format json", "an object for each thing it says"),
    ],
    exitCodes: [.unusableInput, .ownFiles], jsonKeys: ReportRows.keys)

  @Argument(help: ArgumentHelp("The run; the newest where it is left out.", valueName: "run")) var number: RunNumber?
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let journal = try invocation.journal()
    let learned = await LearnedMeanings.loadOrSay(invocation)
    let account = try RunAccount(try journal.record(ofRun: number?.value), in: journal, learned)
    if invocation.format == .table {
      try ReportText(account, to: invocation.console).write()
    } else {
      try ReportRows(account, in: invocation).write()
    }
    return .success
  }
}
