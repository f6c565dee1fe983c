import Commands
import Foundation
import LineEditor

/// Lines of a person with the line editor: completion and hints from memory, history across sessions.
final class EditorPrompt: PromptReader {
  private let editor: LineEditor
  private let history: PromptHistory
  private let console: TerminalConsole
  private let session: Session

  /// Nil where the terminal can't be edited on. Throws where the state folder is not ours.
  init?(session: Session, console: TerminalConsole) throws {
    let terminal = console.terminal
    guard terminal.canEdit, terminal.movesCursor else { return nil }
    let file = HistoryFile(path: try session.folders.readyState(isLooking: true) + "/history.jsonl")
    var options = terminal.editorOptions
    options.printsElsewhere = { console.writeError($0) }
    guard let editor = LineEditor(options: options) else { return nil }
    self.editor = editor
    self.console = console
    self.session = session
    history = PromptHistory(
      file: file, editor: editor,
      complain: { LineConsole(console).note($0) })
    console.attach(editor)
  }

  func readLine(prompt: String, isProduction: Bool) async -> PromptInput {
    await takeSnapshot()
    switch await editor.readLine(prompt: PromptText.styled(prompt, isProduction: isProduction)) {
    case .line(let line): return .line(line)
    case .cancelled: return .cancelled
    case .endOfInput, .failed: return .end
    }
  }

  func refresh(prompt: String, isProduction: Bool) async {
    await takeSnapshot()
    editor.setPrompt(PromptText.styled(prompt, isProduction: isProduction))
  }

  func show(prompt: String, isProduction: Bool) {
    editor.setPrompt(PromptText.styled(prompt, isProduction: isProduction))
  }

  func interrupt() { editor.interrupt() }

  /// For each line: the editor's thread must find everything in memory.
  private func takeSnapshot() async {
    let completer = Completer(registry: session.registry, lookups: await session.lookups())
    editor.setCompleter(EditorCompleter(completer: completer, history: history))
  }

  func remember(_ line: String, onDisk: Bool) async { await history.add(line, onDisk: onDisk) }

  func afterShowing(_ work: @escaping @Sendable () -> Void) {
    editor.afterShowing { [history] in
      history.beginLoading()
      work()
    }
  }

  func stop() async {
    await history.finish()
    console.attach(nil)
    editor.stop()
  }
}

/// How the prompt's parts look.
enum PromptText {
  /// `apexsh hq (1,204 mismatched) [7: 9/20]>`: the context bold, the note faint, the counter cyan; all of it
  /// red where the context is marked `production`.
  static func styled(_ text: String, isProduction: Bool) -> Prompt {
    if isProduction { return Prompt(text, style: .boldRed) }
    guard let blank = text.firstIndex(of: " "), text.last == ">" else { return Prompt(text) }
    let middle = text[blank...].dropLast()
    let counter = middle.range(of: " [")?.lowerBound ?? middle.endIndex
    let note = middle[..<counter].range(of: " (")?.lowerBound ?? counter
    // What endangers endpoints is written in capitals.
    let isDanger = middle[note..<counter].contains { $0.isUppercase }
    return Prompt([
      .init(String(text[..<blank])), .init(String(middle[..<note]), .bold),
      .init(String(middle[note..<counter]), isDanger ? .boldRed : .faint), .init(String(middle[counter...]), .cyan),
      .init(">"),
    ])
  }
}
