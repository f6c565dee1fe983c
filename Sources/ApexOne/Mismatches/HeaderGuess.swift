/// Where the header is, if there is one, what stands above it, and which column means what.
struct HeaderGuess {
  private(set) var headerRow: Int?
  private(set) var headers: [String]?
  private(set) var columns: [ColumnMeaning: Int] = [:]
  /// The host column was found by its values.
  private(set) var isHostGuessed = false

  /// Rows among which a header is looked for.
  static let depth = 20

  /// The first row of data; those before the header are title lines.
  var firstData: Int { headerRow.map { $0 + 1 } ?? 0 }

  init(_ table: FieldTable, hostColumn: String?) throws(MismatchListError) {
    headerRow =
      hostColumn.flatMap { HeaderGuess.row(named: $0, in: table) }
      ?? HeaderGuess.knownHeader(table) ?? HeaderGuess.unknownHeader(table)
    headers = headerRow.map { row in
      let cells = table.trimmedValues(of: row)
      return Array(cells[..<(cells.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0)])
    }
    let survey = ColumnSurvey(table, from: firstData)
    let known = HeaderGuess.meanings(headers ?? [])
    let host = try host(table, survey, known, named: hostColumn)
    columns[.host] = host
    for meaning in [ColumnMeaning.address, .domain, .guid, .version] {
      let column = headers == nil ? HeaderGuess.guess(meaning, survey) : known[meaning]?.first
      if let column, column != host { columns[meaning] = column }
    }
  }

  /// How columns are named to people: by header name, else by number.
  func name(of column: Int) -> String {
    if let headers, column < headers.count, !headers[column].isEmpty { return headers[column] }
    return String(column + 1)
  }

  // MARK: The header

  /// The row that has a cell of the name the user gave.
  private static func row(named name: String, in table: FieldTable) -> Int? {
    (0..<min(depth, table.count)).first { index(of: name, in: table.trimmedValues(of: $0)) != nil }
  }

  private static func index(of name: String, in cells: [String]) -> Int? {
    let wanted = name.lowercased()
    return cells.firstIndex { $0.lowercased() == wanted }
  }

  /// The first row of known words. The search ends at the first row with a value that no header has.
  private static func knownHeader(_ table: FieldTable) -> Int? {
    for row in 0..<min(depth, table.count) where table.width(of: row) <= ColumnSurvey.widest {
      let cells = table.trimmedValues(of: row)
      if cells.contains(where: { FieldKind($0).isData }) { return nil }
      guard isHeader(cells, isNarrow: isNarrow(table)), !recurs(cells, below: row, table) else { continue }
      let filled = cells.count { !$0.isEmpty }
      return (0..<row).allSatisfy { isTitle($0, table, under: filled) } ? row : nil
    }
    return nil
  }

  /// A word for the host decides; without one, half of the words must be known, and none may look like a machine.
  private static func isHeader(_ cells: [String], isNarrow: Bool) -> Bool {
    let filled = cells.filter { !$0.isEmpty }
    let known = filled.compactMap { ColumnMeaning.read($0)?.meaning }
    if known.contains(.host) { return filled.count >= 2 || isNarrow }
    let looksLikeMachine = filled.contains { cell in
      ColumnMeaning.read(cell) == nil && AgentName.isHostName(cell) && cell.utf8.contains { $0 >= 0x30 && $0 <= 0x39 }
    }
    return known.count >= 2 && known.count * 2 >= filled.count && !looksLikeMachine
  }

  /// A known word stands again below, in the same column of another row: then it is a value, not a header.
  private static func recurs(_ cells: [String], below row: Int, _ table: FieldTable) -> Bool {
    (row + 1..<max(row + 1, min(row + depth, table.count))).contains { other in
      let values = table.trimmedValues(of: other)
      return values != cells && zip(cells, values).contains { $0 == $1 && ColumnMeaning.read($0) != nil }
    }
  }

  /// Most rows have one field with something in it.
  private static func isNarrow(_ table: FieldTable) -> Bool {
    let sample = 0..<min(60, table.count)
    return sample.count { row in table.trimmedValues(of: row).count { !$0.isEmpty } == 1 } * 2 >= sample.count
  }

  /// A row above the header that isn't an agent's: narrower than the header, or without any host name.
  private static func isTitle(_ row: Int, _ table: FieldTable, under filled: Int) -> Bool {
    let cells = table.trimmedValues(of: row).filter { !$0.isEmpty }
    return cells.count < filled || !cells.contains { AgentName.isHostName($0) }
  }

  /// A first row of unknown words: some column below it holds addresses, numbers or the like, and it doesn't.
  private static func unknownHeader(_ table: FieldTable) -> Int? {
    guard table.count >= 2, table.width(of: 0) <= ColumnSurvey.widest else { return nil }
    let cells = table.trimmedValues(of: 0)
    guard !cells.contains(where: { FieldKind($0).isData }) else { return nil }
    let survey = ColumnSurvey(table, from: 1)
    let isHeader = zip(cells, survey.columns).contains { cell, column in
      !cell.isEmpty && column.dataCount * 5 >= survey.rows * 4
    }
    return isHeader ? 0 : nil
  }

  // MARK: The columns

  /// The columns of each meaning, the likeliest first.
  private static func meanings(_ headers: [String]) -> [ColumnMeaning: [Int]] {
    var found: [ColumnMeaning: [(rank: Int, column: Int)]] = [:]
    for (column, header) in headers.enumerated() {
      if let (meaning, rank) = ColumnMeaning.read(header) { found[meaning, default: []].append((rank, column)) }
    }
    return found.mapValues { $0.sorted { ($0.rank, $0.column) < ($1.rank, $1.column) }.map(\.column) }
  }

  private mutating func host(
    _ table: FieldTable, _ survey: ColumnSurvey, _ known: [ColumnMeaning: [Int]], named name: String?
  ) throws(MismatchListError) -> Int {
    let widest = max(headers?.count ?? 0, survey.columns.count)
    let line = table.count == 0 ? 1 : table.line(of: min(headerRow ?? 0, table.count - 1))
    let names = (0..<widest).map { self.name(of: $0) }
    if let name {
      if let headers, let column = HeaderGuess.index(of: name, in: headers) { return column }
      if let number = Int(name), (1...max(widest, 1)).contains(number) { return number - 1 }
      throw .unknownColumn(name: name, line: line, columns: names)
    }
    if let columns = known[.host], let first = columns.first {
      return columns.first { survey.hostShare($0) >= 0.5 } ?? first
    }
    guard let column = survey.hostColumn else { throw .noHostColumn(line: line, columns: names) }
    isHostGuessed = true
    return column
  }

  /// The column of a meaning where no header tells.
  private static func guess(_ meaning: ColumnMeaning, _ survey: ColumnSurvey) -> Int? {
    switch meaning {
    case .address: survey.column(mostly: .address)
    case .guid: survey.column(mostly: .guid)
    case .version: survey.versionColumn
    case .host, .domain, .other: nil
    }
  }
}
