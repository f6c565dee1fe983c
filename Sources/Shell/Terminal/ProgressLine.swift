import DisplayText
import LineEditor

/// The one line at the bottom that says how far a command is. It only says what to write; `TerminalOutput` writes it.
struct ProgressLine {
  /// At most four drawings a second.
  static let interval = Duration.milliseconds(250)

  let isShown: Bool
  private var drawnAt: ContinuousClock.Instant?
  private var standing = false

  init(isShown: Bool) { self.isShown = isShown }

  /// What to write to show `text`, or nil if it is too early or there is no terminal. Cut to the window, so that it
  /// never takes a second row, which could not be erased again.
  mutating func drawing(of text: String, columns: Int, now: ContinuousClock.Instant) -> String? {
    guard isShown else { return nil }
    if let drawnAt, now - drawnAt < Self.interval { return nil }
    drawnAt = now
    standing = true
    return "\r" + TextWidth.cut(VisibleText.of(text), columns: columns - 1) + "\u{1b}[K"
  }

  /// What to write to take the line away, or nil if none stands there.
  mutating func erasing() -> String? {
    guard standing else { return nil }
    standing = false
    // The next text shows at once: the line was interrupted, not too fast.
    drawnAt = nil
    return "\r\u{1b}[K"
  }
}
