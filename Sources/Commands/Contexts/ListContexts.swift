import ArgumentParser

/// `context list`
struct ListContexts: ResultCommand {
  static let configuration = CommandConfiguration(commandName: "context list", abstract: "List the saved contexts.")
  static let manual = CommandManual(
    group: .session, examples: [.init("context list", "the saved contexts, with their servers")],
    jsonKeys: ["context", "server", "current"])

  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let rows = invocation.rows([ResultColumn("context"), ResultColumn("server"), ResultColumn("current")])
    let current = await invocation.state.contextName
    _ = try invocation.folders.existingContexts()
    var result = ExitCode.success
    for name in ContextFile.names(in: invocation.folders) {
      guard let argument = ContextName(argument: name) else { continue }
      do {
        let context = try ContextFile.load(argument, in: invocation.folders)
        try rows.write([.text(name), ResultValue(context.settings[.server]), .flag(name == current)])
      } catch let error as CommandError {
        // One broken file must not hide the others.
        invocation.console.note(error.message)
        result = error.exitCode
      }
    }
    try rows.end()
    return result
  }
}
