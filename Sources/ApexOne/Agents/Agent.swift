/// One agent as the server's list shows it: what was recognised, and the raw row it came from.
package struct Agent: Sendable, Hashable {
  package var name: AgentName
  package var address: String?
  package var domain: String?
  package var guid: String?
  package var version: String?
  /// The line of the CSV where its row begins, from 1; nil for an agent that no list holds.
  package var line: Int?
  /// The raw row, field by field.
  package var columns: [String]

  package init(
    name: AgentName, address: String? = nil, domain: String? = nil, guid: String? = nil, version: String? = nil,
    line: Int? = nil, columns: [String] = []
  ) {
    self.name = name
    self.address = address
    self.domain = domain
    self.guid = guid
    self.version = version
    self.line = line
    self.columns = columns
  }
}
