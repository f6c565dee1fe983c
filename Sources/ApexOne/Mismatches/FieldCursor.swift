/// Goes from field to field of delimited UTF-8, and copies nothing.
///
/// Quotes as RFC 4180 has them, and lenient where files in the field are not: blanks before an opening and after a
/// closing quote, text after a closing quote, CR alone as a line end, rows of any width.
struct FieldCursor {
  /// The bytes that part fields and rows.
  struct Marks: Sendable {
    let delimiter: UInt8
    fileprivate let ends: ByteSearch
    fileprivate let quotesAndLines = ByteSearch(0x22, 0x0A, 0x0D)

    init(delimiter: UInt8) {
      self.delimiter = delimiter
      ends = ByteSearch(delimiter, 0x0A, 0x0D)
    }
  }

  /// Where a field's value lies.
  struct Field {
    let start: Int
    let end: Int
    /// It stood in quotes, which lie just outside.
    var isQuoted = false
    /// It begins with its opening quote and holds others: the value must be worked out.
    var isMessy = false

    init(_ start: Int, _ end: Int, isQuoted: Bool = false, isMessy: Bool = false) {
      self.start = start
      self.end = end
      self.isQuoted = isQuoted
      self.isMessy = isMessy
    }
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let marks: Marks
  /// Where the next field begins.
  private(set) var position: Int
  /// The line that `position` lies on, from 1.
  private(set) var line: Int
  /// The last field was the last of its row.
  private(set) var endsRow = false
  /// Text that stood after a closing quote: how often, and on which line first.
  private(set) var looseText: (count: Int, line: Int) = (0, 0)
  /// The line where the quote opened that never closes.
  private(set) var openQuoteLine: Int?

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ marks: Marks, from start: Int, line: Int = 1) {
    self.bytes = bytes
    self.marks = marks
    position = start
    self.line = line
  }

  /// Passes over a byte order mark: files that were put together have one at the beginning of each.
  mutating func skipMark() {
    guard position &+ 2 < bytes.count, bytes[position] == 0xEF else { return }
    if bytes[position + 1] == 0xBB, bytes[position + 2] == 0xBF { position += 3 }
  }

  /// The next field; an empty one at the end of the text.
  @inline(__always)
  mutating func next() -> Field {
    let field = scanField()
    endsRow = true
    guard position < bytes.count else { return field }
    let byte = bytes[position]
    position += 1
    if byte == marks.delimiter {
      endsRow = false
      return field
    }
    if byte == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
    line += 1
    return field
  }

  @inline(__always)
  private mutating func scanField() -> Field {
    let start = position
    var index = start
    if index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x22 {
      while index < bytes.count, bytes[index] == 0x20 { index += 1 }
      if index < bytes.count, bytes[index] == 0x22 { return scanQuoted(from: index) }
    }
    position = marks.ends.next(in: bytes, from: index)
    return Field(start, position)
  }

  private mutating func scanQuoted(from open: Int) -> Field {
    let openLine = line
    var index = open + 1
    var isMessy = false
    while true {
      index = marks.quotesAndLines.next(in: bytes, from: index)
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
    position = marks.ends.next(in: bytes, from: index)
    if position == index {
      return isMessy ? Field(open, end, isMessy: true) : Field(open + 1, end - 1, isQuoted: true)
    }
    looseText = (looseText.count + 1, looseText.count == 0 ? line : looseText.line)
    return Field(open, position, isMessy: true)
  }
}
