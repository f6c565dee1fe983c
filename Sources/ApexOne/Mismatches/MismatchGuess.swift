/// How a list was read: what it said, and what was guessed.
package struct MismatchGuess: Sendable, Hashable {
  package var encoding: TextEncoding
  /// A byte order mark said so, or all is ASCII.
  package var isEncodingCertain: Bool
  package var delimiter: Character = ","
  /// A `sep=` line said it.
  package var isDelimiterSaid = false
  /// The header's line, from 1; nil without a header.
  package var headerLine: Int?
  /// The column of each meaning that was found, from 0.
  package var columns: [ColumnMeaning: Int] = [:]
  /// The host column was found by its values, not by its name.
  package var isHostColumnGuessed = false
}

/// A row that names no agent. It can be shown, never selected.
package struct RejectedRow: Sendable {
  package enum Reason: Sendable, Hashable {
    /// The row ends before the host column, or has nothing in it.
    case noHost
    case notAHostName(String, fault: String)
    /// The header once more, as in lists that were put together.
    case headerAgain

    /// The end of a sentence, lower case, without a full stop.
    package var sentence: String {
      switch self {
      case .noHost: "no host name"
      case .notAHostName(let text, let fault): "'\(text)' could not be a host name: \(fault)"
      case .headerAgain: "the header once more"
      }
    }
  }

  package let line: Int
  package let reason: Reason
  private let table: MismatchTable
  private let row: Int

  /// The row as it stands in the file, without its line end.
  package var raw: String { table.text.raw(row) }
  package var columns: [String] { table.fields(ofRow: row) }

  init(table: MismatchTable, row: Int, reason: Reason) {
    self.table = table
    self.row = row
    self.reason = reason
    line = table.line(ofRow: row)
  }

  init(table: MismatchTable, row: Int, host: Int) {
    let text = table.text.trimmed(row, host) ?? ""
    let shown = text.count > 100 ? "\(text.prefix(100))…" : text
    let reason: Reason =
      text.isEmpty ? .noHost : .notAHostName(shown, fault: AgentName.fault(in: text) ?? "it is malformed")
    self.init(table: table, row: row, reason: reason)
  }
}

/// A further row of an agent that is already listed: kept as a note to it.
package struct DuplicateRow: Sendable {
  package let line: Int
  package let name: AgentName
  /// The line of the row that stands for the agent.
  package let firstLine: Int
  private let table: MismatchTable
  private let row: Int

  package var raw: String { table.text.raw(row) }
  package var columns: [String] { table.fields(ofRow: row) }

  init(table: MismatchTable, row: Int, name: AgentName, firstLine: Int) {
    self.table = table
    self.row = row
    self.name = name
    self.firstLine = firstLine
    line = table.line(ofRow: row)
  }
}
