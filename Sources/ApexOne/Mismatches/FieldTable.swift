import InputText

/// Delimited text and where its rows lie. Fields are found, and strings made, when asked for.
struct FieldTable: Sendable {
  /// UTF-8.
  let bytes: [UInt8]
  let marks: FieldCursor.Marks
  let rows: [FieldScanner.Row]

  /// A row of more fields is broken: it is kept, and no field of it is read beyond these.
  static let mostCells = 10_000
  /// Bytes of a field that are looked at to tell what it is.
  static let glance = 1_024

  var count: Int { rows.count }

  func line(of row: Int) -> Int { Int(rows[row].line) }

  func width(of row: Int) -> Int { Int(rows[row].width) }

  func isBroken(_ row: Int) -> Bool { width(of: row) > FieldTable.mostCells }

  /// A file began with this row: a byte order mark stands before it, further down than the text's own.
  func beginsFile(_ row: Int) -> Bool {
    let start = Int(rows[row].start)
    return start > 3 && bytes[start - 1] == 0xBF && bytes[start - 2] == 0xBB && bytes[start - 3] == 0xEF
  }

  /// A field's value without its quotes; nil beyond the row's end.
  func value(_ row: Int, _ column: Int) -> String? {
    withField(row, column) { $0.map { String(decoding: $0, as: UTF8.self) } }
  }

  /// The same without blanks around it, and without the `="…"` by which spreadsheets keep a text a text.
  func trimmed(_ row: Int, _ column: Int) -> String? {
    withField(row, column) { $0.map { String(decoding: FieldTable.plain($0), as: UTF8.self) } }
  }

  func values(of row: Int) -> [String] { values(of: row, most: FieldTable.mostCells, limit: .max) { $0 } }

  /// At most `most` of a row's fields, of each as many bytes as tell what it is.
  func trimmedValues(of row: Int, most: Int = FieldTable.mostCells) -> [String] {
    values(of: row, most: most, limit: FieldTable.glance, FieldTable.plain)
  }

  private func values(
    of row: Int, most: Int, limit: Int, _ cut: (UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>
  ) -> [String] {
    let count = min(width(of: row), most)
    var values: [String] = []
    values.reserveCapacity(count)
    bytes.withUnsafeBufferPointer { all in
      var cursor = cursor(all, row)
      for _ in 0..<count {
        FieldTable.use(cursor.next(), of: all, limit: limit) { values.append(String(decoding: cut($0), as: UTF8.self)) }
      }
    }
    return values
  }

  /// The row as it stands in the file, without its line end; of a long one the beginning.
  func raw(_ row: Int, limit: Int = 1 << 16) -> String {
    let start = Int(rows[row].start)
    return bytes.withUnsafeBufferPointer { all -> String in
      var cursor = cursor(all, row)
      var last = cursor.next()
      while !cursor.endsRow, last.end < start + limit { last = cursor.next() }
      let end = min(last.end + (last.isQuoted ? 1 : 0), all.count)
      guard end - start > limit else { return String(decoding: all[start..<end], as: UTF8.self) }
      return String(decoding: all[start..<(start + limit)], as: UTF8.self) + "…"
    }
  }

  /// Hands a field's bytes to `use`, unquoted, not trimmed; nil beyond the row's end. A field that has to be worked out
  /// is cut at `limit`.
  @inline(__always)
  func withField<T>(_ row: Int, _ column: Int, limit: Int = .max, _ use: (UnsafeBufferPointer<UInt8>?) -> T) -> T {
    guard column < min(width(of: row), FieldTable.mostCells) else { return use(nil) }
    return bytes.withUnsafeBufferPointer { all -> T in
      FieldTable.use(field(all, row, column), of: all, limit: limit) { use($0) }
    }
  }

  /// Where a field lies that stands in the text as it is; nil for one whose value must be worked out, and beyond the
  /// row's end.
  /// - Parameter all: the bytes.
  func plainRange(_ row: Int, _ column: Int, in all: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    guard column < min(width(of: row), FieldTable.mostCells) else { return nil }
    let field = field(all, row, column)
    return field.isMessy ? nil : field.start..<field.end
  }

  /// Some byte of the row is a digit.
  func holdsDigit(_ row: Int) -> Bool {
    bytes.withUnsafeBufferPointer { all in
      var cursor = cursor(all, row)
      for _ in 0..<min(width(of: row), FieldTable.mostCells) {
        let field = cursor.next()
        if all[field.start..<field.end].contains(where: { $0 >= 0x30 && $0 <= 0x39 }) { return true }
      }
      return false
    }
  }

  /// There is something in a field at or behind `column`.
  func holdsText(_ row: Int, from column: Int) -> Bool {
    bytes.withUnsafeBufferPointer { all in
      var cursor = cursor(all, row)
      for index in 0..<min(width(of: row), FieldTable.mostCells) {
        let field = cursor.next()
        if index >= column, !Blank.trimmed(UnsafeBufferPointer(rebasing: all[field.start..<field.end])).isEmpty {
          return true
        }
      }
      return false
    }
  }

  /// Without blanks, and out of `="…"`.
  static func plain(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    let bytes = Blank.trimmed(bytes)
    guard bytes.count >= 3, bytes[0] == 0x3D, bytes[1] == 0x22, bytes[bytes.count - 1] == 0x22 else { return bytes }
    return Blank.trimmed(UnsafeBufferPointer(rebasing: bytes[2..<(bytes.count - 1)]))
  }

  @inline(__always)
  private func cursor(_ all: UnsafeBufferPointer<UInt8>, _ row: Int) -> FieldCursor {
    FieldCursor(all, marks, from: Int(rows[row].start))
  }

  @inline(__always)
  private func field(_ all: UnsafeBufferPointer<UInt8>, _ row: Int, _ column: Int) -> FieldCursor.Field {
    var cursor = cursor(all, row)
    for _ in 0..<column { _ = cursor.next() }
    return cursor.next()
  }

  @inline(__always)
  private static func use<T>(
    _ field: FieldCursor.Field, of all: UnsafeBufferPointer<UInt8>, limit: Int,
    _ use: (UnsafeBufferPointer<UInt8>) -> T
  ) -> T {
    let end = limit == .max ? field.end : min(field.end, field.start + limit)
    let slice = UnsafeBufferPointer(rebasing: all[field.start..<end])
    guard field.isMessy else { return use(slice) }
    return unquoted(slice).withUnsafeBufferPointer { use($0) }
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
