/// What the values of each column look like, over the first rows of data.
struct ColumnSurvey {
  struct Column {
    var kinds: [FieldKind: Int] = [:]
    /// Host names: how many different ones, and how many have a digit.
    var names: Set<String> = []
    var withDigit = 0
    /// Words of headers among them.
    var words = 0
    var versions = 0

    /// The part of the rows that is of a kind.
    func share(_ kind: FieldKind, of rows: Int) -> Double { Double(kinds[kind] ?? 0) / Double(max(rows, 1)) }

    var dataCount: Int { kinds.reduce(0) { $0 + ($1.key.isData ? $1.value : 0) } }

    var hosts: Int { kinds[.host] ?? 0 }

    /// The kind of data that four of five rows have; nil where there is none.
    func mostlyData(of rows: Int) -> FieldKind? {
      kinds.first { $0.key.isData && $0.value * 5 >= rows * 4 }?.key
    }
  }

  private(set) var columns: [Column] = []
  private(set) var rows = 0
  /// Columns that have something in some row, and those before them.
  private(set) var width = 0
  private static let depth = 400
  /// Columns looked at. No list has that many.
  static let widest = 500

  init(_ table: FieldTable, from first: Int, below end: Int = .max) {
    let last = min(table.count, end, first + ColumnSurvey.depth)
    for row in first..<max(last, first) where !table.isBroken(row) {
      rows += 1
      for (index, value) in table.trimmedValues(of: row, most: ColumnSurvey.widest).enumerated() {
        if !value.isEmpty { width = max(width, index + 1) }
        if index == columns.count { columns.append(Column()) }
        columns[index].add(value)
      }
    }
  }

  /// How much of a column could be host names.
  func hostShare(_ column: Int) -> Double {
    column < columns.count ? columns[column].share(.host, of: rows) : 0
  }

  /// A column holds host names and nothing else; with a digit in each, where that is asked for.
  func hosts(_ column: Int, allHaveDigits: Bool) -> Bool {
    guard column < columns.count, columns[column].hosts > 0 else { return false }
    return columns[column].kinds.allSatisfy { $0.key == .host || $0.key == .empty }
      && (!allHaveDigits
        || (columns[column].withDigit > 0 && columns[column].withDigit + columns[column].words == columns[column].hosts))
  }

  /// How much a column looks like host names: by their form, by being different, by having digits.
  func hostScore(_ column: Int) -> Double {
    guard column < columns.count, columns[column].hosts > 0 else { return 0 }
    let hosts = Double(columns[column].hosts)
    return hosts / Double(max(rows, 1)) + 0.5 * Double(columns[column].names.count) / hosts
      + 0.25 * Double(columns[column].withDigit) / hosts
  }

  /// The column that most looks like host names; the leftmost of equals. Nil where none has them in half its rows.
  var hostColumn: Int? { likeliest(columns.indices.filter { hostShare($0) >= 0.5 }) }

  /// Of some columns the one that most looks like host names; the leftmost of equals.
  func likeliest(_ columns: [Int]) -> Int? {
    var best: (column: Int, score: Double)?
    for column in columns where hostScore(column) > best?.score ?? -1 { best = (column, hostScore(column)) }
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
      if value.utf8.contains(where: { $0 >= 0x30 && $0 <= 0x39 }) {
        withDigit += 1
      } else if ColumnMeaning.isHostWord(value) {
        words += 1
      }
    case .number:
      let isDotted = value.utf8.allSatisfy { $0 == 0x2E || ($0 >= 0x30 && $0 <= 0x39) }
      if isDotted && value.utf8.count(where: { $0 == 0x2E }) >= 2 { versions += 1 }
    default: break
    }
  }
}
