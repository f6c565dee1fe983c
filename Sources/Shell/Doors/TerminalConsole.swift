package import Commands
import LineEditor
package import Remote
import Synchronization

/// The console of the process: results on standard output, everything else on standard error, questions on the terminal.
/// While a line is being typed, text appears above it.
package final class TerminalConsole: Console {
  let terminal: Terminal
  private let output: TerminalOutput
  private let asker: Asker
  private let editor = Mutex<LineEditor?>(nil)
  /// When the work began whose progress is shown: what is over within a second needs none.
  private let workBegan = Mutex<ContinuousClock.Instant?>(nil)

  /// `isOver`: the process was interrupted, and what nobody reads is not to hold it up.
  package init(terminal: Terminal, unless isOver: @escaping @Sendable () -> Bool = { false }) {
    self.terminal = terminal
    output = TerminalOutput(terminal: terminal, unless: isOver)
    asker = Asker(terminal: terminal, output: output)
  }

  package var traits: ConsoleTraits {
    let size = terminal.size
    return ConsoleTraits(
      isInteractive: terminal.inputIsTerminal && terminal.errorIsTerminal, outputIsTerminal: terminal.outputIsTerminal,
      width: size.width, height: size.height, hasColour: terminal.color)
  }

  /// The line editor of the session: notes go through it from now on.
  func attach(_ editor: LineEditor?) { self.editor.withLock { $0 = editor } }

  /// The prompt of a terminal that can't edit, while a line is waited for: a note begins on a row of its own, and the
  /// prompt comes back below it.
  private let plainPrompt = Mutex<String?>(nil)
  func stand(at prompt: String?) { plainPrompt.withLock { $0 = prompt } }

  /// What is typed ahead at a prompt's terminal would be shown in the middle of what is drawn over: it isn't while that
  /// stands. The line editor sets the terminal anew for the next line.
  private let isSilent = Mutex(false)

  private func silence(_ isSilent: Bool) {
    self.isSilent.withLock { was in
      guard was != isSilent, editor.withLock({ $0 }) != nil else { return }
      if isSilent { was = Terminal.setEcho(false) } else if Terminal.setEcho(true) || was { was = false }
    }
  }

  /// Text of the session that is no note: the editor's own words while no line is read.
  func writeError(_ text: String) { output.writeError(text) }

  /// The editor, while a line is being typed.
  private var editing: LineEditor? { editor.withLock { $0 }.flatMap { $0.isEditing ? $0 : nil } }

  /// The terminal has shown `^C` where the cursor was: what comes next begins on a row of its own.
  func endEchoedRow() { if Terminal.echoes { output.writeError("\n") } }

  package func write(_ text: String) throws {
    // What runs behind the prompt must not write into the line.
    if terminal.outputIsTerminal, let editing { return editing.print(text) }
    switch output.write(text) {
    case .written: break
    case .readerGone:
      try Task.checkCancellation()
      throw OutputClosed()
    case .failed(let error):
      throw CommandError(.ownFiles, "can't write the results: \(LocalPath.errorText(error))")
    }
  }

  package func note(_ text: String) {
    if let editor = editor.withLock({ $0 }) { return editor.print(text) }
    let prompt = plainPrompt.withLock { $0 }
    output.writeError(prompt.map { "\n\(text)\n\($0) " } ?? text + "\n")
  }

  package func progress(_ snapshot: ProgressSnapshot?) {
    guard let snapshot else {
      workBegan.withLock { $0 = nil }
      silence(false)
      return output.clearProgress()
    }
    guard editing == nil else { return }
    let now = ContinuousClock.now
    let began = workBegan.withLock { began in
      began = began ?? now
      return began ?? now
    }
    guard now - began >= .seconds(1) else { return }
    silence(true)
    output.showProgress(ProgressText.of(snapshot), now: now)
  }

  package func stand(_ lines: [String]?) -> Bool {
    guard editing == nil, terminal.errorIsTerminal, terminal.movesCursor else { return false }
    silence(lines != nil)
    output.show(lines, rows: terminal.height - 1)
    return true
  }

  package func ask(_ question: String) async throws -> String? {
    try answer(await asker.line(question))
  }

  package func askSecret(_ question: String) async throws -> Secret? {
    try answer(await asker.secret(question))
  }

  private func answer<Value: Sendable>(_ answer: Answer<Value>) throws -> Value? {
    switch answer {
    case .given(let value): return value
    case .cancelled, .endOfInput: return nil
    case .noTerminal: throw CommandError(.refused, "no terminal to ask at")
    }
  }
}
