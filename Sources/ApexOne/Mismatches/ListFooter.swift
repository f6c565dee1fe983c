/// What stands below a table and is no agent's: totals, and a remark behind an empty line. Sentences are no host names
/// anyway; single words might be.
struct ListFooter {
  /// The first of such rows; behind the last row where there is none.
  private(set) var start: Int
  private(set) var forms: [Int: RejectedRow.Form] = [:]

  /// Rows at the end among which they are looked for.
  private static let depth = 10

  init(_ text: FieldTable, _ section: MismatchTable.Section, from first: Int) {
    start = text.count
    let begin = max(first, section.firstRow)
    guard text.count > begin + 1 else { return }
    let last = max(begin + 1, text.count - ListFooter.depth)
    let survey = ColumnSurvey(text, from: begin, below: last)
    let hasDigits = survey.hosts(section.host, allHaveDigits: true)
    let data = [ColumnMeaning.address, .guid].compactMap { section.column($0) }.filter {
      $0 < survey.columns.count && survey.columns[$0].mostlyData(of: survey.rows) != nil
    }
    for row in stride(from: text.count - 1, through: last, by: -1) {
      guard !text.isBroken(row) else { return }
      let cells = text.trimmedValues(of: row, most: ColumnSurvey.widest)
      let word = section.host < cells.count ? cells[section.host] : ""
      // What names nobody is rejected for that.
      if word.isEmpty || HostField(word) == nil { continue }
      let hasOwnData = data.contains { column in
        column < cells.count && FieldKind(cells[column]) == survey.columns[column].mostlyData(of: survey.rows)
      }
      if hasOwnData { return }
      let isTotal = ListFooter.totals.contains(ColumnMeaning.squeeze(word)) && (hasDigits || !data.isEmpty)
      let isApart = text.line(of: row) - text.line(of: row - 1) > 1 && hasDigits && survey.width > 1
      let isWord = cells.count { !$0.isEmpty } == 1 && !word.utf8.contains { $0 >= 0x30 && $0 <= 0x39 }
      guard isTotal || (isApart && isWord) else { return }
      forms[row] = isTotal ? .total : .remark
      start = row
    }
  }

  private static let totals: Set<String> = [
    "total", "totals", "grandtotal", "subtotal", "sum", "count", "rowcount", "summe", "gesamt", "gesamtsumme",
    "insgesamt",
    "anzahl", "somme", "nombre", "totale", "totali", "totaux", "somma", "suma", "totales", "soma", "totaal", "razem",
    "celkem", "合計", "総計", "件数", "总计", "合计", "总数", "總計", "合計數", "總數", "합계", "총계", "итого", "всего",
  ]
}
