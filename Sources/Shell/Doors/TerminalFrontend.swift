import Commands

extension Frontend {
  /// The process's own terminal, or whatever stands in its place.
  package static func terminal(_ environment: [String: String]) -> Frontend {
    let inputIsTerminal = Terminal(environment: environment).inputIsTerminal
    return Frontend(
      console: { TerminalConsole(terminal: Terminal(environment: environment, noColor: $0)) },
      inputIsTerminal: inputIsTerminal,
      prompt: { session in
        let terminal = Terminal(environment: environment)
        if terminal.movesCursor, let console = session.console as? TerminalConsole,
          let editor = try EditorPrompt(session: session, console: console, terminal: terminal)
        {
          return editor
        }
        return PlainPrompt(console: session.console)
      },
      foreground: foreground)
  }

  /// ^C and SIGTERM cancel what runs; the process survives. What a command does with a second ^C is its own matter.
  private static func foreground(_ work: @escaping @Sendable () async -> ExitCode) async -> ExitCode {
    let task = Task { await work() }
    return await Interrupts.during(handler: { _ in task.cancel() }) { await task.value }
  }
}
