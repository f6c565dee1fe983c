import ApexOne

/// Agents of a list as rows: the stable form that scripts rely on.
enum AgentRows {
  private static let columns: [ResultColumn] = [
    ResultColumn("agent", minimumWidth: 12), ResultColumn("address", minimumWidth: 15),
    ResultColumn("domain", minimumWidth: 12), ResultColumn("guid"), ResultColumn("version"),
    ResultColumn("line", isNumeric: true), ResultColumn("columns", isJSONOnly: true),
  ]

  static func write(_ agents: [Agent], of list: MismatchList, in invocation: Invocation) throws {
    let rows = invocation.rows(columns)
    let isJSON = invocation.format == .json
    for agent in agents {
      try rows.write([
        .text(agent.name.text), .init(agent.address), .init(agent.domain), .init(agent.guid), .init(agent.version),
        .init(agent.line), isJSON ? raw(agent) : .null,
      ])
    }
    try rows.end()
  }

  /// The raw row: an object by the header's names, an array without a header. Fields without a name come as `#8`.
  static func raw(_ agent: Agent) -> ResultValue {
    guard let named = agent.namedColumns else { return .list(agent.columns.map { .text($0) }) }
    var seen: [String: Int] = [:]
    return .object(
      named.enumerated().map { index, field in
        let name = field.name.flatMap { $0.isEmpty ? nil : $0 } ?? "#\(index + 1)"
        let count = seen[name, default: 0] + 1
        seen[name] = count
        // Two columns of one name must both be there, the second by the name that --host-column takes.
        return .init(count == 1 ? name : "\(name) #\(count)", .init(field.value))
      })
  }
}
