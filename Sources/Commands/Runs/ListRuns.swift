import ArgumentParser
import Runs

/// `list runs`
struct ListRuns: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(commandName: "list runs", abstract: "List the runs, newest first.")
  static let manual = CommandManual(
    group: .runs, examples: [.init("list runs", "a line a run")], exitCodes: [.ownFiles],
    jsonKeys: ["run", "state", "remedy", "planned", "started", "ended"])

  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let runs = try invocation.journal().runs()
    let rows = invocation.rows([
      ResultColumn("run", isNumeric: true), ResultColumn("state"), ResultColumn("remedy"),
      ResultColumn("planned", isNumeric: true), ResultColumn("started"), ResultColumn("ended"),
    ])
    for run in runs {
      try rows.write([
        .number(run.number), .text(run.state.rawValue), .text(run.remedy.rawValue), .number(run.planned),
        .text(TimeText.rfc3339(run.started)), .init(run.ended.map(TimeText.rfc3339)),
      ])
    }
    try rows.end()
    if runs.isEmpty { invocation.console.note("no runs yet") }
    return .success
  }
}
