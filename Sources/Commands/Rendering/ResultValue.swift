/// One value of a result, before it has a form.
package enum ResultValue: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
  case null
  case text(String)
  case number(Int)
  case decimal(Double)
  case flag(Bool)
  case list([ResultValue])
  /// In the order in which its members are shown.
  case object([Member])

  package struct Member: Sendable, Hashable {
    package let key: String
    package let value: ResultValue
    package init(_ key: String, _ value: ResultValue) {
      self.key = key
      self.value = value
    }
  }

  package init(stringLiteral value: String) { self = .text(value) }
  package init(nilLiteral: ()) { self = .null }
  /// Null where there is no text.
  package init(_ text: String?) { self = text.map { .text($0) } ?? .null }
  package init(_ number: Int?) { self = number.map { .number($0) } ?? .null }
  package init(_ flag: Bool?) { self = flag.map { .flag($0) } ?? .null }

  /// For a cell of a table, tsv or csv, hidden characters made visible; empty for null.
  package var cell: String {
    switch self {
    case .null: ""
    case .text(let text): OutputText.visible(text)
    case .number(let number): String(number)
    case .decimal(let number): JSONText.number(number)
    case .flag(let flag): flag ? "true" : "false"
    case .list(let values): values.map(\.cell).joined(separator: ", ")
    case .object(let members): members.map { "\(OutputText.visible($0.key))=\($0.value.cell)" }.joined(separator: ", ")
    }
  }
}

/// One column of rows.
package struct ResultColumn: Sendable, Hashable {
  /// The stable key in JSON, and the heading elsewhere.
  package let key: String
  package let isNumeric: Bool
  /// Shown in JSON only: too long, or no use to the eye.
  package let isJSONOnly: Bool
  /// Columns that a table gives it at least: for rows that come one by one, so that no later one is cut.
  package let minimumWidth: Int

  package init(_ key: String, isNumeric: Bool = false, isJSONOnly: Bool = false, minimumWidth: Int = 0) {
    self.key = key
    self.minimumWidth = minimumWidth
    self.isNumeric = isNumeric
    self.isJSONOnly = isJSONOnly
  }
}
