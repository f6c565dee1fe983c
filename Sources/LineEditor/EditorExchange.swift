import CEditline
import Dispatch
import Foundation
import Synchronization

/// What passes between the editor's thread and all others.
final class EditorExchange: Sendable {
  typealias Reply = @Sendable (ReadResult) -> Void

  private struct State {
    var prompt = Prompt("")
    var promptChanged = false
    var reply: Reply?
    /// A line is being read: text for the screen goes through the editor.
    var editing = false
    /// The line that is being read is to be given up, as by ^C.
    var isInterrupted = false
    var stopping = false
    var texts: [String] = []
    var history: [String] = []
    var completer: (any LineCompleter)?
    var afterShowing: (@Sendable () -> Void)?
  }

  private let state: Mutex<State>
  private let requested = DispatchSemaphore(value: 0)
  private let wakeWrite: Int32
  /// Readable when there is something to do between two keys.
  let wakeRead: Int32

  init?(completer: (any LineCompleter)?) {
    var descriptors: [Int32] = [-1, -1]
    guard ce_pipe(&descriptors) == 0 else { return nil }
    wakeRead = descriptors[0]
    wakeWrite = descriptors[1]
    var state = State()
    state.completer = completer
    self.state = Mutex(state)
    ce_wake_on_signals(wakeWrite)
  }

  deinit {
    close(wakeRead)
    close(wakeWrite)
  }

  private func wake() {
    var byte: UInt8 = 1
    // A full pipe will wake it anyway.
    _ = write(wakeWrite, &byte, 1)
  }

  // MARK: - from any thread

  func request(prompt: Prompt, reply: @escaping Reply) {
    let accepted = state.withLock { state in
      guard !state.stopping, state.reply == nil else { return false }
      state.prompt = prompt
      state.reply = reply
      return true
    }
    guard accepted else { return reply(.endOfInput) }
    requested.signal()
  }

  /// False if no line is being read: the caller writes the text itself.
  func offer(text: String) -> Bool {
    let taken = state.withLock { state in
      if state.editing { state.texts.append(text) }
      return state.editing
    }
    if taken { wake() }
    return taken
  }

  func change(prompt: Prompt) {
    let needed = state.withLock { state in
      guard state.prompt != prompt else { return false }
      state.prompt = prompt
      state.promptChanged = state.editing
      return state.editing
    }
    if needed { wake() }
  }

  /// Nothing where no line is being read.
  func interrupt() {
    let needed = state.withLock { state in
      state.isInterrupted = state.editing
      return state.editing
    }
    if needed { wake() }
  }

  func change(completer: (any LineCompleter)?) { state.withLock { $0.completer = completer } }

  func afterShowing(_ work: @escaping @Sendable () -> Void) { state.withLock { $0.afterShowing = work } }

  func add(history lines: [String]) {
    let isEditing = state.withLock { state in
      state.history += lines
      return state.editing
    }
    if isEditing { wake() }
  }

  var isEditing: Bool { state.withLock { $0.editing } }

  /// False if it was stopped before.
  func stop() -> Bool {
    let first = state.withLock { state in
      defer { state.stopping = true }
      return !state.stopping
    }
    guard first else { return false }
    wake()
    requested.signal()
    return true
  }

  // MARK: - from the editor's thread

  /// Waits for a request; nil when the editor is to end.
  func nextRequest() -> Prompt? {
    while true {
      requested.wait()
      let (prompt, stopping) = state.withLock { state in
        state.editing = state.reply != nil && !state.stopping
        return (state.reply == nil ? nil : state.prompt, state.stopping)
      }
      if stopping {
        finish(.endOfInput)
        ce_wake_on_signals(-1)
        return nil
      }
      if let prompt { return prompt }
    }
  }

  /// True once after each `interrupt`.
  func takeInterrupt() -> Bool {
    state.withLock { state in
      defer { state.isInterrupted = false }
      return state.isInterrupted
    }
  }

  var isInterrupted: Bool { state.withLock { $0.isInterrupted } }
  var isStopping: Bool { state.withLock { $0.stopping } }
  var completer: (any LineCompleter)? { state.withLock { $0.completer } }

  func takeAfterShowing() -> (@Sendable () -> Void)? {
    state.withLock { state in
      defer { state.afterShowing = nil }
      return state.afterShowing
    }
  }

  func takeHistory() -> [String] {
    state.withLock { state in
      defer { state.history = [] }
      return state.history
    }
  }

  /// Texts to show above the prompt, and the prompt if it changed.
  func takeNews() -> (texts: [String], prompt: Prompt?) {
    state.withLock { state in
      defer { (state.texts, state.promptChanged) = ([], false) }
      return (state.texts, state.promptChanged ? state.prompt : nil)
    }
  }

  /// No line is read any more. Gives the texts that came too late to stand above it.
  func endEditing() -> [String] {
    state.withLock { state in
      defer { (state.texts, state.promptChanged, state.editing, state.isInterrupted) = ([], false, false, false) }
      return state.texts
    }
  }

  func finish(_ result: ReadResult) {
    let reply = state.withLock { state in
      defer { (state.reply, state.editing) = (nil, false) }
      return state.reply
    }
    reply?(result)
  }
}
