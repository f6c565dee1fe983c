/// Something about a list that its reader should know: what was guessed, what was odd. Never a reason to stop.
package enum MismatchNote: Sendable, Hashable {
  /// The file has no bytes, or nothing but blanks.
  case emptyFile
  /// There is a header and nothing under it.
  case noRows
  case encodingGuessed(TextEncoding)
  /// Bytes that mean nothing in the encoding; they stand as U+FFFD.
  case badBytes(count: Int, encoding: TextEncoding)
  case titleLines(first: Int, texts: [String])
  case noHeader
  /// The host column was found by its values, not by its name.
  case hostColumnGuessed(String)
  case raggedRows(count: Int, firstLine: Int)
  case emptyRows(count: Int)
  /// Text stood after a closing quote.
  case looseText(count: Int, firstLine: Int)
  case duplicates(count: Int, firstLine: Int)
  case rejected(count: Int, firstLine: Int)

  /// One sentence without a full stop, lower case.
  package var sentence: String {
    switch self {
    case .emptyFile: "the list is empty: 0 agents, which proves nothing about how many are mismatched"
    case .noRows:
      "the list has a header and no rows: 0 agents; agents that never report may be missing from such a list"
    case .encodingGuessed(let encoding): "the encoding was guessed to be \(encoding.rawValue)"
    case .badBytes(let count, let encoding):
      "\(count) byte\(plural(count)) could not be decoded as \(encoding.rawValue)"
    case .titleLines(let first, let texts):
      "line \(first): \(texts.count) line\(plural(texts.count)) above the header taken as title"
    case .noHeader: "no header was recognised: every row is taken as data"
    case .hostColumnGuessed(let column): "host names were guessed to be in column \(column)"
    case .raggedRows(let count, let line):
      "\(count) row\(plural(count)) wider or narrower than the others, the first on line \(line)"
    case .emptyRows(let count): "\(count) row\(plural(count)) of delimiters only"
    case .looseText(let count, let line):
      "\(count) field\(plural(count)) with text after the closing quote, the first on line \(line)"
    case .duplicates(let count, let line):
      "\(count) further row\(plural(count)) of agents already listed, the first on line \(line)"
    case .rejected(let count, let line):
      "\(count) row\(plural(count)) without a usable host name, the first on line \(line)"
    }
  }

  private func plural(_ count: Int) -> String { count == 1 ? "" : "s" }
}
