package import Commands

extension Frontend {
  /// The process's own terminal, or whatever stands in its place. `bell`: the one of the session's services.
  package static func terminal(bell: InterruptBell, background: BackgroundRuns) -> Frontend {
    let foreground = Foreground(bell: bell, background: background)
    return Frontend(
      console: { TerminalConsole(terminal: Terminal(noColor: $0), unless: { bell.isHeard }) },
      inputIsTerminal: Terminal().inputIsTerminal,
      prompt: { session in
        let terminalConsole = session.console as? TerminalConsole
        foreground.becomePrompt { terminalConsole?.endEchoedRow() }
        if let console = terminalConsole,
          let editor = try EditorPrompt(session: session, console: console)
        {
          foreground.watchPrompt { editor.interrupt() }
          return editor
        }
        let plain = PlainPrompt(console: session.console)
        foreground.watchPrompt { plain.interrupt() }
        return plain
      },
      foreground: { await foreground.run($0) })
  }
}
