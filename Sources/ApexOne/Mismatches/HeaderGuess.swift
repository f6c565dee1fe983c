/// Where the header is, if there is one, what stands above it, and which column means what.
struct HeaderGuess {
  private(set) var headerRow: Int?
  private(set) var headers: [String]?
  private(set) var columns: [ColumnMeaning: Int] = [:]
  /// The host column was found by its values, not by its name.
  private(set) var isHostGuessed = false
  /// The header holds no word that is known: only that the rows below it all differ from it tells that it is one.
  private(set) var isByShape = false
  /// A name that stands over several columns, and which of them was taken, from 0.
  private(set) var ambiguous: (name: String, columns: [Int], taken: Int)?

  /// The first row of data; those before the header are title lines.
  var firstData: Int { headerRow.map { $0 + 1 } ?? 0 }

  init(_ table: FieldTable, hostColumn: String?) throws(MismatchListError) {
    let search = HeaderSearch(table: table)
    headerRow = hostColumn.flatMap { HeaderGuess.row(named: $0, in: table) } ?? search.known()
    if headerRow == nil, let (row, isByShape) = search.byKind() { (headerRow, self.isByShape) = (row, isByShape) }
    headers = headerRow.map { HeaderGuess.names(table.trimmedValues(of: $0)) }
    let survey = ColumnSurvey(table, from: firstData)
    let known = HeaderGuess.meanings(headers ?? [])
    let host = try host(table, survey, known, named: hostColumn)
    columns[.host] = host
    // A header that is wider or narrower than the rows may stand beside its columns: then their values tell.
    let isShifted = isHostGuessed && headers != nil && known[.host] != nil
    for meaning in [ColumnMeaning.address, .domain, .guid, .version] {
      let byValue = HeaderGuess.guess(meaning, survey)
      let named = known[meaning]?.first { HeaderGuess.fits($0, meaning, survey) } ?? known[meaning]?.first
      let isUnnamed = meaning == .address && byValue.map { ColumnMeaning.read(name(of: $0)) == nil } == true
      let column = headers == nil || isShifted ? byValue : named ?? (isUnnamed ? byValue : nil)
      if let column, column != host { columns[meaning] = column }
    }
  }

  /// A row's cells as the names of columns: without the empty ones at its end.
  static func names(_ cells: [String]) -> [String] {
    Array(cells[..<(cells.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0)])
  }

  /// How columns are named to people: by header name, else by number.
  func name(of column: Int) -> String {
    guard let headers, column < headers.count, !headers[column].isEmpty else { return String(column + 1) }
    return HeaderGuess.title(of: column, in: headers)
  }

  // MARK: Names of columns

  /// A column's name; `Host #2` for the second of that name.
  static func title(of column: Int, in headers: [String]) -> String {
    let same = indices(of: headers[column], in: headers)
    guard same.count > 1, let place = same.firstIndex(of: column) else { return headers[column] }
    return "\(headers[column]) #\(place + 1)"
  }

  /// The columns that a person means by a name: one for `Host #2`, all of that name for `Host`.
  static func columns(named name: String, in headers: [String]) -> [Int] {
    let exact = indices(of: name, in: headers)
    if !exact.isEmpty { return exact }
    guard let mark = name.lastIndex(of: "#"), let number = Int(name[name.index(after: mark)...]) else { return [] }
    let same = indices(of: String(name[..<mark]), in: headers)
    return (1...max(same.count, 1)).contains(number) && !same.isEmpty ? [same[number - 1]] : []
  }

  /// Case counts for nothing, nor which kind of blank stands where.
  private static func indices(of name: String, in headers: [String]) -> [Int] {
    let wanted = plain(name)
    return headers.indices.filter { plain(headers[$0]) == wanted }
  }

  private static func plain(_ name: String) -> String {
    name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The row that has a cell of the name the user gave.
  private static func row(named name: String, in table: FieldTable) -> Int? {
    (0..<min(HeaderSearch.depth, table.count)).first { !columns(named: name, in: table.trimmedValues(of: $0)).isEmpty }
  }

  // MARK: The columns

  /// The columns of each meaning, the likeliest first.
  static func meanings(_ headers: [String]) -> [ColumnMeaning: [Int]] {
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
      let columns = headers.map { HeaderGuess.columns(named: name, in: $0) } ?? []
      if !columns.isEmpty { return choose(columns, survey) }
      if let number = Int(name), (1...max(widest, 1)).contains(number) { return number - 1 }
      throw .unknownColumn(name: name, line: line, columns: names)
    }
    if let column = known[.host]?.first(where: { survey.hostShare($0) >= 0.5 }) ?? known[.host]?.first {
      let same = headers.map { HeaderGuess.indices(of: $0[column], in: $0) } ?? []
      let chosen = same.count > 1 ? choose(same, survey) : column
      guard let other = shifted(from: chosen, survey) else { return chosen }
      (isHostGuessed, ambiguous) = (true, nil)
      return other
    }
    guard let column = survey.hostColumn else { throw .noHostColumn(line: line, columns: names) }
    isHostGuessed = true
    if let headers, column < headers.count, !headers[column].isEmpty {
      let same = HeaderGuess.indices(of: headers[column], in: headers)
      if same.count > 1 { ambiguous = (headers[column], same, column) }
    }
    return column
  }

  /// Of columns of one name the one whose values look most like host names.
  private mutating func choose(_ columns: [Int], _ survey: ColumnSurvey) -> Int {
    guard columns.count > 1, let headers else { return columns[0] }
    let taken = survey.likeliest(columns) ?? columns[0]
    ambiguous = (headers[taken], columns, taken)
    return taken
  }

  /// Where the header is wider or narrower than the rows, the column that clearly looks more like host names than the
  /// one the header says.
  private func shifted(from column: Int, _ survey: ColumnSurvey) -> Int? {
    guard let headers, survey.rows > 0, survey.width != headers.count, let other = survey.hostColumn,
      other != column, survey.hostScore(other) > survey.hostScore(column) + 0.2
    else { return nil }
    return other
  }

  private static func fits(_ column: Int, _ meaning: ColumnMeaning, _ survey: ColumnSurvey) -> Bool {
    guard column < survey.columns.count else { return false }
    switch meaning {
    case .address: return survey.columns[column].share(.address, of: survey.rows) >= 0.5
    case .guid: return survey.columns[column].share(.guid, of: survey.rows) >= 0.5
    case .version: return survey.columns[column].versions * 2 >= survey.rows
    case .host, .domain, .other: return true
    }
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
