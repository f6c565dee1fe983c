import Commands

/// Makes a session from the start options: the context first, then what the command line says over it.
struct SessionBuilder: Sendable {
  let program: Program
  let options: StartOptions

  func build(_ console: any Console, isOneShot: Bool) async throws -> Session {
    let folders = try Folders.resolve(state: options.stateFolder, config: options.configFolder)
    for sentence in folders.closeToOthers() { LineConsole(console).note(sentence) }
    let state = ShellState()
    for (key, text) in options.settings { try await state.set(key, text, from: .commandLine) }
    if options.lab != nil {
      for (key, text) in [(SettingKey.server, "lab:"), (.transport, "lab")] {
        if !options.settings.contains(where: { $0.key == key }) { try await state.set(key, text, from: .commandLine) }
      }
    }
    for (key, source) in options.secrets { await state.secrets.set(key, source, from: .commandLine) }
    if let name = options.context ?? Folders.variable("APEXSH_CONTEXT") {
      guard let argument = ContextName(argument: name) else {
        throw CommandError(.misuse, "'\(OutputText.visible(name))' can't be the name of a context")
      }
      try await state.use(try ContextFile.load(argument, in: folders), named: argument.text)
    }
    return Session(
      registry: program.registry, state: state, services: program.services(options, folders), folders: folders,
      console: console, variables: options.variables, format: options.format, isOneShot: isOneShot,
      keepsGoing: options.keepsGoing)
  }
}
