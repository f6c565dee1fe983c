import DisplayText
import LineEditor

/// The lines at the bottom that say how far a command is. It only says what to write; `TerminalOutput` writes it.
struct ProgressLine {
  /// At most four drawings a second.
  static let interval = Duration.milliseconds(250)

  /// Columns left free at the end of a row: one for the cursor, two for the `^C` that the terminal may show there.
  private static let margin = 3

  let isShown: Bool
  private var drawnAt: ContinuousClock.Instant?
  /// Rows that stand on the screen, the cursor in the last of them.
  private var standing = 0

  init(isShown: Bool) { self.isShown = isShown }

  /// What to write to show `text`, or nil if it is too early or there is no terminal. Cut to the window, so that it
  /// never takes a second row, which could not be erased again.
  mutating func drawing(of text: String, columns: Int, now: ContinuousClock.Instant) -> String? {
    if let drawnAt, now - drawnAt < Self.interval { return nil }
    return drawing(of: [text], columns: columns, rows: 1, now: now)
  }

  /// The same for several lines, at once: as many as the window has room for.
  mutating func drawing(of lines: [String], columns: Int, rows: Int, now: ContinuousClock.Instant) -> String? {
    guard isShown else { return nil }
    let shown = lines.prefix(max(1, rows)).map {
      TextWidth.cut(VisibleText.of($0), columns: max(1, columns - Self.margin))
    }
    let start = standing > 1 ? "\r\u{1b}[\(standing - 1)A" : "\r"
    drawnAt = now
    let clear = standing > shown.count ? "\u{1b}[J" : ""
    standing = shown.count
    return start + shown.joined(separator: "\u{1b}[K\r\n") + "\u{1b}[K" + clear
  }

  /// What to write to take the lines away, or nil if none stand there.
  mutating func erasing() -> String? {
    guard standing > 0 else { return nil }
    let up = standing > 1 ? "\u{1b}[\(standing - 1)A" : ""
    standing = 0
    // The next text shows at once: the line was interrupted, not too fast.
    drawnAt = nil
    return up.isEmpty ? "\r\u{1b}[K" : "\r\(up)\u{1b}[J"
  }

  /// Leaves the lines where they are; what to write to go on below them.
  mutating func leaving() -> String? {
    guard standing > 0 else { return nil }
    (standing, drawnAt) = (0, nil)
    return "\r\n"
  }
}
