import CEditline
import Foundation

/// libedit itself, on the one thread that may touch it: made, served and ended there, reached from C through
/// `ce_data`. Keys are in `EditorSession+Keys`, drawing in `EditorSession+Screen`.
final class EditorSession {
  /// A key that no one types and both keymaps leave free: the editor sends it to itself to insert `insertion`.
  static let insertKey: Unicode.Scalar = "\u{1d}"

  enum Ending { case cancelled, closed, failed(Int32) }

  let options: LineEditor.Options
  let exchange: EditorExchange
  var editor: OpaquePointer!
  private var history: OpaquePointer?

  var prompt = Prompt("")
  var promptWidth = 0
  /// What libedit's prompt function gives out: it must outlive the call.
  private(set) var promptText: UnsafeMutablePointer<CChar>

  var keys = KeyReader()
  /// To be inserted by the next `insertKey`.
  var insertion: String?
  /// Pasted lines that wait for their turn.
  var staged: [String] = []
  /// The hint on the screen; what Right inserts.
  var hint: String?
  var hintShown = false
  /// Keys wait that were typed while the terminal still took lines: it made a NUL of a ^D then.
  var hasKeysFromBefore = false
  /// Set by a key function or the read function: why `ce_read_line` came back.
  var ending: Ending?

  /// Nil where libedit can't start.
  init?(options: LineEditor.Options, exchange: EditorExchange) {
    self.options = options
    self.exchange = exchange
    promptText = strdup("")
    let me = Unmanaged.passUnretained(self).toOpaque()
    guard let editor = ce_open(options.program, options.input, options.output, me) else {
      free(promptText)
      return nil
    }
    self.editor = editor
    history = ce_history_open(editor, Int32(options.historySize))
    _ = ce_set_prompt(editor, { EditorSession.of($0).promptText }, CChar(Prompt.marker.asciiValue ?? 1))
    _ = ce_set_read(editor) { EditorSession.of($0).nextKey($1) }
    bindKeys()
  }

  deinit {
    if let editor { ce_close(editor) }
    if let history { ce_history_close(history) }
    free(promptText)
  }

  static func of(_ editor: OpaquePointer?) -> EditorSession {
    Unmanaged<EditorSession>.fromOpaque(ce_data(editor)!).takeUnretainedValue()
  }

  /// Answers requests until the editor is stopped.
  func serve() {
    while let prompt = exchange.nextRequest() {
      let result = readLine(prompt)
      let late = exchange.endEditing()
      for text in late { write(text) }
      exchange.finish(result)
    }
    withExtendedLifetime(self) {}
  }

  private func readLine(_ prompt: Prompt) -> ReadResult {
    take(prompt)
    takeHistory()
    ending = nil
    hint = nil
    hintShown = false
    if !staged.isEmpty { insertion = staged.removeFirst() }
    hasKeysFromBefore = isReadable
    ce_arm(options.movesCursor ? 2 : 1)
    if options.movesCursor { write(Escape.pasteOn) }
    var count: Int32 = 0
    let text = ce_read_line(editor, &count).map { String(cString: $0) }
    if options.movesCursor { write(Escape.pasteOff) }
    ce_arm(0)
    return result(text, count)
  }

  /// Also between two keys: the file of a long history is read while the first line is typed.
  func takeHistory() {
    for line in exchange.takeHistory() {
      if let history { ce_history_add(history, line) }
    }
  }

  private func result(_ text: String?, _ count: Int32) -> ReadResult {
    let error = errno
    switch ending {
    case .cancelled:
      insertion = nil
      staged = []
      return .cancelled
    case .closed: return .endOfInput
    case .failed(let error): return .failed(error)
    case nil: break
    }
    guard var text else {
      staged = []
      if count < 0 { return .failed(error) }
      write("\n")
      return .endOfInput
    }
    if text.hasSuffix("\n") { text.removeLast() }
    return .line(text)
  }

  func take(_ prompt: Prompt) {
    self.prompt = prompt
    promptWidth = prompt.width
    free(promptText)
    promptText = strdup(prompt.rendered(color: options.color))
  }

  /// The line being typed and the cursor in it, as a UTF-8 byte offset.
  func line() -> (text: String, cursor: Int) {
    var start: UnsafePointer<CChar>?
    var cursor = 0
    var length = 0
    guard ce_line(editor, &start, &cursor, &length) != 0, let start else { return ("", 0) }
    let bytes = UnsafeRawBufferPointer(start: start, count: length)
    return (String(decoding: bytes, as: UTF8.self), cursor)
  }

  /// A key waits, or the end of the input.
  private var isReadable: Bool {
    var ready = pollfd(fd: options.input, events: Int16(POLLIN), revents: 0)
    return poll(&ready, 1, 0) > 0
  }

  func write(_ text: String) { rawWrite(text, to: options.output) }
}

/// What is sent to the terminal, beside what libedit sends.
enum Escape {
  static let pasteOn = "\u{1b}[?2004h"
  static let pasteOff = "\u{1b}[?2004l"
  static let clearBelow = "\u{1b}[J"
  static let clearRight = "\u{1b}[K"
  static let saveCursor = "\u{1b}7"
  static let restoreCursor = "\u{1b}8"
  static let faint = "\u{1b}[2m"
  static let normal = "\u{1b}[0m"

  static func up(_ rows: Int) -> String { rows > 0 ? "\u{1b}[\(rows)A" : "" }
  static func down(_ rows: Int) -> String { rows > 0 ? "\u{1b}[\(rows)B" : "" }
}
