import InputText

/// The rows under a list's header, sorted into agents, duplicates and those that name none.
struct ListRows {
  let table: MismatchTable
  private(set) var roster = AgentRoster([])
  private(set) var rejected: [RejectedRow] = []
  private(set) var duplicates: [DuplicateRow] = []
  private(set) var notes: [MismatchNote] = []
  private let text: FieldTable
  private let first: Int
  private let further: FurtherRows
  private let footer: ListFooter
  private var ragged = (count: 0, line: 0)
  private var mended = (count: 0, line: 0, text: "", name: "")

  init(_ text: FieldTable, _ header: HeaderGuess, hostColumn: String?) {
    self.text = text
    first = header.firstData
    let section = MismatchTable.Section(firstRow: 0, headers: header.headers, columns: header.columns)
    further = FurtherRows(text, under: section, from: first, hostColumn: hostColumn)
    table = MismatchTable(text: text, sections: further.sections)
    footer = ListFooter(text, further.sections.last ?? section, from: first)
    collect()
    if let other = further.sections.dropFirst().first {
      notes.append(
        .furtherHeaders(count: further.sections.count - 1, firstLine: text.line(of: other.firstRow)))
    }
    if ragged.count > 0 { notes.append(.raggedRows(count: ragged.count, firstLine: ragged.line)) }
    if mended.count > 0 {
      notes.append(
        .mendedNames(count: mended.count, firstLine: mended.line, text: mended.text, name: mended.name))
    }
    if let first = duplicates.first { notes.append(.duplicates(count: duplicates.count, firstLine: first.line)) }
    if let first = rejected.first { notes.append(.rejected(count: rejected.count, firstLine: first.line)) }
  }

  private mutating func collect() {
    var places = NamePlaces(capacity: text.count)
    var agents: [Agent] = []
    agents.reserveCapacity(text.count)
    for (index, section) in table.sections.enumerated() {
      let start = index == 0 ? first : section.firstRow
      let end = index + 1 < table.sections.count ? table.sections[index + 1].firstRow : text.count
      let usual = section.headers?.count ?? usualWidth
      for row in start..<max(start, end) {
        if !further.headers.isEmpty, further.headers.contains(row) {
          rejected.append(RejectedRow(table: table, row: row, .header))
          continue
        }
        if row >= footer.start, let form = footer.forms[row] {
          rejected.append(RejectedRow(table: table, row: row, form))
          continue
        }
        note(row, usual)
        guard let name = name(of: row, section) else { continue }
        if let place = places.append(name, to: agents) {
          duplicates.append(DuplicateRow(table: table, row: row, name: name, firstRow: agents[place].row ?? row))
        } else {
          agents.append(Agent(name: name, table: table, row: row))
        }
      }
    }
    roster = AgentRoster(agents, places: places)
  }

  /// The name in a row; nil where the row is rejected.
  private mutating func name(of row: Int, _ section: MismatchTable.Section) -> AgentName? {
    guard !text.isBroken(row) else {
      rejected.append(RejectedRow(table: table, row: row))
      return nil
    }
    let plain = text.withField(row, section.host, limit: FieldTable.glance) { field in
      field.flatMap { AgentName(ascii: Blank.withoutSpaces($0)) }
    }
    if let plain { return plain }
    let written = table.hostText(ofRow: row)
    guard let field = HostField(written, domain: further.domain) else {
      rejected.append(RejectedRow(table: table, row: row))
      return nil
    }
    if field.isMended {
      mended.count += 1
      if mended.count == 1 {
        (mended.line, mended.text, mended.name) = (text.line(of: row), written, field.name.text)
      }
    }
    return field.name
  }

  private mutating func note(_ row: Int, _ usual: Int) {
    let width = text.width(of: row)
    guard width != usual, width < usual || text.holdsText(row, from: usual) else { return }
    ragged = (ragged.count + 1, ragged.count == 0 ? text.line(of: row) : ragged.line)
  }

  private var usualWidth: Int {
    var widths: [Int: Int] = [:]
    for row in 0..<min(text.count, 200) { widths[text.width(of: row), default: 0] += 1 }
    return widths.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 1
  }
}
