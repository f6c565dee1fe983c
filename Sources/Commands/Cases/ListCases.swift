import ApexOne
import ArgumentParser
import Runs

/// `list cases`
struct ListCases: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "list cases", abstract: "List the cases handed to Support, newest first.")
  static let manual = CommandManual(
    group: .cases, examples: [.init("list cases", "one line a case")], exitCodes: [.ownFiles],
    jsonKeys: ["case", "state", "kind", "server", "agents", "created", "closed", "certificate", "archive"])

  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let rows = invocation.rows([
      ResultColumn("case", isNumeric: true), ResultColumn("state"), ResultColumn("kind"), ResultColumn("server"),
      ResultColumn("agents", isNumeric: true), ResultColumn("created"), ResultColumn("closed"),
      ResultColumn("certificate"), ResultColumn("archive"),
    ])
    var result = ExitCode.success
    for record in try invocation.journal().cases() {
      do {
        let item = try CaseStore.value(of: record)
        try rows.write([
          .number(record.number), .text(item.state.rawValue), .text(item.kind.rawValue), .text(item.server),
          .number(item.agents.count), .text(TimeText.rfc3339(record.created)),
          ResultValue(record.closed.map(TimeText.rfc3339)), ResultValue(item.attached?.serial), .text(record.archive),
        ])
      } catch let error as CommandError {
        // One damaged case must not hide the others.
        invocation.console.note(error.message)
        result = error.exitCode
      }
    }
    if rows.count == 0, result.isSuccess {
      invocation.console.note("no case yet; make one: escalate SELECTION --kind on-premises|service")
    }
    try rows.end()
    return result
  }
}
