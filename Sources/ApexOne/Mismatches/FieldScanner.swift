/// One pass over delimited text that finds its rows. Blank rows leave no trace.
///
/// Fields are not kept: a text of delimiters has as many as bytes, and finding a row's anew takes less than a
/// microsecond.
struct FieldScanner {
  struct Row {
    let start: UInt32
    /// The line it begins on, from 1.
    let line: UInt32
    /// How many fields it has.
    let width: UInt32
  }

  /// Bytes of the longest text.
  static let longest = 357_913_941
  /// Rows of the longest list: ten times the largest fleet.
  static let mostRows = 1_000_000

  private let bytes: UnsafeBufferPointer<UInt8>
  private var cursor: FieldCursor
  private(set) var rows: [Row] = []
  /// Rows of delimiters only: nothing is in them to be kept.
  private(set) var emptyRows = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ marks: FieldCursor.Marks, from start: Int, line: Int) {
    self.bytes = bytes
    cursor = FieldCursor(bytes, marks, from: start, line: line)
  }

  var looseText: (count: Int, line: Int) { cursor.looseText }
  var openQuoteLine: Int? { cursor.openQuoteLine }
  /// The line of the first row that is one too many.
  var overflowLine: Int? { rows.count > FieldScanner.mostRows ? Int(rows[FieldScanner.mostRows].line) : nil }

  /// Scans to the end, or until `limit` rows are found.
  mutating func scan(limit: Int = FieldScanner.mostRows + 1) {
    while cursor.position < bytes.count && rows.count < limit { scanRow() }
  }

  private mutating func scanRow() {
    cursor.skipMark()
    let start = cursor.position
    let line = cursor.line
    var width = 0
    var isBlank = true
    repeat {
      let field = cursor.next()
      width += 1
      if isBlank { isBlank = isBlankField(field) }
    } while !cursor.endsRow
    if isBlank {
      if width > 1 { emptyRows += 1 }
    } else {
      rows.append(Row(start: UInt32(start), line: UInt32(line), width: UInt32(width)))
    }
  }

  private func isBlankField(_ field: FieldCursor.Field) -> Bool {
    bytes[field.start..<field.end].allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }
}
