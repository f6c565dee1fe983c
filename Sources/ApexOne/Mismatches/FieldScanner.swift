/// One pass over UTF-8 bytes that finds rows and fields of delimited text, and copies nothing.
///
/// Quotes as RFC 4180 has them, and lenient where files in the field are not: blanks before an opening and after a
/// closing quote, text after a closing quote, CR alone as a line end, rows of any width. Blank rows leave no trace.
struct FieldScanner {
  /// Where a field's value lies. 8 bytes, since a list may hold millions.
  struct Field {
    let start: UInt32
    private let packed: UInt32
    var length: Int { Int(packed & 0x3FFF_FFFF) }
    /// It stood in quotes, which lie just outside.
    var isQuoted: Bool { packed & 0x4000_0000 != 0 }
    /// It begins with its opening quote and holds others: the value must be worked out.
    var isMessy: Bool { packed & 0x8000_0000 != 0 }

    init(_ start: Int, _ end: Int, isQuoted: Bool = false, isMessy: Bool = false) {
      self.start = UInt32(truncatingIfNeeded: start)
      packed =
        UInt32(truncatingIfNeeded: end - start) | (isQuoted ? 0x4000_0000 : 0) | (isMessy ? 0x8000_0000 : 0)
    }
  }

  struct Row {
    let start: UInt32
    let firstField: UInt32
    /// The line it begins on, from 1.
    let line: UInt32
  }

  /// Bytes of the longest text: a field's length has 30 bits.
  static let longest = 1 << 30

  private let bytes: UnsafeBufferPointer<UInt8>
  private let delimiter: UInt8
  private let ends: ByteSearch
  private let quotesAndLines = ByteSearch(0x22, 0x0A, 0x0D)
  private var position: Int
  private var line: Int
  private(set) var fields: [Field] = []
  private(set) var rows: [Row] = []
  /// Rows of delimiters only: nothing is in them to be kept.
  private(set) var emptyRows = 0
  /// Text that stood after a closing quote: how often, and on which line first.
  private(set) var looseText: (count: Int, line: Int) = (0, 0)
  /// The line where the quote opened that never closes.
  private(set) var openQuoteLine: Int?

  init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8, from start: Int, line: Int) {
    self.bytes = bytes
    self.delimiter = delimiter
    ends = ByteSearch(delimiter, 0x0A, 0x0D)
    position = start
    self.line = line
  }

  /// Scans to the end, or until `limit` rows are found.
  mutating func scan(limit: Int = .max) {
    var isMeasured = false
    while position < bytes.count && rows.count < limit {
      scanRow()
      if !isMeasured, rows.count == 256 {
        isMeasured = true
        reserve(limit: limit)
      }
    }
  }

  /// Room for the rest, judged by the first rows: growing by doubling would hold the fields twice.
  private mutating func reserve(limit: Int) {
    guard limit == .max, let first = rows.first else { return }
    let scanned = max(position - Int(first.start), 1)
    let scale = Double(bytes.count) / Double(scanned) * 1.03
    rows.reserveCapacity(Int(Double(rows.count) * scale) + 16)
    fields.reserveCapacity(Int(Double(fields.count) * scale) + 16)
  }

  private mutating func scanRow() {
    let row = Row(start: UInt32(position), firstField: UInt32(fields.count), line: UInt32(line))
    var isBlank = true
    while true {
      let field = scanField()
      fields.append(field)
      if isBlank { isBlank = isBlankField(field) }
      guard position < bytes.count else { break }
      let byte = bytes[position]
      position += 1
      if byte == delimiter { continue }
      if byte == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
      line += 1
      break
    }
    if isBlank {
      if fields.count > Int(row.firstField) + 1 { emptyRows += 1 }
      fields.removeLast(fields.count - Int(row.firstField))
    } else {
      rows.append(row)
    }
  }

  private func isBlankField(_ field: Field) -> Bool {
    let start = Int(field.start)
    return bytes[start..<(start + field.length)].allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }

  @inline(__always)
  private mutating func scanField() -> Field {
    let start = position
    var index = start
    if index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x22 {
      while index < bytes.count, bytes[index] == 0x20 { index += 1 }
      if index < bytes.count, bytes[index] == 0x22 { return scanQuoted(from: index) }
    }
    position = ends.next(in: bytes, from: index)
    return Field(start, position)
  }

  private mutating func scanQuoted(from open: Int) -> Field {
    let openLine = line
    var index = open + 1
    var isMessy = false
    while true {
      index = quotesAndLines.next(in: bytes, from: index)
      guard index < bytes.count else { break }
      let byte = bytes[index]
      index += 1
      if byte == 0x0A || (byte == 0x0D && !(index < bytes.count && bytes[index] == 0x0A)) {
        line += 1
      } else if byte == 0x22 {
        if index < bytes.count, bytes[index] == 0x22 {
          isMessy = true
          index += 1
        } else {
          return close(open: open, after: index, isMessy: isMessy)
        }
      }
    }
    openQuoteLine = openQuoteLine ?? openLine
    position = bytes.count
    return Field(open, position, isMessy: true)
  }

  /// What follows a closing quote: blanks and the end of the field, or text that shouldn't be there.
  private mutating func close(open: Int, after end: Int, isMessy: Bool) -> Field {
    var index = end
    while index < bytes.count, bytes[index] == 0x20 { index += 1 }
    position = ends.next(in: bytes, from: index)
    if position == index {
      return isMessy ? Field(open, end, isMessy: true) : Field(open + 1, end - 1, isQuoted: true)
    }
    looseText = (looseText.count + 1, looseText.count == 0 ? line : looseText.line)
    return Field(open, position, isMessy: true)
  }
}
