import Foundation

/// SUMMARY.txt: one page to paste into the support portal. Plain text, lines up to 100 characters where words allow.
package struct CaseSummary: Sendable {
  private let item: SupportCase

  package init(_ item: SupportCase) { self.item = item }

  package func text() -> String {
    var lines = ["Agents with a mismatched authentication certificate", ""]
    lines += identity() + [""]
    lines += problem() + [""]
    lines += certificates() + [""]
    lines += tried() + [""]
    if !item.notes.isEmpty { lines += ["Notes"] + item.notes.map { "  " + $0 } + [""] }
    lines += request()
    return lines.map(CaseSummary.plain).joined(separator: "\n") + "\n"
  }

  private func identity() -> [String] {
    var lines = ["Case:              \(item.id), made \(Self.day(item.created))"]
    lines.append("Product:           \(item.product?.title ?? "not known")")
    lines.append("Server:            \(item.server)")
    if let account = item.clpAccount { lines.append("CLP account:       \(account)") }
    if let address = item.provisionURL { lines.append("Provision URL:     \(address)") }
    return lines
  }

  private func problem() -> [String] {
    var lines = ["Problem"]
    lines.append("  \(item.summary ?? "The server reports agents whose certificate is not its own.")")
    if let count = item.mismatchedCount { lines.append("  Mismatched agents listed by the server: \(count)") }
    lines.append("  Agents in this case: \(item.agents.count)")
    if let since = item.since { lines.append("  Since: \(since)") }
    if let changed = item.changedBefore { lines.append("  What was changed before: \(changed)") }
    return lines
  }

  private func certificates() -> [String] {
    guard let own = item.serverCertificate else { return ["Server's certificate: not read"] }
    return [
      "Server's certificate",
      "  Subject: \(own.subject)",
      "  Serial:  \(own.serial)",
      "  SHA-256: \(own.sha256)",
      "  Valid:   \(Self.day(own.notBefore)) to \(Self.day(own.notAfter))",
    ]
  }

  /// Outcomes with their causes, most frequent first; the agents one by one are in the case's own file.
  private func tried() -> [String] {
    let counted = Dictionary(grouping: item.agents) { agent in
      let outcome = agent.outcome?.rawValue ?? "not tried"
      return agent.cause.map { "\(outcome) (\($0.rawValue)): \($0.meaning)" } ?? outcome
    }
    let rows = counted.map { ($0.value.count, $0.key) }.sorted { $0.0 != $1.0 ? $0.0 > $1.0 : $0.1 < $1.1 }
    var lines = ["Tried so far"] + rows.map { "  \($0.0) x \($0.1)" }
    let commands = Set(item.agents.compactMap(\.command)).sorted()
    if let command = commands.first {
      lines.append("  Command, secrets masked\(commands.count > 1 ? ", one of \(commands.count)" : ""):")
      lines.append("    \(command)")
    }
    return lines
  }

  private func request() -> [String] {
    switch item.kind {
    case .onPremises:
      ["Asked for: how to give these agents the server's certificate, since transfer and reinstallation did not."]
    case .service:
      ["Asked for: the agent certificate (OfcNTCer.dat) of this provision, to be deployed to the agents above."]
    }
  }

  /// `2026-03-14`, UTC.
  static func day(_ date: Date) -> String { String(date.ISO8601Format().prefix(10)) }

  /// Text from outside can't add lines or move the cursor.
  private static func plain(_ line: String) -> String {
    String(
      String.UnicodeScalarView(
        line.unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator: " "
          default: scalar
          }
        }))
  }
}
