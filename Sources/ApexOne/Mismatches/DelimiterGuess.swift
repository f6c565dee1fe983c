/// Which byte parts the fields: said by Excel's `sep=;` line, else the one by which the first rows agree best.
struct DelimiterGuess {
  var delimiter: UInt8
  /// Where the rows begin, and on which line: after a `sep=` line.
  var start: Int
  var line: Int
  /// A `sep=` line said it.
  var isSaid: Bool

  static let known: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

  init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
    if let said = DelimiterGuess.said(bytes, from: start) {
      self = said
      return
    }
    var best = (score: -1.0, delimiter: DelimiterGuess.known[0])
    for delimiter in DelimiterGuess.known {
      let score = DelimiterGuess.score(bytes, from: start, delimiter)
      if score > best.score { best = (score, delimiter) }
    }
    self.init(delimiter: best.delimiter, start: start, line: 1, isSaid: false)
  }

  private init(delimiter: UInt8, start: Int, line: Int, isSaid: Bool) {
    self.delimiter = delimiter
    self.start = start
    self.line = line
    self.isSaid = isSaid
  }

  private static func said(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> DelimiterGuess? {
    let line = bytes[start...].prefix(8).prefix { $0 != 0x0A && $0 != 0x0D }
    var word = line.filter { $0 != 0x22 }.map(AgentName.lowered)
    guard word.count == 5, let delimiter = word.popLast(), word == Array("sep=".utf8), known.contains(delimiter)
    else { return nil }
    var next = start + line.count
    if next < bytes.count, bytes[next] == 0x0D { next += 1 }
    if next < bytes.count, bytes[next] == 0x0A { next += 1 }
    return DelimiterGuess(delimiter: delimiter, start: next, line: 2, isSaid: true)
  }

  /// From 0: known header words count most, then how many rows have the same number of fields, more than one.
  private static func score(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ delimiter: UInt8) -> Double {
    // Enough for the sample's rows, so that a quote that runs on doesn't make each try read the whole file.
    let sample = UnsafeBufferPointer(rebasing: bytes[..<min(bytes.count, start + 262_144)])
    let marks = FieldCursor.Marks(delimiter: delimiter)
    var scanner = FieldScanner(sample, marks, from: start, line: 1)
    scanner.scan(limit: 60)
    let table = FieldTable(bytes: Array(sample), marks: marks, rows: scanner.rows)
    var widths: [Int: Int] = [:]
    var words = 0
    for row in 0..<table.count {
      let width = table.width(of: row)
      widths[width, default: 0] += 1
      guard row < HeaderSearch.depth, width > 1, !HeaderSearch.isWide(row, in: table) else { continue }
      words = max(
        words, table.trimmedValues(of: row, most: ColumnSurvey.widest).count { ColumnMeaning.read($0) != nil })
    }
    guard table.count > 0,
      let usual = widths.filter({ $0.key > 1 }).max(by: { ($0.value, $0.key) < ($1.value, $1.key) })
    else { return 0 }
    let agreement = Double(usual.value) / Double(table.count)
    return Double(words) * 2 + agreement + Double(min(usual.key, 100)) / 10_000
  }
}
