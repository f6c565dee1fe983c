/// The rows of one list, shared by its agents: immutable, so that an agent is a name and a row number.
package final class MismatchTable: Sendable {
  /// Rows under one header. A list has several where files with other columns were put together.
  struct Section: Sendable {
    /// Where it begins.
    let firstRow: Int
    /// The header's names without the empty ones at its end; nil where there is none.
    let headers: [String]?
    /// The column of each meaning, by its raw value; -1 where there is none.
    private let columns: [Int]

    init(firstRow: Int, headers: [String]?, columns: [ColumnMeaning: Int]) {
      self.firstRow = firstRow
      self.headers = headers
      self.columns = ColumnMeaning.allCases.map { columns[$0] ?? -1 }
    }

    /// From 0; nil where it has no such column.
    func column(_ meaning: ColumnMeaning) -> Int? { columns[meaning.rawValue] < 0 ? nil : columns[meaning.rawValue] }

    var host: Int { columns[ColumnMeaning.host.rawValue] }

    func hasColumns(of other: Section) -> Bool { columns == other.columns }
  }

  let text: FieldTable
  /// At least one; from top to bottom.
  let sections: [Section]

  init(text: FieldTable, sections: [Section]) {
    self.text = text
    self.sections = sections
  }

  func section(ofRow row: Int) -> Section {
    guard sections.count > 1 else { return sections[0] }
    return sections.last { $0.firstRow <= row } ?? sections[0]
  }

  func line(ofRow row: Int) -> Int { text.line(of: row) }

  func fields(ofRow row: Int) -> [String] { text.values(of: row) }

  /// Nil where the list has no such column or the row nothing in it.
  func value(_ meaning: ColumnMeaning, ofRow row: Int) -> String? {
    guard let column = section(ofRow: row).column(meaning), let value = text.trimmed(row, column), !value.isEmpty else {
      return nil
    }
    return value
  }

  /// What stands in the host column, as it may be shown: no name is that long.
  func hostText(ofRow row: Int) -> String {
    text.withField(row, section(ofRow: row).host, limit: FieldTable.glance) { field in
      field.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
  }

  /// Each header name with its value, then what the row holds beyond the header; nil without a header.
  func namedFields(ofRow row: Int) -> [(name: String?, value: String?)]? {
    guard let headers = section(ofRow: row).headers else { return nil }
    let values = text.values(of: row)
    var named: [(name: String?, value: String?)] = headers.indices.map {
      (headers[$0], $0 < values.count ? values[$0] : nil)
    }
    let extras = values.dropFirst(headers.count)
    let kept = extras.lastIndex { !$0.isEmpty }.map { extras[...$0] } ?? []
    named += kept.map { (nil, $0) }
    return named
  }
}
