import ArgumentParser

/// `context use NAME`
struct UseContext: LeadingCommand {
  static let configuration = CommandConfiguration(
    commandName: "context use", abstract: "Start over from a saved context.",
    discussion: "What was set before is forgotten; what the command line gave stays.")
  static let manual = CommandManual(
    group: .session, examples: [.init("context use hq", "work with the server of context hq")],
    exitCodes: [.unusableInput, .ownFiles])

  @Argument(help: "The context.") var name: ContextName

  var lead: CommandLead { .context(name) }

  func run(in invocation: Invocation) async throws -> ExitCode {
    let context = try ContextFile.load(name, in: invocation.folders)
    try await invocation.state.use(context, named: name.text)
    let settings = await invocation.state.settings
    var known = invocation
    known.settings = settings
    if !invocation.isOneShot { await known.loadLookups() }
    let kept = settings.givenKeys.filter { settings[$0]?.source == .commandLine }
    if !kept.isEmpty {
      let keys = kept.map(\.rawValue).joined(separator: ", ")
      invocation.console.note("still from the command line: \(keys)")
    }
    if invocation.isOneShot { invocation.console.note("context \(name) is used for this process only") }
    return .success
  }
}
