import InputText

/// Why a file is refused as a list of agents. Nothing was taken from it.
package enum MismatchListError: Error, Sendable, Hashable {
  /// A web page, XML or JSON: what a server's error or log-on page looks like when saved as a list.
  case notAList(line: Int, looksLike: String)
  case binary(line: Int, looksLike: String)
  /// `line` is where the quote opened.
  case openQuote(line: Int)
  /// The columns that were seen, for `--host-column`.
  case noHostColumn(line: Int, columns: [String])
  /// The user named a column that the list doesn't have.
  case unknownColumn(name: String, line: Int, columns: [String])
  /// `most`: how many bytes a list may have in its encoding.
  case tooLarge(bytes: Int, most: Int)
  /// Files of two encodings were put together; `offset` is the byte where the second begins.
  case mixedEncodings(offset: Int, isWideFirst: Bool)
  /// `line` is the first row that is one too many.
  case tooManyRows(line: Int)

  /// The line the reason lies on, from 1; nil where it is the whole file.
  package var line: Int? {
    switch self {
    case .notAList(let line, _), .binary(let line, _), .openQuote(let line), .noHostColumn(let line, _),
      .unknownColumn(_, let line, _), .tooManyRows(let line):
      line
    case .tooLarge, .mixedEncodings: nil
    }
  }
}

extension MismatchListError: CustomStringConvertible {
  /// One sentence without a full stop and without the file's name.
  package var description: String {
    switch self {
    case .notAList(let line, let form): "line \(line): not a list of agents but \(form)"
    case .binary(let line, let form): "line \(line): not a list of agents but \(form)"
    case .openQuote(let line): "line \(line): a quote opens here and never closes"
    case .noHostColumn(let line, let columns):
      "line \(line): no column holds host names (\(MismatchListError.list(columns))); name one with --host-column"
    case .unknownColumn(let name, let line, let columns):
      "line \(line): there is no column '\(name)'; the columns are \(MismatchListError.list(columns))"
    case .tooLarge(let bytes, let most): "\(bytes) bytes are more than a list can have (\(most))"
    case .mixedEncodings(let offset, let isWideFirst):
      UTF16Text.Joint(offset: offset, isWideFirst: isWideFirst).description
    case .tooManyRows(let line): "line \(line): a list can't have over \(FieldScanner.mostRows) rows"
    }
  }

  private static func list(_ columns: [String]) -> String {
    let shown = columns.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
    return columns.count > 20 ? "\(shown) and \(columns.count - 20) more" : shown
  }
}
