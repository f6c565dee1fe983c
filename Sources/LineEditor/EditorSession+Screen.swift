import CEditline
import DisplayText
import Foundation

/// What is drawn between two keys: text above the prompt, the prompt anew, hints. libedit draws the line itself; before
/// `ce_refresh` the cursor must stand where its prompt began.
extension EditorSession {
  private var window: (columns: Int, rows: Int) {
    var columns: Int32 = 80
    var rows: Int32 = 24
    _ = ce_window(options.output, &columns, &rows)
    return (Int(columns), Int(rows))
  }

  private func cursorPosition() -> ScreenPosition {
    let (text, cursor) = line()
    let before = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
    return ScreenPosition(promptWidth: promptWidth, text: before, columns: window.columns)
  }

  /// Removes prompt and line from the screen; the cursor stands where the prompt began.
  private func takeDown() {
    guard options.movesCursor else { return write("\r\n") }
    write("\r" + Escape.up(cursorPosition().row) + Escape.clearBelow)
  }

  /// Does what came in through the pipe: lines to call back, a new window size, a new prompt, text.
  func update() {
    takeHistory()
    let news = exchange.takeNews()
    let resized = ce_take_resized() != 0
    let continued = ce_take_continued() != 0
    guard resized || continued || news.prompt != nil || !news.texts.isEmpty else { return }
    clearHint()
    if continued { return resumeEditing() }
    takeDown()
    if resized { ce_resize(editor) }
    for text in news.texts { write(text) }
    if let prompt = news.prompt { take(prompt) }
    ce_refresh(editor)
    showHint()
  }

  /// After a stop the terminal is as the parent shell left it.
  func resumeEditing() {
    ce_prepare(editor, 0)
    ce_prepare(editor, 1)
    ce_arm(options.movesCursor ? 2 : 1)
    write("\r" + (options.movesCursor ? Escape.pasteOn : ""))
    ce_resize(editor)
    ce_refresh(editor)
  }

  /// Leaves the line on the screen as it is, marks how it ended, and goes to a new row below it.
  func leaveLine(mark: String) {
    let text = line().text
    let here = cursorPosition()
    let end = ScreenPosition(promptWidth: promptWidth, text: text, columns: window.columns)
    let right = end.column > 0 ? "\u{1b}[\(end.column)C" : ""
    write(options.movesCursor ? Escape.down(end.row - here.row) + "\r" + right + mark + "\n" : mark + "\n")
  }

  /// The candidates, above the prompt: at most what leaves the line itself on the screen.
  func list(_ completion: LineCompletion) {
    let (columns, rows) = window
    let end = ScreenPosition(promptWidth: promptWidth, text: line().text, columns: columns)
    let shown = CompletionList.rows(completion, columns: columns, rows: rows - end.row - 1)
    takeDown()
    write(shown.map { $0 + "\n" }.joined())
    ce_refresh(editor)
  }

  // MARK: - hints

  /// Draws the hint behind the cursor if it stands at the end of the line. Skipped while keys wait: looked up for each
  /// character of a paste it would cost seconds.
  func showHint() {
    guard options.movesCursor, !hintShown, ce_waiting(options.input) == 0 else { return }
    let (text, cursor) = line()
    // A newline is there only during an incremental search.
    guard cursor == text.utf8.count, !text.utf8.contains(UInt8(ascii: "\n")) else { return }
    // Without colours a hint would look like what was typed.
    hint = options.color && staged.isEmpty && !text.isEmpty ? exchange.completer?.hint(line: text) : nil
    let note = staged.isEmpty ? hint : "  (\(staged.count) more pasted \(staged.count == 1 ? "line" : "lines"))"
    guard let note, !note.isEmpty else { return }
    let columns = window.columns
    let free = columns - ScreenPosition(promptWidth: promptWidth, text: text, columns: columns).column - 1
    let shown = TextWidth.cut(VisibleText.of(note), columns: free)
    guard !shown.isEmpty else { return }
    let drawn = options.color ? Escape.faint + shown + Escape.normal : shown
    write(Escape.saveCursor + drawn + Escape.restoreCursor)
    hintShown = true
  }

  func clearHint() {
    guard hintShown else { return }
    write(Escape.clearRight)
    hintShown = false
  }
}
