import ApexOne

/// `--by COLUMN`: counts of agents, the largest first.
enum ListCounts {
  static func show(
    _ agents: [Agent], by column: String, of list: MismatchList, _ invocation: Invocation
  ) throws -> ExitCode {
    let counts = try counts(agents, by: column, of: list)
    let rows = invocation.rows([ResultColumn(column), ResultColumn("agents", isNumeric: true)])
    for (text, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      try rows.write([text.isEmpty ? .null : .text(text), .number(count)])
    }
    try rows.end()
    return .success
  }

  private static func counts(
    _ agents: [Agent], by column: String, of list: MismatchList
  ) throws -> [String: Int] {
    switch column.lowercased() {
    case "domain": return list.counts(of: agents, by: .domain)
    case "version": return list.counts(of: agents, by: .version)
    case "address": return list.counts(of: agents, by: .address)
    case "subnet":
      let addresses = list.counts(of: agents, by: .address)
      return Dictionary(
        addresses.flatMap { field in subnets(field.key).map { ($0, field.value) } }, uniquingKeysWith: +)
    default: break
    }
    let headers = list.headers ?? []
    guard let index = list.columns(named: column).first else {
      let names = (["domain", "subnet", "version", "address"] + headers).joined(separator: ", ")
      throw CommandError(.misuse, "no column '\(column)' to count by; there are: \(names)")
    }
    return list.counts(of: agents, column: index)
  }

  /// An agent with addresses in several subnets counts in each of them; what holds no address counts as it stands.
  private static func subnets(_ field: String) -> [String] {
    let found = NetworkRange.subnets(in: field)
    return found.isEmpty ? [field] : found
  }
}
