/// A list of mismatched agents as `CertificateManager -l`, or somebody's spreadsheet, wrote it: the agents, what was
/// guessed to find them, and everything that was not understood.
///
/// Every row that isn't blank is an agent, a duplicate or rejected, or stands above the header. Beside the file's bytes
/// no more is kept than a few words for each row.
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
  /// - Parameter hostColumn: the header name (`Host #2` for the second of that name), or the number from 1, of the column
  ///   with the host names.
  package init(_ bytes: [UInt8], hostColumn: String? = nil) throws(MismatchListError) {
    guard bytes.count < FieldScanner.longest else { throw .tooLarge(bytes: bytes.count, most: FieldScanner.longest) }
    try FormCheck.checkMagic(bytes)
    let text = try DecodedText(decoding: bytes)
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
    let rows = ListRows(table, header, hostColumn: hostColumn)
    self.table = rows.table
    (roster, rejected, duplicates) = (rows.roster, rows.rejected, rows.duplicates)
    notes += rows.notes
  }

  private mutating func scan(_ text: DecodedText) throws(MismatchListError) -> FieldTable {
    if !text.isCertain && text.encoding != .utf8 { notes.append(.encodingGuessed(text.encoding)) }
    if text.badBytes > 0 { notes.append(.badBytes(count: text.badBytes, encoding: text.encoding)) }
    let result: Result<(DelimiterGuess, FieldCursor.Marks, FieldScanner), MismatchListError> =
      text.bytes.withUnsafeBufferPointer { buffer in
        do throws(MismatchListError) {
          try FormCheck.checkText(buffer, from: text.start)
          let delimiter = DelimiterGuess(buffer, from: text.start)
          let marks = FieldCursor.Marks(delimiter: delimiter.delimiter)
          var scanner = FieldScanner(buffer, marks, from: delimiter.start, line: delimiter.line)
          scanner.scan()
          return .success((delimiter, marks, scanner))
        } catch {
          return .failure(error)
        }
      }
    let (delimiter, marks, scanner) = try result.get()
    if let line = scanner.overflowLine { throw .tooManyRows(line: line) }
    if let line = scanner.openQuoteLine { throw .openQuote(line: line) }
    guess.delimiter = Character(Unicode.Scalar(delimiter.delimiter))
    guess.isDelimiterSaid = delimiter.isSaid
    if scanner.emptyRows > 0 { notes.append(.emptyRows(count: scanner.emptyRows)) }
    if scanner.looseText.count > 0 {
      notes.append(.looseText(count: scanner.looseText.count, firstLine: scanner.looseText.line))
    }
    return FieldTable(bytes: text.bytes, marks: marks, rows: scanner.rows)
  }

  private mutating func describe(_ header: HeaderGuess, _ table: FieldTable) {
    headers = header.headers
    guess.columns = header.columns
    guess.headerLine = header.headerRow.map { table.line(of: $0) }
    guess.isHostColumnGuessed = header.isHostGuessed
    if let row = header.headerRow {
      if row > 0 { notes.append(.titleLines(first: table.line(of: 0), texts: (0..<row).map { table.raw($0) })) }
      if header.isByShape { notes.append(.headerByShape(line: table.line(of: row), text: table.raw(row, limit: 120))) }
      if header.firstData == table.count { notes.append(.noRows) }
    } else {
      notes.append(.noHeader)
    }
    if let (name, columns, taken) = header.ambiguous {
      notes.append(.columnTwice(name: name, columns: columns.map { $0 + 1 }, taken: header.name(of: taken)))
    }
    if header.isHostGuessed, let host = header.columns[.host] {
      notes.append(.hostColumnGuessed(header.name(of: host)))
    }
  }
}
