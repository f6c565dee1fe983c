import ArgumentParser
import Commands

/// Ends with the code it is told.
struct EndWith: ShellCommand {
  static let configuration = CommandConfiguration(commandName: "end", abstract: "End with a code.")
  static let manual = CommandManual(group: .shell, examples: [.init("end 3", "ends with 3")])
  @Argument(help: "The code.") var code: Int32
  func run(in invocation: Invocation) async throws -> Commands.ExitCode { Commands.ExitCode(rawValue: code) }
}

/// Writes rows.
struct Count: ResultCommand {
  static let configuration = CommandConfiguration(commandName: "count", abstract: "Count.")
  static let manual = CommandManual(
    group: .shell, examples: [.init("count 3", "three rows")], jsonKeys: ["n"], mayRunInBackground: true)
  @Argument(help: "How far.") var last: Int
  @OptionGroup var output: OutputOptions
  func run(in invocation: Invocation) async throws -> Commands.ExitCode {
    if invocation.isBackground { invocation.console.note("behind the prompt") }
    let rows = invocation.rows([ResultColumn("n", isNumeric: true)])
    for number in 0..<last { try rows.write([.number(number)]) }
    try rows.end()
    return .success
  }
}

/// Takes a selection, like the commands that repair.
struct Mend: ResultCommand {
  static let configuration = CommandConfiguration(commandName: "mend", abstract: "Mend agents.")
  static let manual = CommandManual(group: .shell, examples: [.init("mend all", "all")], jsonKeys: ["agent"])
  @Argument(help: "The agents.", completion: CommandCompletion.selection(preferring: "mismatched").kind)
  var selection: SelectionText
  @Option(help: "The run.") var run: RunNumber?
  @Flag(help: "Change nothing.") var dryRun = false
  @OptionGroup var output: OutputOptions
  func run(in invocation: Invocation) async throws -> Commands.ExitCode { .success }
}

/// Waits until it is cancelled.
struct Linger: ShellCommand {
  static let configuration = CommandConfiguration(commandName: "linger", abstract: "Wait for ever.")
  static let manual = CommandManual(group: .shell, examples: [.init("linger", "waits")])
  func run(in invocation: Invocation) async throws -> Commands.ExitCode {
    try await Task.sleep(for: .seconds(3_600))
    return .success
  }
}
