/// One agent as the server's list shows it: what was recognised, and the raw row it came from.
///
/// Small on purpose (a name and a reference): the fields stay in the list's table and become strings when asked for.
/// Equal by name.
package struct Agent: Sendable {
  package let name: AgentName
  private let source: Source

  private enum Source: Sendable {
    case nothing
    case facts(KnownFields)
    case row(MismatchTable, Int)
  }

  /// An agent that no list in memory holds: from the journal, a plan, or a plain name.
  package init(
    name: AgentName, address: String? = nil, domain: String? = nil, guid: String? = nil, version: String? = nil,
    line: Int? = nil, columns: [String] = []
  ) {
    self.name = name
    let isBare = address == nil && domain == nil && guid == nil && version == nil && line == nil && columns.isEmpty
    source =
      isBare
      ? .nothing
      : .facts(
        KnownFields(
          address: address, domain: domain, guid: guid, version: version, line: line, columns: columns))
  }

  /// An agent of a list: row `row` of its table.
  init(name: AgentName, table: MismatchTable, row: Int) {
    self.name = name
    source = .row(table, row)
  }

  /// The address as the list has it; may hold several.
  package var address: String? { fact(\.address, .address) }
  package var domain: String? { fact(\.domain, .domain) }
  package var guid: String? { fact(\.guid, .guid) }
  package var version: String? { fact(\.version, .version) }

  /// The line of the CSV where its row begins, from 1; nil for an agent that no list holds.
  package var line: Int? {
    switch source {
    case .nothing: nil
    case .facts(let facts): facts.line
    case .row(let table, let row): table.line(ofRow: row)
    }
  }

  /// Its row in the list's table; nil for an agent that no list holds.
  var row: Int? {
    if case .row(_, let row) = source { row } else { nil }
  }

  /// The raw row, field by field.
  package var columns: [String] {
    switch source {
    case .nothing: []
    case .facts(let facts): facts.columns
    case .row(let table, let row): table.fields(ofRow: row)
    }
  }

  /// The raw row with the header's names; nil where the list has no header. Fields beyond the header have no name,
  /// names beyond the row no value.
  package var namedColumns: [(name: String?, value: String?)]? {
    guard case .row(let table, let row) = source else { return nil }
    return table.namedFields(ofRow: row)
  }

  private func fact(_ path: KeyPath<KnownFields, String?>, _ column: ColumnMeaning) -> String? {
    switch source {
    case .nothing: nil
    case .facts(let facts): facts[keyPath: path]
    case .row(let table, let row): table.value(column, ofRow: row)
    }
  }
}

extension Agent: Hashable {
  package static func == (left: Agent, right: Agent) -> Bool { left.name == right.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// What is known of an agent that has no table behind it.
private final class KnownFields: Sendable {
  let address: String?
  let domain: String?
  let guid: String?
  let version: String?
  let line: Int?
  let columns: [String]

  init(address: String?, domain: String?, guid: String?, version: String?, line: Int?, columns: [String]) {
    self.address = address
    self.domain = domain
    self.guid = guid
    self.version = version
    self.line = line
    self.columns = columns
  }
}
