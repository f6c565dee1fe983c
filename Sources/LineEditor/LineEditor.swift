import CEditline
import Dispatch
import Foundation
import Synchronization

/// A line editor on the terminal: one line at a time, with completion, hints, history, and text from elsewhere printed
/// above the line that is being typed.
///
/// libedit is not thread-safe, so one thread of its own holds it; this class only hands that thread requests and wakes
/// it through a pipe. Every method may be called from any thread.
package final class LineEditor: Sendable {
  package struct Options: Sendable {
    /// The name that `~/.editrc` lines may be prefixed with.
    package var program = "apexsh"
    package var input: Int32 = 0
    package var output: Int32 = 1
    /// Colours in the prompt and faint hints.
    package var color = true
    /// False where the terminal knows no cursor movement (`TERM=dumb`).
    package var movesCursor = true
    /// Whether `~/.editrc` is read.
    package var readsUserSettings = true
    /// Where `print` sends its text while no line is being read, so that it keeps its order with the output of
    /// commands; straight to `output` if nil.
    package var printsElsewhere: (@Sendable (String) -> Void)?
    /// Lines kept for Up and ^R.
    package var historySize = 10_000

    package init() {}
  }

  let options: Options
  let exchange: EditorExchange
  private let finished = DispatchSemaphore(value: 0)

  /// Starts the editor's thread. `nil` where the terminal can't be edited on.
  package init?(options: Options = Options(), completer: (any LineCompleter)? = nil) {
    guard let exchange = EditorExchange(completer: completer), ce_keep_terminal(options.input) == 0 else { return nil }
    self.options = options
    self.exchange = exchange
    let opened = DispatchSemaphore(value: 0)
    let works = Atomic<Bool>(false)
    let hasStarted = EditorThread.start { [finished] in
      defer { finished.signal() }
      guard let session = EditorSession(options: options, exchange: exchange) else {
        opened.signal()
        return
      }
      works.store(true, ordering: .releasing)
      opened.signal()
      session.serve()
    }
    guard hasStarted else { return nil }
    opened.wait()
    guard works.load(ordering: .acquiring) else { return nil }
  }

  /// Shows the prompt and reads one line. One caller at a time.
  package func readLine(prompt: Prompt) async -> ReadResult {
    await withCheckedContinuation { continuation in
      exchange.request(prompt: prompt) { continuation.resume(returning: $0) }
    }
  }

  /// Shows `text` above the prompt, or where the cursor is when no line is being read. A newline is added if the text
  /// ends without one. The text is written as it is: outside text is made visible by the caller.
  package func print(_ text: String) {
    let line = text.hasSuffix("\n") ? text : text + "\n"
    if exchange.offer(text: line) { return }
    if let elsewhere = options.printsElsewhere { return elsewhere(line) }
    rawWrite(line, to: options.output)
  }

  /// A line is being typed: whatever else writes to the screen must go through `print`.
  package var isEditing: Bool { exchange.isEditing }

  /// Changes the prompt of the line that is being typed, if one is.
  package func setPrompt(_ prompt: Prompt) { exchange.change(prompt: prompt) }

  /// Adds a line for Up and ^R of this session; keeping it is the caller's matter.
  package func addHistory(_ line: String) { exchange.add(history: [line]) }
  package func addHistory(_ lines: [String]) { exchange.add(history: lines) }

  /// Does `work` once, on the editor's thread, when a prompt is on the screen and a key is waited for.
  package func afterShowing(_ work: @escaping @Sendable () -> Void) { exchange.afterShowing(work) }

  /// The line that is being typed is given up, as by ^C; nothing where none is.
  package func interrupt() { exchange.interrupt() }

  package func setCompleter(_ completer: (any LineCompleter)?) { exchange.change(completer: completer) }

  /// Ends the editor and puts the terminal back; a line being read ends as `.endOfInput`. Waits until that is done.
  package func stop() {
    guard exchange.stop() else { return }
    finished.wait()
    ce_restore_terminal()
  }
}
