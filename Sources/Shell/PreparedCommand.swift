import Commands

/// Words that were found to be a command: parsed, and not yet run.
enum PreparedCommand {
  case help(any ShellCommand.Type)
  /// `words`: as typed, what may be secret left out.
  case command(any ShellCommand, words: [String])

  init(_ words: [String], in registry: CommandRegistry) throws(CommandError) {
    let match = registry.match(words)
    guard case .command(let type, let consumed) = match else {
      if let error = CommandParsing.unknown(match, in: registry) { throw error }
      throw CommandError(.misuse, "no command; help lists them")
    }
    let rest = Array(words.dropFirst(consumed))
    if CommandParsing.wantsHelp(rest) {
      self = .help(type)
      return
    }
    let shown = type.secrecy(of: rest) == .secret ? Array(words.prefix(consumed)) : words
    self = .command(try CommandParsing.parse(type, rest), words: shown)
  }

  /// Its results are read at leisure; those of a run come while it goes on, and are not held back.
  var isLookedAt: Bool {
    switch self {
    case .help: true
    case .command(let command, _): !Swift.type(of: command).manual.mayRunInBackground
    }
  }
}
