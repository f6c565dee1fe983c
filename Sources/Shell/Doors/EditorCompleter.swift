import Commands
import LineEditor

/// The completer as the line editor asks it.
struct EditorCompleter: LineCompleter {
  let completer: Completer
  let history: PromptHistory?

  init(completer: Completer, history: PromptHistory? = nil) {
    self.completer = completer
    self.history = history
  }

  func complete(line: String, cursor: Int) -> LineCompletion {
    let result = completer.complete(line: line, cursor: cursor)
    let candidates = result.candidates.map {
      LineCompletion.Candidate($0.text, description: $0.description, isFinal: $0.isFinal)
    }
    let typed = String(decoding: line.utf8.prefix(cursor).dropFirst(result.start), as: UTF8.self)
    // Of a list that was cut only what is typed is known to begin all of them, unless the completer knows more.
    let isCut = result.total > candidates.count
    return LineCompletion(
      start: result.start, candidates: candidates, total: result.total,
      commonPrefix: isCut ? result.commonPrefix ?? typed : nil)
  }

  /// The rest of the newest line that began so, else of the only word that fits.
  func hint(line: String) -> String? {
    if let known = history?.hint(line) { return known }
    guard let last = line.last, last != " " else { return nil }
    let result = completer.complete(line: line, cursor: line.utf8.count)
    guard result.total == 1, let only = result.candidates.first else { return nil }
    let typed = line.utf8.dropFirst(result.start)
    guard only.text.utf8.count > typed.count, only.text.utf8.starts(with: typed) else { return nil }
    return String(decoding: only.text.utf8.dropFirst(typed.count), as: UTF8.self)
  }
}
