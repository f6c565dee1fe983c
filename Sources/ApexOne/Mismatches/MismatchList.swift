import InputText

/// A list of mismatched agents as `CertificateManager -l`, or somebody's spreadsheet, wrote it: the agents, what was
/// guessed to find them, and everything that was not understood.
///
/// Every row that isn't blank is an agent, a duplicate or rejected, or stands above the header.
package struct MismatchList: Sendable {
  /// The agents with their places.
  package private(set) var roster = AgentRoster([])
  /// In the list's order, one a name.
  package var agents: [Agent] { roster.agents }
  /// The header's names; nil where the list has none.
  package private(set) var headers: [String]?
  package private(set) var rejected: [RejectedRow] = []
  package private(set) var duplicates: [DuplicateRow] = []
  package private(set) var notes: [MismatchNote] = []
  package private(set) var guess: MismatchGuess
  /// Nil for an empty list.
  private(set) var table: MismatchTable?

  /// Reads a list of any form that a Windows server or a spreadsheet gives it.
  /// - Parameter hostColumn: the header name, or the number from 1, of the column with the host names.
  package init(_ bytes: [UInt8], hostColumn: String? = nil) throws(MismatchListError) {
    guard bytes.count < FieldScanner.longest / 3 else { throw .tooLarge(bytes: bytes.count) }
    try FormCheck.checkMagic(bytes)
    let text = DecodedText(decoding: bytes)
    guess = MismatchGuess(encoding: text.encoding, isEncodingCertain: text.isCertain)
    guard text.bytes[text.start...].contains(where: { $0 > 0x20 }) else {
      notes.append(.emptyFile)
      return
    }
    let table = try scan(text)
    if table.count == 0 {
      notes.append(.emptyFile)
      return
    }
    let header = try HeaderGuess(table, hostColumn: hostColumn)
    describe(header, table)
    let rows = MismatchTable(text: table, headers: header.headers, columns: header.columns)
    self.table = rows
    collect(rows, header)
  }

  private mutating func scan(_ text: DecodedText) throws(MismatchListError) -> FieldTable {
    if !text.isCertain && text.encoding != .utf8 { notes.append(.encodingGuessed(text.encoding)) }
    if text.badBytes > 0 { notes.append(.badBytes(count: text.badBytes, encoding: text.encoding)) }
    let result: Result<(DelimiterGuess, FieldScanner), MismatchListError> = text.bytes.withUnsafeBufferPointer {
      buffer in
      do throws(MismatchListError) {
        try FormCheck.checkText(buffer, from: text.start)
        let delimiter = DelimiterGuess(buffer, from: text.start)
        var scanner = FieldScanner(
          buffer, delimiter: delimiter.delimiter, from: delimiter.start, line: delimiter.line)
        scanner.scan()
        return .success((delimiter, scanner))
      } catch {
        return .failure(error)
      }
    }
    let (delimiter, scanner) = try result.get()
    if let line = scanner.openQuoteLine { throw .openQuote(line: line) }
    guess.delimiter = Character(Unicode.Scalar(delimiter.delimiter))
    guess.isDelimiterSaid = delimiter.isSaid
    if scanner.emptyRows > 0 { notes.append(.emptyRows(count: scanner.emptyRows)) }
    if scanner.looseText.count > 0 {
      notes.append(.looseText(count: scanner.looseText.count, firstLine: scanner.looseText.line))
    }
    return FieldTable(bytes: text.bytes, fields: scanner.fields, rows: scanner.rows)
  }

  private mutating func describe(_ header: HeaderGuess, _ table: FieldTable) {
    headers = header.headers
    guess.columns = header.columns
    guess.headerLine = header.headerRow.map { table.line(of: $0) }
    guess.isHostColumnGuessed = header.isHostGuessed
    if let row = header.headerRow {
      if row > 0 { notes.append(.titleLines(first: table.line(of: 0), texts: (0..<row).map { table.raw($0) })) }
      if header.firstData == table.count { notes.append(.noRows) }
    } else {
      notes.append(.noHeader)
    }
    if header.isHostGuessed, let host = header.columns[.host] {
      notes.append(.hostColumnGuessed(header.name(of: host)))
    }
  }

  private mutating func collect(_ table: MismatchTable, _ header: HeaderGuess) {
    let text = table.text
    let host = header.columns[.host] ?? 0
    let usual = header.headers?.count ?? MismatchList.usualWidth(text)
    let again = header.headerRow.map { (text.trimmed($0, host) ?? "", text.raw($0)) }
    var ragged = (count: 0, line: 0)
    var places = NamePlaces(capacity: text.count)
    var agents: [Agent] = []
    agents.reserveCapacity(text.count)
    for row in header.firstData..<text.count {
      if text.width(of: row) != usual, MismatchList.isRagged(row, text, usual) {
        ragged = (ragged.count + 1, ragged.count == 0 ? text.line(of: row) : ragged.line)
      }
      guard let name = text.withField(row, host, { $0.flatMap { AgentName(utf8: Blank.trimmed($0)) } }) else {
        rejected.append(RejectedRow(table: table, row: row, host: host))
        continue
      }
      if let again, again.0 == name.text, again.1 == text.raw(row) {
        rejected.append(RejectedRow(table: table, row: row, reason: .headerAgain))
      } else if let place = places.append(name, to: agents) {
        let first = agents[place].line ?? 0
        duplicates.append(DuplicateRow(table: table, row: row, name: name, firstLine: first))
      } else {
        agents.append(Agent(name: name, table: table, row: row))
      }
    }
    roster = AgentRoster(agents, places: places)
    if ragged.count > 0 { notes.append(.raggedRows(count: ragged.count, firstLine: ragged.line)) }
    if let first = duplicates.first { notes.append(.duplicates(count: duplicates.count, firstLine: first.line)) }
    if let first = rejected.first { notes.append(.rejected(count: rejected.count, firstLine: first.line)) }
  }

  /// Narrower than the others, or wider with something in the further fields.
  private static func isRagged(_ row: Int, _ text: FieldTable, _ usual: Int) -> Bool {
    let width = text.width(of: row)
    return width < usual || (usual..<width).contains { text.trimmed(row, $0)?.isEmpty == false }
  }

  private static func usualWidth(_ text: FieldTable) -> Int {
    var widths: [Int: Int] = [:]
    for row in 0..<min(text.count, 200) { widths[text.width(of: row), default: 0] += 1 }
    return widths.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 1
  }
}
