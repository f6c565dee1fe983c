import InputText

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
    /// A row at the end that sums up the others.
    case total
    /// A word at the end, behind an empty line.
    case remark
    /// More cells than any list has.
    case broken(cells: Int)

    /// The end of a sentence, lower case, without a full stop.
    package var sentence: String {
      switch self {
      case .noHost: "no host name"
      case .notAHostName(let text, let fault): "'\(text)' could not be a host name: \(fault)"
      case .headerAgain: "the header once more"
      case .total: "a total below the table"
      case .remark: "a remark below the table"
      case .broken(let cells): "a broken row: it has \(cells) cells, and no list has over \(FieldTable.mostCells)"
      }
    }
  }

  private let table: MismatchTable
  private let row: UInt32
  /// What it was found to be; nil where its name tells.
  private let form: Form?

  /// A row that is no agent's whatever stands in its host column.
  enum Form { case header, total, remark }

  init(table: MismatchTable, row: Int, _ form: Form? = nil) {
    self.table = table
    self.row = UInt32(row)
    self.form = form
  }

  package var line: Int { table.line(ofRow: Int(row)) }
  /// The row as it stands in the file, without its line end.
  package var raw: String { table.text.raw(Int(row)) }
  package var columns: [String] { table.fields(ofRow: Int(row)) }

  package var reason: Reason {
    switch form {
    case .header: return .headerAgain
    case .total: return .total
    case .remark: return .remark
    case nil: break
    }
    if table.text.isBroken(Int(row)) { return .broken(cells: table.text.width(of: Int(row))) }
    let text = String(Blank.trimmed(table.hostText(ofRow: Int(row))))
    if text.isEmpty { return .noHost }
    let shown = text.count > 100 ? "\(text.prefix(100))…" : text
    return .notAHostName(shown, fault: RejectedRow.fault(in: text))
  }

  private static func fault(in text: String) -> String {
    if let domain = HostField.domain(in: text) {
      return "it names the domain \(domain), and other rows name others; give the list of one domain"
    }
    return AgentName.fault(in: text) ?? "it is malformed"
  }
}

/// A further row of an agent that is already listed: kept as a note to it.
package struct DuplicateRow: Sendable {
  package let name: AgentName
  private let table: MismatchTable
  private let row: UInt32
  private let firstRow: UInt32

  package var line: Int { table.line(ofRow: Int(row)) }
  /// The line of the row that stands for the agent.
  package var firstLine: Int { table.line(ofRow: Int(firstRow)) }
  package var raw: String { table.text.raw(Int(row)) }
  package var columns: [String] { table.fields(ofRow: Int(row)) }

  init(table: MismatchTable, row: Int, name: AgentName, firstRow: Int) {
    self.table = table
    self.row = UInt32(row)
    self.name = name
    self.firstRow = UInt32(firstRow)
  }
}
