import InputText

/// Delimited text and where its rows and fields lie. Strings are made when asked for.
struct FieldTable: Sendable {
  /// UTF-8.
  let bytes: [UInt8]
  let fields: [FieldScanner.Field]
  let rows: [FieldScanner.Row]

  var count: Int { rows.count }

  func line(of row: Int) -> Int { Int(rows[row].line) }

  func width(of row: Int) -> Int { range(of: row).count }

  /// A field's value without its quotes; nil beyond the row's end.
  func value(_ row: Int, _ column: Int) -> String? {
    withField(row, column) { $0.map { String(decoding: $0, as: UTF8.self) } }
  }

  /// The same without blanks around it.
  func trimmed(_ row: Int, _ column: Int) -> String? {
    withField(row, column) { $0.map { String(decoding: Blank.trimmed($0), as: UTF8.self) } }
  }

  func values(of row: Int) -> [String] { (0..<width(of: row)).map { value(row, $0) ?? "" } }

  func trimmedValues(of row: Int) -> [String] { (0..<width(of: row)).map { trimmed(row, $0) ?? "" } }

  /// The row as it stands in the file, without its line end.
  func raw(_ row: Int) -> String {
    let start = Int(rows[row].start)
    let last = fields[range(of: row).upperBound - 1]
    let end = Int(last.start) + last.length + (last.isQuoted ? 1 : 0)
    return String(decoding: bytes[start..<min(end, bytes.count)], as: UTF8.self)
  }

  /// Hands a field's bytes to `use`, unquoted, not trimmed; nil beyond the row's end.
  @inline(__always)
  func withField<T>(_ row: Int, _ column: Int, _ use: (UnsafeBufferPointer<UInt8>?) -> T) -> T {
    let range = range(of: row)
    guard column < range.count else { return use(nil) }
    let field = fields[range.lowerBound + column]
    let start = Int(field.start)
    return bytes.withUnsafeBufferPointer { all in
      let slice = UnsafeBufferPointer(rebasing: all[start..<(start + field.length)])
      guard field.isMessy else { return use(slice) }
      return FieldTable.unquoted(slice).withUnsafeBufferPointer { use($0) }
    }
  }

  /// Where a field lies that stands in the text as it is; nil for one whose value must be worked out, and beyond the
  /// row's end.
  func plainRange(_ row: Int, _ column: Int) -> Range<Int>? {
    let range = range(of: row)
    guard column < range.count else { return nil }
    let field = fields[range.lowerBound + column]
    return field.isMessy ? nil : Int(field.start)..<Int(field.start) + field.length
  }

  private func range(of row: Int) -> Range<Int> {
    let start = Int(rows[row].firstField)
    return start..<(row + 1 < rows.count ? Int(rows[row + 1].firstField) : fields.count)
  }

  /// The value of a field that begins with its opening quote: doubled quotes are one, text after the end is kept.
  private static func unquoted(_ raw: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var value: [UInt8] = []
    value.reserveCapacity(raw.count)
    var index = 1
    while index < raw.count {
      if raw[index] == 0x22 {
        guard index + 1 < raw.count, raw[index + 1] == 0x22 else { break }
        index += 1
      }
      value.append(raw[index])
      index += 1
    }
    if index + 1 < raw.count { value += raw[(index + 1)...] }
    return value
  }
}
