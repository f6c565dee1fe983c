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
      ("certificate", certificate), ("inspection", inspection), ("runs", .list(history.entries.map(AgentDossier.run))),
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
    lines.append(("inspection", .init(inspectionText)))
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

  // MARK: - The newest inspection

  private var server: String { known.inventory.server }

  /// The certificate that was seen, held against the server's of now.
  private var certificate: ResultValue {
    guard let seen = history.inspection, let verdict else { return .null }
    return .object([
      .init("verdict", .text(verdict.rawValue)), .init("sha256", .init(seen.facts.certificateSHA256)),
      .init("whose", .list(owners.map { .text($0) })), .init("run", .init(seen.run)),
      .init("seen", .text(TimeText.rfc3339(seen.at))), .init("by", .text("\(seen.by)")),
    ])
  }

  private var certificateText: String? {
    guard let seen = history.inspection, let verdict else { return nil }
    let hash = seen.facts.certificateSHA256.map { ", SHA-256 \($0)" } ?? ""
    let owner = owners.isEmpty ? "" : ", of \(owners.joined(separator: ", "))"
    return "\(meaning(of: verdict))\(hash)\(owner) (\(seen.by), \(TimeText.rfc3339(seen.at)))"
  }

  /// Where the server's certificate isn't known, against what the look held it.
  private var verdict: CertificateVerdict? {
    history.inspection.flatMap { keys.verdict(of: $0.facts, server: server) ?? $0.facts.certificate }
  }

  private func meaning(of verdict: CertificateVerdict) -> String {
    let sha256 = history.inspection?.facts.certificateSHA256
    if verdict == .equal, keys.certificate(of: server) == nil {
      return "the certificate is the one that it was held against; the server's own is not known"
    }
    // Of a key that no server is known to have, this is all that can be told.
    if verdict == .other, sha256.flatMap(keys.key(ofCertificate:)) == nil {
      return "the certificate is NOT the server's"
    }
    return verdict.meaning
  }

  private var owners: [String] {
    history.inspection?.facts.certificateSHA256.map(keys.owners(ofCertificate:)) ?? []
  }

  private var inspection: ResultValue {
    guard let seen = history.inspection else { return .null }
    return .object([
      .init("seen", .text(TimeText.rfc3339(seen.at))), .init("by", .text("\(seen.by)")),
      .init("run", .init(seen.run)), .init("installed", .flag(seen.facts.isInstalled)),
      .init("protected", .init(seen.facts.isProtected)),
      .init("services", .object(seen.facts.services.entries.map { .init($0.name, .text($0.fact.state.rawValue)) })),
    ])
  }

  private var inspectionText: String? {
    guard let seen = history.inspection else { return nil }
    let when = "\(TimeText.rfc3339(seen.at)), \(seen.by)"
    guard seen.facts.isInstalled else { return "NO AGENT is installed (\(when))" }
    let services = seen.facts.services.entries.map { "\($0.name) \($0.fact.state.rawValue)" }.joined(separator: ", ")
    let standing =
      switch seen.facts.isProtected {
      case true?: "protected"
      case false?: "NOT PROTECTED"
      case nil: "not known whether it is protected"
      }
    return "\(standing)\(services.isEmpty ? "" : ": \(services)") (\(when))"
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

extension Inspection {
  /// The run that looked; nil where a command did.
  var run: Int? { if case .run(let number) = by { number } else { nil } }
}
