import InputText

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
  /// The header was told by its shape alone: no row below it is like it.
  case headerByShape(line: Int, text: String)
  /// A header further down that names other columns, or names them in another order.
  case furtherHeaders(count: Int, firstLine: Int)
  /// A name stands over several columns (numbers from 1); `taken` is how the chosen one is called.
  case columnTwice(name: String, columns: [Int], taken: String)
  /// Names that stood in quotes, with invisible characters and the like, and were read without; the first as it stood.
  case mendedNames(count: Int, firstLine: Int, text: String, name: String)
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
    case .headerByShape(let line, let text):
      "line \(line) was taken as the header ('\(text)'): it differs in kind from every row below it"
    case .furtherHeaders(let count, let line):
      "\(count) further header\(plural(count)) with other columns, the first on line \(line): the rows below are read by it"
    case .columnTwice(let name, let columns, let taken):
      "the column '\(name)' stands \(columns.count == 2 ? "twice" : "\(columns.count) times") (columns "
        + "\(columns.map(String.init).joined(separator: ", "))): '\(taken)' was taken, its values look most like host names; "
        + "--host-column '\(name) #N' takes another"
    case .mendedNames(let count, let line, let text, let name):
      "\(count) name\(plural(count)) with invisible characters, quotes or signs around \(count == 1 ? "it" : "them") "
        + "read without, the first on line \(line): '\(spelled(text))' as \(name)"
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

  /// With blanks that look like others, and what can't be seen, written out.
  private func spelled(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      scalar.value > 0x7F && Blank.isBlank(scalar)
        ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
    }.joined()
  }

  private func plural(_ count: Int) -> String { count == 1 ? "" : "s" }
}
