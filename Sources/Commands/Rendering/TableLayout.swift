/// The widths of a table's columns, from a sample of its rows and the window.
struct TableLayout: Sendable {
  private let columns: [ResultColumn]
  private let widths: [Int]
  private static let gap = "  "

  init(_ columns: [ResultColumn], rows: [[String]], width: Int) {
    self.columns = columns
    var widths = columns.map { max(CellWidth.of($0.key), $0.minimumWidth) }
    for row in rows {
      for (index, cell) in row.enumerated() { widths[index] = max(widths[index], CellWidth.of(cell)) }
    }
    self.widths = Self.shrink(widths, to: width - Self.gap.count * max(0, columns.count - 1))
  }

  var header: String { row(columns.map { $0.key.uppercased() }) }

  func line(_ cells: [String]) -> String { row(cells) }

  private func row(_ cells: [String]) -> String {
    let parts = cells.indices.map { CellWidth.fit(cells[$0], widths[$0], rightAligned: columns[$0].isNumeric) }
    var line = parts.joined(separator: Self.gap)
    while line.last == " " { line.removeLast() }
    return line
  }

  /// The widest give first, none below eight columns.
  private static func shrink(_ widths: [Int], to room: Int) -> [Int] {
    var widths = widths
    while widths.reduce(0, +) > room {
      guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > 8 else { break }
      let second = widths.filter { $0 < widths[widest] }.max() ?? 8
      let excess = widths.reduce(0, +) - room
      widths[widest] = max(8, second, widths[widest] - excess)
      if widths[widest] == second && second > 8 { widths[widest] -= min(excess, 1) }
    }
    return widths
  }
}
