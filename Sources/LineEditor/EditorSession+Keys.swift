import CEditline
import Foundation

/// What the keys do that are ours, and where libedit gets its keys from.
extension EditorSession {
  /// The user's settings first; the keys that the shell relies on after them.
  func bindKeys() {
    if options.readsUserSettings { _ = ce_source(editor) }
    _ = ce_add_function(editor, "shell-cancel", "drop the line") { editor, _ in EditorSession.of(editor).cancel() }
    _ = ce_add_function(editor, "shell-suspend", "stop the shell") { editor, _ in EditorSession.of(editor).suspend() }
    _ = ce_add_function(editor, "shell-complete", "complete") { editor, _ in EditorSession.of(editor).complete() }
    _ = ce_add_function(editor, "shell-insert", "insert") { editor, _ in EditorSession.of(editor).insert() }
    // Signals are for commands; at the prompt ^C, ^Z and ^\ are keys.
    _ = ce_set_mode(editor, "-isig")
    let both = [
      ("^C", "shell-cancel"), ("^Z", "shell-suspend"), ("^]", "shell-insert"), ("^\\", "ed-ignore"),
    ]
    for (key, function) in both {
      _ = ce_bind(editor, key, function)
      _ = ce_bind_alternate(editor, key, function)
    }
    _ = ce_bind(editor, "^I", "shell-complete")
    _ = ce_bind(editor, "^D", "em-delete-or-list")
    _ = ce_bind(editor, "^R", "em-inc-search-prev")
    // In vi's insert mode ESC must stay a key of its own; there K and J of the command mode do this.
    if ce_has_vi_keys(editor) == 0 {
      _ = ce_bind(editor, "\\ep", "ed-search-prev-history")
      _ = ce_bind(editor, "\\en", "ed-search-next-history")
    }
    // It would write the line to a file that others may read and start an editor on it.
    _ = ce_bind_alternate(editor, "v", "ed-unassigned")
  }

  /// libedit's read function: one character, 1; end of input, 0; error, -1.
  func nextKey(_ key: UnsafeMutablePointer<wchar_t>?) -> Int32 {
    // libedit may ask once more after an end.
    if ending != nil { return 0 }
    if insertion != nil { return give(Self.insertKey, key) }
    if !keys.hasUnread {
      if ce_waiting(options.input) == 0 { hasKeysFromBefore = false }
      showHint()
      if !waitForInput() { return 0 }
      if exchange.takeInterrupt() {
        clearHint()
        return give("\u{3}", key)
      }
    }
    let read = keys.read(readByte)
    let shown = hintShown ? hint : nil
    clearHint()
    switch read {
    case .scalar("\u{6}") where shown != nil, .right where shown != nil:
      insertion = shown
      return give(Self.insertKey, key)
    case .scalar("\0") where hasKeysFromBefore: return give("\u{4}", key)
    case .scalar(let scalar): return give(scalar, key)
    case .right(let bytes):
      keys.giveBack(bytes.dropFirst())
      return give("\u{1b}", key)
    case .paste(let bytes):
      var lines = PastedText.lines(bytes)
      insertion = lines.isEmpty ? "" : lines.removeFirst()
      staged += lines
      return give(Self.insertKey, key)
    case .end:
      ending = .closed
      return 0
    case .failed(let error):
      // A terminal that hung up is an end, not a failure.
      ending = error == EIO ? .closed : .failed(error)
      return 0
    }
  }

  private func give(_ scalar: Unicode.Scalar, _ key: UnsafeMutablePointer<wchar_t>?) -> Int32 {
    key?.pointee = wchar_t(scalar.value)
    return 1
  }

  private func readByte(_ wait: Int32) -> KeyReader.Byte {
    while true {
      var ready = pollfd(fd: options.input, events: Int16(POLLIN), revents: 0)
      let polled = poll(&ready, 1, wait)
      if polled == 0 { return .none }
      if polled < 0, errno != EINTR { return .failed(errno) }
      if polled < 0 { continue }
      var byte: UInt8 = 0
      let count = read(options.input, &byte, 1)
      if count == 1 { return .byte(byte) }
      if count == 0 { return .end }
      if errno != EINTR, errno != EAGAIN { return .failed(errno) }
    }
  }

  /// Waits for a key, or to be interrupted, and meanwhile does what others ask for. False when the editor is to end.
  private func waitForInput() -> Bool {
    exchange.takeAfterShowing()?()
    while true {
      var ready = [
        pollfd(fd: options.input, events: Int16(POLLIN), revents: 0),
        pollfd(fd: exchange.wakeRead, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&ready, 2, -1) >= 0 else {
        if errno == EINTR { continue }
        ending = .failed(errno)
        return false
      }
      if ready[1].revents != 0 {
        drainWake()
        if exchange.isStopping {
          clearHint()
          leaveLine(mark: "")
          ending = .closed
          return false
        }
        update()
        if exchange.isInterrupted { return true }
      }
      if ready[0].revents != 0 { return true }
    }
  }

  private func drainWake() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(exchange.wakeRead, &bytes, bytes.count) == bytes.count {}
  }

  private func cancel() -> UInt8 {
    ending = .cancelled
    leaveLine(mark: "^C")
    return UInt8(CE_NEWLINE)
  }

  /// What ^Z does elsewhere: the terminal as it was, the whole job stopped, and the line back when it goes on.
  private func suspend() -> UInt8 {
    leaveLine(mark: "^Z")
    if options.movesCursor { write(Escape.pasteOff) }
    ce_prepare(editor, 0)
    ce_arm(0)
    _ = ce_take_continued()
    ce_suspend()
    waitUntilContinued()
    resumeEditing()
    return UInt8(CE_NORMAL)
  }

  /// The signal may reach another thread first: without this the terminal would be taken back before the stop. A shell
  /// without job control doesn't stop us at all, so the wait is short.
  private func waitUntilContinued() {
    var ready = pollfd(fd: exchange.wakeRead, events: Int16(POLLIN), revents: 0)
    for _ in 0..<10 where ce_take_continued() == 0 {
      if poll(&ready, 1, 50) > 0 { drainWake() }
    }
  }

  /// Inserts what the editor has for itself: a pasted line, a hint, the next line of a paste.
  private func insert() -> UInt8 {
    guard let text = insertion else { return UInt8(CE_ERROR) }
    insertion = nil
    guard !text.isEmpty else { return UInt8(CE_NORMAL) }
    return ce_insert(editor, text) == 0 ? UInt8(CE_REFRESH) : UInt8(CE_ERROR)
  }

  private func complete() -> UInt8 {
    let (text, cursor) = line()
    guard let completer = exchange.completer else { return UInt8(CE_ERROR) }
    let completion = completer.complete(line: text, cursor: cursor)
    if let change = CompletionInsertion(completion, line: text, cursor: cursor) {
      ce_delete_before(editor, Int32(change.deleted))
      _ = ce_insert(editor, change.inserted)
      return UInt8(CE_REFRESH)
    }
    // Nothing to choose from: none, or the one that stands there.
    guard completion.total > 1, !completion.candidates.isEmpty else { return UInt8(CE_ERROR) }
    list(completion)
    return UInt8(CE_NORMAL)
  }
}
