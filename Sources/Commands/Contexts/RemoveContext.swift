import ArgumentParser

/// `context remove NAME`
struct RemoveContext: LeadingCommand {
  static let configuration = CommandConfiguration(
    commandName: "context remove", abstract: "Remove a saved context; the session's settings stay.")
  static let manual = CommandManual(
    group: .session, examples: [.init("context remove old", "removes contexts/old.apx")], exitCodes: [.ownFiles])

  @Argument(help: "The context.") var name: ContextName

  var lead: CommandLead { .removesContext(name) }

  func run(in invocation: Invocation) async throws -> ExitCode {
    guard try ContextFile.remove(name, in: invocation.folders) else {
      throw CommandError(.misuse, "no context '\(name)'; list them by: context list")
    }
    if await invocation.state.contextName == name.text { await invocation.state.rename(context: nil) }
    return .success
  }
}
