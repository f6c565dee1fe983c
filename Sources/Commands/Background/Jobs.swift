import ArgumentParser
import Runs

/// `jobs`
struct Jobs: ResultCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs", abstract: "List the runs that go on behind the prompt.",
    discussion: """
      A repair whose line ends in & is planned and confirmed as always, and then goes on behind the prompt. Runs of \
      other apexsh processes are in list runs.
      """)
  static let manual = CommandManual(
    group: .runs,
    examples: [.init("transfer @mismatched &", "puts a run behind the prompt"), .init("jobs", "a line a run")],
    jsonKeys: [
      "run", "state", "remedy", "planned", "done", "in_flight", "wave", "waves", "parallel", "rate", "left", "outcomes",
    ])

  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let runs = invocation.services.background.active
    let rows = invocation.rows([
      ResultColumn("run", isNumeric: true), ResultColumn("state"), ResultColumn("remedy"),
      ResultColumn("planned", isNumeric: true), ResultColumn("done", isNumeric: true),
      ResultColumn("in_flight", isNumeric: true), ResultColumn("wave", isNumeric: true),
      ResultColumn("waves", isNumeric: true), ResultColumn("parallel", isNumeric: true),
      ResultColumn("rate", isNumeric: true), ResultColumn("left", isNumeric: true), ResultColumn("outcomes"),
    ])
    for run in runs { try rows.write(Self.cells(run, isRead: invocation.format == .table)) }
    try rows.end()
    if runs.isEmpty { invocation.console.note("nothing goes on behind the prompt") }
    return .success
  }

  /// `isRead`: by a person. Programs get agents and seconds: `rate` is agents a second.
  private static func cells(_ run: BackgroundRun, isRead: Bool) -> [ResultValue] {
    let tally = run.tally
    let rate = tally.rate.map {
      isRead ? .text(RunView.perMinute($0)) : ResultValue.decimal(($0 * 100).rounded() / 100)
    }
    let left = tally.secondsLeft.map {
      isRead ? .text(TimeText.age($0)) : ResultValue.number(Int(clamping: $0.rounded(.up)))
    }
    return [
      .number(run.number), .text(run.condition.rawValue), .text(run.remedy.rawValue), .number(tally.planned),
      .number(tally.done), .number(tally.inFlight), .number(tally.wave), .number(tally.waves),
      .number(run.parallel), rate ?? nil, left ?? nil, .text(tally.outcomes),
    ]
  }
}
