/// The rows of one list, shared by its agents: immutable, so that an agent is a name and a row number.
package final class MismatchTable: Sendable {
  let text: FieldTable
  /// The header's names without the empty ones at its end; nil where the list has none.
  let headers: [String]?
  /// The column of each meaning, by its raw value; -1 where there is none.
  private let columns: [Int]

  init(text: FieldTable, headers: [String]?, columns: [ColumnMeaning: Int]) {
    self.text = text
    self.headers = headers
    self.columns = ColumnMeaning.allCases.map { columns[$0] ?? -1 }
  }

  func line(ofRow row: Int) -> Int { text.line(of: row) }

  func fields(ofRow row: Int) -> [String] { text.values(of: row) }

  /// Nil where the list has no such column or the row nothing in it.
  func value(_ meaning: ColumnMeaning, ofRow row: Int) -> String? {
    let column = columns[meaning.rawValue]
    guard column >= 0, let value = text.trimmed(row, column), !value.isEmpty else { return nil }
    return value
  }

  /// Each header name with its value, then what the row holds beyond the header; nil without a header.
  func namedFields(ofRow row: Int) -> [(name: String?, value: String?)]? {
    guard let headers else { return nil }
    var named: [(name: String?, value: String?)] = headers.indices.map { (headers[$0], text.value(row, $0)) }
    let extras = (headers.count..<max(headers.count, text.width(of: row))).map { text.value(row, $0) ?? "" }
    let kept = extras.lastIndex { !$0.isEmpty }.map { extras[...$0] } ?? []
    named += kept.map { (nil, $0) }
    return named
  }
}
