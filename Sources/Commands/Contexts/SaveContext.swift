import ArgumentParser

/// `context save NAME`
struct SaveContext: LeadingCommand {
  static let configuration = CommandConfiguration(
    commandName: "context save", abstract: "Save the settings under a name.",
    discussion: "Secrets are not saved, only where they come from; one that was typed must be typed again.")
  static let manual = CommandManual(
    group: .session, examples: [.init("context save hq", "writes contexts/hq.apx in the config folder")],
    exitCodes: [.ownFiles])

  @Argument(help: "The name: letters, digits, '-', '_' and '.'.") var name: ContextName

  var lead: CommandLead { .savesContext(name) }

  func run(in invocation: Invocation) async throws -> ExitCode {
    var context = ContextFile()
    let settings = await invocation.state.settings
    // What is risked once is risked by nobody who takes the context later.
    for key in settings.givenKeys where key != .despiteRefusals { context.settings[key] = settings.text(key) }
    var unsaved: [String] = []
    for entry in await invocation.state.secrets.sources {
      if entry.source.option != nil {
        context.secrets[entry.key] = entry.source
      } else {
        unsaved.append(entry.key.rawValue)
      }
    }
    try context.save(name, in: invocation.folders)
    await invocation.state.rename(context: name.text)
    if !unsaved.isEmpty {
      invocation.console.note("not saved, since it was typed: \(unsaved.joined(separator: ", "))")
    }
    return .success
  }
}
