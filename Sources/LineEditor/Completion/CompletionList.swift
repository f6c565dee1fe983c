import DisplayText

/// The list of candidates as rows of text, at most one screen of it. Only what is shown is looked at.
enum CompletionList {
  /// - Parameters:
  ///   - columns: of the window.
  ///   - rows: that the list may take, the `+N more` row included.
  static func rows(_ completion: LineCompletion, columns: Int, rows: Int) -> [String] {
    let rows = max(2, rows)
    // No row shows more than a third of its columns' candidates: a name and two blanks.
    let seen = completion.candidates.prefix(rows * max(1, columns / 3))
    let described = seen.prefix(rows).contains { !$0.description.isEmpty }
    let all = described ? describedRows(seen.prefix(rows), columns) : grid(seen, columns, rows)
    let fits = completion.total <= all.shown
    if fits { return all.rows }
    let cut = described ? describedRows(seen.prefix(rows - 1), columns) : grid(seen, columns, rows - 1)
    return cut.rows + ["+\(grouped(completion.total - cut.shown)) more"]
  }

  private typealias Block = (rows: [String], shown: Int)

  /// One candidate a row, its description beside it.
  private static func describedRows(_ candidates: ArraySlice<LineCompletion.Candidate>, _ columns: Int) -> Block {
    let names = candidates.map { VisibleText.of($0.text) }
    let width = min(names.map(TextWidth.of).max() ?? 0, max(8, columns / 2))
    let rows = zip(names, candidates).map { name, candidate in
      let name = TextWidth.padded(name, columns: width)
      let row = candidate.description.isEmpty ? name : "\(name)  \(VisibleText.of(candidate.description))"
      return TextWidth.cut(trimmed(row), columns: columns - 1)
    }
    return (rows, rows.count)
  }

  /// Names only: as many columns as fit, filled downwards.
  private static func grid(_ candidates: ArraySlice<LineCompletion.Candidate>, _ columns: Int, _ rows: Int) -> Block {
    var names = candidates.map { TextWidth.cut(VisibleText.of($0.text), columns: columns - 1) }
    var width = (names.map(TextWidth.of).max() ?? 0) + 2
    var across = max(1, (columns + 1) / width)
    if names.count > rows * across {
      // The width of what is shown counts, not of what is left off.
      names.removeLast(names.count - rows * across)
      width = (names.map(TextWidth.of).max() ?? 0) + 2
      across = max(1, (columns + 1) / width)
    }
    let down = (names.count + across - 1) / across
    let lines = (0..<down).map { row in
      trimmed(stride(from: row, to: names.count, by: down).map { TextWidth.padded(names[$0], columns: width) }.joined())
    }
    return (lines, names.count)
  }

  private static func trimmed(_ row: String) -> String {
    var row = row
    while row.last == " " { row.removeLast() }
    return row
  }

  /// 99950 as `99,950`.
  private static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
