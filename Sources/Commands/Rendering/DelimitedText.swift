/// Lines of csv and tsv.
package enum DelimitedText {
  /// A row of csv (RFC 4180), without its line end. A cell never starts a formula in a spreadsheet: what begins with
  /// `=`, `+`, `-`, `@`, a tab or a carriage return gets `'` in front.
  package static func csv(_ cells: [String]) -> String { cells.map(csvCell).joined(separator: ",") }

  /// A row of tsv. Cells hold no tab or newline: those were made visible.
  package static func tsv(_ cells: [String]) -> String { cells.joined(separator: "\t") }

  private static func csvCell(_ cell: String) -> String {
    var cell = cell
    if let first = cell.utf8.first, "=+-@".utf8.contains(first), !isNumber(cell) { cell = "'" + cell }
    guard cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }) else {
      return cell
    }
    return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// `-5` is a number and not a formula.
  private static func isNumber(_ cell: String) -> Bool { Double(cell) != nil && cell.utf8.first != UInt8(ascii: "+") }
}
