/// What the values of each column look like, over the first rows of data.
struct ColumnSurvey {
  struct Column {
    var kinds: [FieldKind: Int] = [:]
    /// Host names: how many different ones, and how many have a digit.
    var names: Set<String> = []
    var withDigit = 0
    var versions = 0

    /// The part of the rows that is of a kind.
    func share(_ kind: FieldKind, of rows: Int) -> Double { Double(kinds[kind] ?? 0) / Double(max(rows, 1)) }

    var dataCount: Int { kinds.reduce(0) { $0 + ($1.key.isData ? $1.value : 0) } }
  }

  private(set) var columns: [Column] = []
  let rows: Int
  private static let depth = 400
  /// Columns looked at. No list has that many.
  static let widest = 500

  init(_ table: FieldTable, from first: Int) {
    let last = min(table.count, first + ColumnSurvey.depth)
    rows = max(last - first, 0)
    for row in first..<max(last, first) {
      for (index, value) in table.trimmedValues(of: row).prefix(ColumnSurvey.widest).enumerated() {
        if index == columns.count { columns.append(Column()) }
        columns[index].add(value)
      }
    }
  }

  /// How much of a column could be host names.
  func hostShare(_ column: Int) -> Double {
    column < columns.count ? columns[column].share(.host, of: rows) : 0
  }

  /// The column that most looks like host names: by their form, by being different, by having digits; the leftmost of
  /// equals. Nil where none has them in half its rows.
  var hostColumn: Int? {
    var best: (column: Int, score: Double)?
    for (index, column) in columns.enumerated() {
      let hosts = Double(column.kinds[.host] ?? 0)
      let share = hosts / Double(max(rows, 1))
      guard share >= 0.5 else { continue }
      let score = share + 0.5 * Double(column.names.count) / hosts + 0.25 * Double(column.withDigit) / hosts
      if score > (best?.score ?? 0) { best = (index, score) }
    }
    return best?.column
  }

  /// The first column that is mostly of a kind.
  func column(mostly kind: FieldKind) -> Int? { columns.firstIndex { $0.share(kind, of: rows) >= 0.5 } }

  var versionColumn: Int? { columns.firstIndex { $0.versions * 2 >= max(rows, 1) } }
}

extension ColumnSurvey.Column {
  fileprivate mutating func add(_ value: String) {
    let kind = FieldKind(value)
    kinds[kind, default: 0] += 1
    switch kind {
    case .host:
      names.insert(value.lowercased())
      if value.utf8.contains(where: { $0 >= 0x30 && $0 <= 0x39 }) { withDigit += 1 }
    case .number:
      let isDotted = value.utf8.allSatisfy { $0 == 0x2E || ($0 >= 0x30 && $0 <= 0x39) }
      if isDotted && value.utf8.count(where: { $0 == 0x2E }) >= 2 { versions += 1 }
    default: break
    }
  }
}
