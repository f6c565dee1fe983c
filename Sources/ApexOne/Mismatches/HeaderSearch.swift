/// Looks for the row that names the columns: by words that are known, else by the kind of what stands in it.
struct HeaderSearch {
  let table: FieldTable

  /// Rows among which a header is looked for.
  static let depth = 20

  private func cells(_ row: Int) -> [String] { table.trimmedValues(of: row, most: ColumnSurvey.widest) }

  /// No list has that many columns with something in them.
  private func isWide(_ row: Int) -> Bool { HeaderSearch.isWide(row, in: table) }

  static func isWide(_ row: Int, in table: FieldTable) -> Bool {
    table.width(of: row) > ColumnSurvey.widest
      && (table.isBroken(row) || table.holdsText(row, from: ColumnSurvey.widest))
  }

  // MARK: Known words

  /// The first row of known words with nothing but titles above it.
  func known() -> Int? {
    for row in 0..<min(HeaderSearch.depth, table.count) where !isWide(row) {
      let cells = cells(row)
      if cells.contains(where: { FieldKind($0).isData }) { continue }
      guard HeaderSearch.isHeader(cells, isNarrow: isNarrow, isFirst: row == 0), !recurs(cells, below: row) else {
        continue
      }
      return areTitles(above: row, cells) ? row : nil
    }
    return nil
  }

  /// A word for the host decides in the first row; further down half of the words must be known. Without a word for the
  /// host that is so anywhere, and none may look like a machine.
  static func isHeader(_ cells: [String], isNarrow: Bool, isFirst: Bool) -> Bool {
    let filled = cells.filter { !$0.isEmpty }
    let known = filled.compactMap { ColumnMeaning.read($0)?.meaning }
    let isMostlyKnown = known.count * 2 >= filled.count
    if known.contains(.host) { return isNarrow || (filled.count >= 2 && (isFirst || isMostlyKnown)) }
    return known.count >= 2 && isMostlyKnown && !filled.contains(where: looksLikeMachine)
  }

  /// A host name with a digit in it that is no word of a header.
  static func looksLikeMachine(_ cell: String) -> Bool {
    hasDigit(cell) && ColumnMeaning.read(cell) == nil && HostField(cell) != nil
  }

  private static func hasDigit(_ cell: String) -> Bool { cell.utf8.contains { $0 >= 0x30 && $0 <= 0x39 } }

  /// A known word stands again below, in the same column of a row that is no header itself: then it is a value.
  func recurs(_ cells: [String], below row: Int) -> Bool {
    (row + 1..<max(row + 1, min(row + HeaderSearch.depth, table.count))).contains { other in
      let values = self.cells(other)
      guard values != cells, zip(cells, values).contains(where: { $0 == $1 && ColumnMeaning.read($0) != nil }) else {
        return false
      }
      let known = values.compactMap { ColumnMeaning.read($0)?.meaning }
      let isHeader = known.contains(.host) && known.count * 2 >= values.count(where: { !$0.isEmpty })
      return values.contains { FieldKind($0).isData } || !isHeader
    }
  }

  /// Most rows have one field with something in it.
  var isNarrow: Bool {
    let sample = 0..<min(60, table.count)
    return sample.count { row in cells(row).count { !$0.isEmpty } == 1 } * 2 >= sample.count
  }

  /// No row above a header is an agent's.
  private func areTitles(above header: Int, _ names: [String]) -> Bool {
    guard header > 0 else { return true }
    let survey = ColumnSurvey(table, from: header + 1)
    let host = names.firstIndex { ColumnMeaning.read($0)?.meaning == .host } ?? survey.hostColumn ?? 0
    return (0..<header).allSatisfy { isTitle(cells($0), under: names, host, survey) }
  }

  /// A row is no agent's where it has less in it than the header, where its values are of another kind than those below
  /// the header, or where what stands in the host column is no name, or no name like theirs.
  private func isTitle(_ cells: [String], under names: [String], _ host: Int, _ survey: ColumnSurvey) -> Bool {
    let filled = cells.filter { !$0.isEmpty }
    if filled.count < names.count(where: { !$0.isEmpty }) { return true }
    var isLikeThem = false
    for (column, cell) in cells.enumerated() where column < survey.columns.count && !cell.isEmpty {
      guard let kind = survey.columns[column].mostlyData(of: survey.rows) else { continue }
      if FieldKind(cell) != kind { return true }
      isLikeThem = true
    }
    if isLikeThem { return false }
    let name = host < cells.count ? cells[host] : ""
    if HostField(name) == nil || ColumnMeaning.read(name) != nil { return true }
    return !HeaderSearch.hasDigit(name) && survey.hosts(host, allHaveDigits: true)
  }

  // MARK: Kind

  /// A row of unknown words that differ in kind from all that stands below them. `isByShape`: only the shape of the host
  /// names tells it.
  func byKind() -> (row: Int, isByShape: Bool)? {
    guard table.count >= 2 else { return nil }
    let start = min(HeaderSearch.depth, table.count - max(1, table.count / 3))
    let survey = ColumnSurvey(table, from: start)
    let whole = ColumnSurvey(table, from: 0)
    let data = whole.columns.indices.filter {
      whole.columns[$0].dataCount * 2 >= whole.rows
        || ($0 < survey.columns.count && survey.columns[$0].dataCount * 2 > survey.rows)
    }
    if !data.isEmpty, let row = overData(data, survey, start) { return (row, false) }
    return byShape().map { ($0, true) }
  }

  /// The last row without addresses, numbers and the like over the first that has them where the rows below do.
  private func overData(_ data: [Int], _ survey: ColumnSurvey, _ start: Int) -> Int? {
    var found: Int?
    for row in 0...start {
      guard !isWide(row) else { return found }
      let cells = cells(row)
      let above = data.compactMap { $0 < cells.count && !cells[$0].isEmpty ? cells[$0] : nil }
      let host = survey.hostColumn.flatMap { $0 < cells.count ? cells[$0] : nil } ?? ""
      if above.contains(where: { FieldKind($0).isData }) {
        // A title with a year or a count in it: of another kind than what stands below, or narrower than all of that.
        let isOther = !data.contains { column in
          column < cells.count && column < survey.columns.count
            && survey.columns[column].kinds[FieldKind(cells[column]), default: 0] > 0 && FieldKind(cells[column]).isData
        }
        let isNarrower = cells.count { !$0.isEmpty } < survey.width
        guard isOther || isNarrower, !HeaderSearch.looksLikeMachine(host) else { return found }
        continue
      }
      let isHeader =
        above.contains { !HeaderSearch.placeholders.contains($0.lowercased()) }
        && !cells.contains { FieldKind($0).isData } && !HeaderSearch.looksLikeMachine(host)
      if isHeader { found = row }
    }
    return found
  }

  /// What a program writes where it knows no value.
  private static let placeholders: Set<String> = [
    "n/a", "na", "n.a.", "none", "null", "nil", "unknown", "-", "--", "?", "not available", "no ip",
  ]

  /// A row whose word in the host column has no digit, over names that all have one; or no host name, over names only.
  private func byShape() -> Int? {
    for row in 0..<min(5, table.count - 1) where !isWide(row) {
      let below = ColumnSurvey(table, from: row + 1)
      guard let host = below.hostColumn, below.hosts(host, allHaveDigits: true), (below.columns[host].hosts) >= 2 else {
        continue
      }
      let cells = cells(row)
      guard host < cells.count, !cells[host].isEmpty, !HeaderSearch.hasDigit(cells[host]), !repeats(cells, below: row)
      else { continue }
      let above = (0..<row).map { self.cells($0) }
      return above.contains { host < $0.count && HostField($0[host]) != nil } ? nil : row
    }
    guard !isWide(0), let cell = ColumnSurvey(table, from: 1).hostColumn.flatMap({ table.trimmed(0, $0) }) else {
      return nil
    }
    let below = ColumnSurvey(table, from: 1)
    let isText = !cell.isEmpty && HostField(cell) == nil && FieldKind(cell) == .text && !HeaderSearch.hasDigit(cell)
    return isText && below.hosts(below.hostColumn ?? 0, allHaveDigits: false) ? 0 : nil
  }

  /// A word of the row stands again below in the same column: it is a value.
  private func repeats(_ cells: [String], below row: Int) -> Bool {
    (row + 1..<min(row + 1 + 2 * HeaderSearch.depth, table.count)).contains { other in
      zip(cells, self.cells(other)).contains { !$0.isEmpty && $0.lowercased() == $1.lowercased() }
    }
  }
}
