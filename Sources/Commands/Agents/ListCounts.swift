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
      return Dictionary(addresses.map { (subnet($0.key), $0.value) }, uniquingKeysWith: +)
    default: break
    }
    let headers = list.headers ?? []
    guard let index = headers.firstIndex(where: { $0.lowercased() == column.lowercased() }) else {
      let names = (["domain", "subnet", "version", "address"] + headers).joined(separator: ", ")
      throw CommandError(.misuse, "no column '\(column)' to count by; there are: \(names)")
    }
    return list.counts(of: agents, column: index)
  }

  /// The /24 of an IPv4 address, the first four groups of an IPv6 one.
  private static func subnet(_ address: String) -> String {
    let first = address.split(whereSeparator: { $0 == "," || $0 == ";" || $0 == " " }).first.map(String.init) ?? address
    let parts = first.split(separator: ".")
    if parts.count == 4 { return parts[..<3].joined(separator: ".") + ".0/24" }
    let groups = first.split(separator: ":", omittingEmptySubsequences: false)
    return groups.count > 4 ? groups[..<4].joined(separator: ":") + "::/64" : first
  }
}
