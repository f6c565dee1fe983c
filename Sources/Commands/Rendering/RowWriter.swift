import Synchronization

/// A stream of rows in one form. Rows go out as they come (a table waits for its first screens to learn its widths), so
/// that a hundred thousand of them never stand in memory at once. Safe to use from several tasks.
package final class RowWriter: Sendable {
  private struct State {
    var buffer = ""
    var waiting: [[String]] = []
    var layout: TableLayout?
    var hasBegun = false
    var count = 0
  }

  private let columns: [ResultColumn]
  private let shown: [Int]
  private let format: OutputFormat
  private let console: any Console
  private let state = Mutex(State())

  /// Rows that a table looks at before it settles its widths.
  private static let sample = 500
  private static let chunk = 32_768

  package init(_ columns: [ResultColumn], format: OutputFormat, to console: any Console) {
    self.columns = columns
    self.shown = columns.indices.filter { !columns[$0].isJSONOnly }
    self.format = format
    self.console = console
  }

  package var count: Int { state.withLock { $0.count } }

  /// Writes one row: a value for each column, in order. `now`: don't hold it back (rows that come slowly).
  package func write(_ values: [ResultValue], now: Bool = false) throws {
    precondition(values.count == columns.count, "a row must have a value for each column")
    try state.withLock { state in
      state.count += 1
      add(values, to: &state)
      if now && format == .table && state.layout == nil { settle(&state) }
      if now || state.buffer.utf8.count > Self.chunk { try flush(&state) }
    }
  }

  /// A line beside the rows that only JSON has: a summary.
  package func writeObject(_ members: [(String, ResultValue)]) throws {
    guard format == .json else { return }
    try state.withLock { state in
      state.buffer += JSONText.object(members) + "\n"
      try flush(&state)
    }
  }

  /// Must be called once, after the last row.
  package func end() throws {
    try state.withLock { state in
      begin(&state)
      if format == .table && state.layout == nil && !state.waiting.isEmpty { settle(&state) }
      try flush(&state)
    }
  }

  private func add(_ values: [ResultValue], to state: inout State) {
    begin(&state)
    switch format {
    case .json: state.buffer += JSONText.object(zip(columns.lazy.map(\.key), values)) + "\n"
    case .csv: state.buffer += DelimitedText.csv(cells(values)) + "\r\n"
    case .tsv: state.buffer += DelimitedText.tsv(cells(values)) + "\n"
    case .table:
      if let layout = state.layout {
        state.buffer += layout.line(cells(values)) + "\n"
      } else {
        state.waiting.append(cells(values))
        if state.waiting.count >= Self.sample { settle(&state) }
      }
    }
  }

  private func begin(_ state: inout State) {
    guard !state.hasBegun else { return }
    state.hasBegun = true
    if format == .csv { state.buffer += DelimitedText.csv(shown.map { columns[$0].key }) + "\r\n" }
  }

  private func settle(_ state: inout State) {
    let layout = TableLayout(shown.map { columns[$0] }, rows: state.waiting, width: console.traits.width)
    state.layout = layout
    state.buffer += layout.header + "\n"
    for row in state.waiting { state.buffer += layout.line(row) + "\n" }
    state.waiting = []
  }

  private func flush(_ state: inout State) throws {
    guard !state.buffer.isEmpty else { return }
    let text = state.buffer
    state.buffer = ""
    try console.write(text)
  }

  private func cells(_ values: [ResultValue]) -> [String] { shown.map { values[$0].cell } }
}
