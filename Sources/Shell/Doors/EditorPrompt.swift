import Commands
import Foundation
import LineEditor
import Synchronization

/// Lines of a person with the line editor: completion and hints from memory, history across sessions.
final class EditorPrompt: PromptReader {
  private let editor: LineEditor
  private let history: HistoryFile
  private let console: TerminalConsole
  private let session: Session

  /// Nil where the terminal can't be edited on. Throws where the history can't be kept in the state folder.
  init?(session: Session, console: TerminalConsole, terminal: Terminal) throws {
    var options = terminal.editorOptions
    options.printsElsewhere = { console.writeError($0) }
    guard terminal.canEdit, let editor = LineEditor(options: options) else { return nil }
    self.editor = editor
    self.console = console
    self.session = session
    do {
      history = HistoryFile(path: try session.folders.readyState() + "/history")
      editor.addHistory(try history.load().map(\.line))
    } catch {
      editor.stop()
      if let failure = error as? HistoryFile.Failure { throw CommandError(.ownFiles, failure.description) }
      throw error
    }
    console.attach(editor)
  }

  func readLine(prompt: String, isProduction: Bool) async -> PromptInput {
    // The snapshot is taken for each line: the editor's thread must find everything in memory.
    let completer = Completer(registry: session.registry, lookups: await session.lookups())
    editor.setCompleter(EditorCompleter(completer: completer))
    switch await editor.readLine(prompt: Prompt(prompt, style: isProduction ? .boldRed : .bold)) {
    case .line(let line): return .line(line)
    case .cancelled: return .cancelled
    case .endOfInput, .failed: return .end
    }
  }

  func remember(_ line: String, onDisk: Bool) async {
    editor.addHistory(line)
    guard onDisk else { return }
    do {
      try history.append(line, time: Date().timeIntervalSince1970)
    } catch {
      // A full disk must not end the session; it is said each time.
      console.note("apexsh: \(OutputText.visible((error as? HistoryFile.Failure)?.description ?? "\(error)"))")
    }
  }

  func stop() async {
    console.attach(nil)
    editor.stop()
  }
}

/// The completer as the line editor asks it.
struct EditorCompleter: LineCompleter {
  let completer: Completer

  func complete(line: String, cursor: Int) -> LineCompletion {
    let result = completer.complete(line: line, cursor: cursor)
    let candidates = result.candidates.map {
      LineCompletion.Candidate($0.text, description: $0.description, isFinal: $0.isFinal)
    }
    let typed = String(decoding: line.utf8.prefix(cursor).dropFirst(result.start), as: UTF8.self)
    // Of a list that was cut only what is typed is known to begin all of them.
    let isCut = result.total > candidates.count
    return LineCompletion(
      start: result.start, candidates: candidates, total: result.total, commonPrefix: isCut ? typed : nil)
  }

  /// The rest of the only word that fits.
  func hint(line: String) -> String? {
    guard let last = line.last, last != " " else { return nil }
    let result = completer.complete(line: line, cursor: line.utf8.count)
    guard result.total == 1, let only = result.candidates.first else { return nil }
    let typed = String(decoding: line.utf8.dropFirst(result.start), as: UTF8.self)
    guard only.text.hasPrefix(typed), only.text.utf8.count > typed.utf8.count else { return nil }
    return String(decoding: only.text.utf8.dropFirst(typed.utf8.count), as: UTF8.self)
  }
}
