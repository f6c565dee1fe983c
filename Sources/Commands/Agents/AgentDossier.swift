import ApexOne
import Runs

/// Everything known of one agent, as results show it: one object in JSON and CSV, a line for each thing elsewhere.
struct AgentDossier: Sendable {
  let agent: Agent
  let known: KnownAgents
  let history: AgentHistory
  let keys: KeyRing

  func write(live: LiveAgent?, in invocation: Invocation) throws {
    switch invocation.format {
    case .json, .csv: try invocation.details(object(live))
    case .table, .tsv: try invocation.details(lines(live))
    }
  }

  private var head: [(String, ResultValue)] {
    [
      ("agent", .text(agent.name.text)), ("state", .init(known.state(of: agent.name))),
      ("address", .init(agent.address)), ("domain", .init(agent.domain)), ("guid", .init(agent.guid)),
      ("version", .init(agent.version)), ("line", .init(agent.line)),
    ]
  }

  private func object(_ live: LiveAgent?) -> [(String, ResultValue)] {
    head + [
      ("columns", agent.line == nil ? .null : AgentRows.raw(agent)),
      (
        "duplicates", .list(duplicates.map { .object([.init("line", .number($0.line)), .init("row", .text($0.raw))]) })
      ),
      ("certificate", certificate), ("runs", .list(history.entries.map(AgentDossier.run))),
      ("live", live.map { .object($0.members.map { .init($0.key, $0.value) }) } ?? .null),
    ]
  }

  private func lines(_ live: LiveAgent?) -> [(String, ResultValue)] {
    var lines = head
    if case .object(let columns) = AgentRows.raw(agent), agent.line != nil {
      lines += columns.map { ("column \(OutputText.visible($0.key))", $0.value) }
    } else {
      lines += agent.columns.enumerated().map { ("column #\($0.offset + 1)", .text($0.element)) }
    }
    lines += duplicates.map { ("again on line \($0.line)", .text($0.raw)) }
    lines.append(("certificate", .init(certificateText)))
    lines += history.entries.map { ("run \($0.run.number)", .text(AgentDossier.text($0))) }
    for (key, value) in live?.members ?? [] {
      if case .object(let services) = value {
        lines += services.map { ("live service \($0.key)", $0.value) }
      } else {
        lines.append(("live \(key)", value))
      }
    }
    return lines
  }

  /// Further rows of the same name.
  private var duplicates: [DuplicateRow] {
    known.inventory.mismatches?.duplicates.filter { $0.name == agent.name } ?? []
  }

  // MARK: - The certificate

  private var certificate: ResultValue {
    guard let seen = history.certificate else { return .null }
    return .object([
      .init("verdict", .text(seen.verdict.rawValue)), .init("sha256", .init(seen.sha256)),
      .init("whose", .list(owners(of: seen).map { .text($0) })), .init("run", .number(seen.run)),
      .init("seen", .text(TimeText.rfc3339(seen.at))),
    ])
  }

  private var certificateText: String? {
    guard let seen = history.certificate else { return nil }
    let hash = seen.sha256.map { ", SHA-256 \($0)" } ?? ""
    let whose = owners(of: seen)
    let owner = whose.isEmpty ? "" : ", of \(whose.joined(separator: ", "))"
    return "\(seen.verdict.meaning)\(hash)\(owner) (run \(seen.run), \(TimeText.rfc3339(seen.at)))"
  }

  private func owners(of seen: AgentHistory.SeenCertificate) -> [String] {
    seen.sha256.map(keys.owners(ofCertificate:)) ?? []
  }

  // MARK: - Runs

  private static func run(_ entry: AgentHistory.Entry) -> ResultValue {
    let result = entry.result
    return .object([
      .init("run", .number(entry.run.number)), .init("remedy", .text(entry.run.remedy.rawValue)),
      .init("started", .text(TimeText.rfc3339(entry.run.started))), .init("outcome", .text(result.outcome.rawValue)),
      .init("cause", .init(result.cause?.rawValue)), .init("protected", .init(result.protected)),
      .init("detail", .init(result.detail)), .init("attempts", .number(result.attempts)),
      .init("seconds", .decimal(result.seconds)),
    ])
  }

  private static func text(_ entry: AgentHistory.Entry) -> String {
    let result = entry.result
    let parts: [String?] = [
      "\(entry.run.remedy.rawValue) \(TimeText.rfc3339(entry.run.started)): \(result.outcome.rawValue)",
      result.cause?.rawValue, result.protected.map { $0 ? "protected" : "NOT PROTECTED" }, result.detail,
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }
}
