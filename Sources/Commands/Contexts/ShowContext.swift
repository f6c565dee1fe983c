import ArgumentParser

/// `show context`
struct ShowContext: ResultCommand {
  static let configuration = CommandConfiguration(
    commandName: "show context", abstract: "Show the context in use: every setting, and where it came from.")
  static let manual = CommandManual(
    group: .session, examples: [.init("show context", "the settings that hold now")],
    jsonKeys: ["key", "value", "source"])

  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let name = await invocation.state.contextName
    invocation.console.note(name.map { "context \($0)" } ?? "no saved context is in use")
    try await SettingsTable.write(in: invocation)
    return .success
  }
}
