import InputText

/// What must be known of all rows before they are sorted: headers further down, which files that were put together have
/// one each, with the same columns or with others; and the domains that stand before names.
struct FurtherRows {
  /// Rows under one header each, from top to bottom; a header with the columns of the one above begins none.
  private(set) var sections: [MismatchTable.Section]
  /// Rows that are headers.
  private(set) var headers: Set<Int> = []
  /// The one domain that stands before names, `CONTOSO\WS-001`, in lower case; nil where none does. Where rows name
  /// several, `WS-001` of one is not that of another.
  private(set) var domain: String?
  private let text: FieldTable
  private let search: HeaderSearch
  private let hostColumn: String?
  /// Columns that hold addresses, numbers and the like; found when first asked for.
  private var dataColumns: [Int]?
  /// The first names all have digits; found when first asked for.
  private var namesHaveDigits: Bool?
  private let first: Int

  init(_ text: FieldTable, under section: MismatchTable.Section, from first: Int, hostColumn: String?) {
    self.text = text
    self.hostColumn = hostColumn
    self.first = first
    search = HeaderSearch(table: text)
    sections = [section]
    look()
  }

  private mutating func look() {
    var current = sections[0]
    var title = Title(of: current)
    var hasDomains = false
    var hasSeveral = false
    for row in first..<text.count {
      let begins = text.beginsFile(row)
      let look = text.withField(row, current.host, limit: FieldTable.glance) { FurtherRows.look($0, title) }
      if look == .qualified, !hasSeveral, let found = HostField.domain(in: hostText(row, current))?.lowercased() {
        hasSeveral = hasDomains && domain != found
        (hasDomains, domain) = (true, hasSeveral ? nil : found)
      }
      let mayBe = look == .word || (look == .unknown && text.width(of: row) > 1 && !text.holdsDigit(row))
      guard begins || mayBe, isHeader(row, current, begins) else { continue }
      headers.insert(row)
      guard let section = section(at: row), !section.hasColumns(of: current) else { continue }
      sections.append(section)
      current = section
      title = Title(of: section)
    }
  }

  private enum Look {
    /// With a digit, as most names have one and words of headers have none.
    case name
    /// Of a header, or nothing.
    case word
    /// Without a digit: a name, or a word of a header that nobody knows.
    case unknown
    /// With a backslash.
    case qualified
  }

  @inline(__always)
  private static func look(_ field: UnsafeBufferPointer<UInt8>?, _ title: Title) -> Look {
    guard let field, !field.isEmpty else { return .word }
    var hasDigit = false
    for byte in field {
      if byte == 0x5C { return .qualified }
      if byte >= 0x30 && byte <= 0x39 { hasDigit = true }
    }
    if hasDigit, !title.hasDigit { return .name }
    let word = String(decoding: FieldTable.plain(field), as: UTF8.self)
    if word.lowercased() == title.text { return .word }
    return hasDigit ? .name : ColumnMeaning.read(word) != nil ? .word : .unknown
  }

  /// What the header says over the host names, in lower case.
  private struct Title {
    var text = ""
    var hasDigit: Bool

    init(of section: MismatchTable.Section) {
      if let headers = section.headers, section.host < headers.count { text = headers[section.host].lowercased() }
      hasDigit = text.utf8.contains { $0 >= 0x30 && $0 <= 0x39 }
    }
  }

  private func hostText(_ row: Int, _ section: MismatchTable.Section) -> String {
    text.withField(row, section.host, limit: FieldTable.glance) { $0.map { String(decoding: $0, as: UTF8.self) } ?? "" }
  }

  /// Nil for words of which none is known: those stand over the same columns as the header above.
  private func section(at row: Int) -> MismatchTable.Section? {
    let names = HeaderGuess.names(text.trimmedValues(of: row))
    let known = HeaderGuess.meanings(names)
    let number = hostColumn.flatMap { Int($0) }.map { $0 - 1 }
    let named = hostColumn.flatMap { HeaderGuess.columns(named: $0, in: names).first } ?? number
    guard let host = named ?? known[.host]?.first else { return nil }
    var columns: [ColumnMeaning: Int] = [.host: host]
    for meaning in [ColumnMeaning.address, .domain, .guid, .version] {
      if let column = known[meaning]?.first, column != host { columns[meaning] = column }
    }
    return MismatchTable.Section(firstRow: row, headers: names, columns: columns)
  }

  /// `begins`: a file began with the row.
  private mutating func isHeader(_ row: Int, _ section: MismatchTable.Section, _ begins: Bool) -> Bool {
    guard !HeaderSearch.isWide(row, in: text) else { return false }
    let isNarrow = text.width(of: row) == 1
    let cells = text.trimmedValues(of: row, most: ColumnSurvey.widest)
    let names = HeaderGuess.names(cells)
    if names.count == 1, isWordAmongNames(names[0], section) { return true }
    if isNarrow, section.headers?.count != 1, !begins { return false }
    if let headers = section.headers, !names.isEmpty, headers.count == names.count,
      zip(headers, names).allSatisfy({ $0.lowercased() == $1.lowercased() })
    {
      return true
    }
    let filled = names.filter { !$0.isEmpty }
    if filled.isEmpty || filled.contains(where: { FieldKind($0).isData || HeaderSearch.looksLikeMachine($0) }) {
      return false
    }
    let known = filled.compactMap { ColumnMeaning.read($0)?.meaning }
    // The header of a narrow list is one word, which a machine may have for a name: then only a file's beginning tells.
    if begins, known.contains(.host) || lacksData(names) { return true }
    return filled.count >= 2 && known.contains(.host) && known.count * 2 > filled.count
      && !search.recurs(cells, below: row)
  }

  /// A word for the host, written as headers are, where all names have digits: the header of a list of one column that was
  /// put behind another.
  private mutating func isWordAmongNames(_ word: String, _ section: MismatchTable.Section) -> Bool {
    guard section.host == 0, ColumnMeaning.isHostWord(word) else { return false }
    if namesHaveDigits == nil {
      // Words for the host count for nothing here: there may be several.
      let names = (first..<min(text.count, first + 400)).compactMap { text.trimmed($0, section.host) }
        .filter { !$0.isEmpty && ColumnMeaning.read($0)?.meaning != .host }
      namesHaveDigits =
        names.count >= 2 && names.allSatisfy { $0.utf8.contains { byte in byte >= 0x30 && byte <= 0x39 } }
    }
    return namesHaveDigits == true
  }

  /// Words stand where all other rows have addresses, numbers and the like.
  private mutating func lacksData(_ names: [String]) -> Bool {
    if dataColumns == nil {
      let survey = ColumnSurvey(text, from: first)
      dataColumns = survey.columns.indices.filter { survey.columns[$0].dataCount * 2 > survey.rows }
    }
    return dataColumns?.contains { $0 < names.count && !names[$0].isEmpty } ?? false
  }
}
