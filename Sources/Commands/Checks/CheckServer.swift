import ArgumentParser
import Remote
import Runs

/// `check server`
struct CheckServer: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "check server", abstract: "Check whether the server is fit to repair agents from.",
    discussion: """
      Reads the server's settings, certificate and tools, and changes nothing there. green: fine. amber: a repair may \
      go on, but you should know. red: it would stop a repair.
      """)
  static let manual = CommandManual(
    group: .looking,
    examples: [.init("check server", "every check"), .init("check server --format json", "for a script")],
    exitCodes: [.incomplete, .serverUnavailable, .ownFiles, .refused], jsonKeys: ["check", "state", "detail"])

  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let place = try invocation.place()
    let evidence: ServerEvidence
    do {
      evidence = try await invocation.withServer(place) { host in
        try await ServerEvidence.gather(host, place.layout)
      }
    } catch let error as ServerError {
      try write([ServerFinding("reachable", .red, error.description)], in: invocation)
      throw error
    }
    let journal = try invocation.journal(of: place)
    let known = try journal.tools(server: place.identity)
    let findings = ServerFindings(
      evidence: evidence, place: place, settings: invocation.settings, knownTools: known
    ).all()
    try OutputClosed.ending { try write(findings, in: invocation) }
    // Kept only after they were compared and shown.
    try invocation.keep(in: journal) { () throws(JournalError) in
      _ = try journal.keepTools(evidence.plannedTools, server: place.identity, at: place.clock.date)
      if let facts = evidence.facts { _ = try journal.keep(facts, server: place.identity, at: place.clock.date) }
    }
    return findings.contains { $0.state == .red } ? .incomplete : .success
  }

  private func write(_ findings: [ServerFinding], in invocation: Invocation) throws {
    if invocation.format == .table {
      // A table would cut the sentence that says what to do.
      return try invocation.details(
        findings.map { ($0.check, .text(CellWidth.fit($0.state.rawValue, 5) + "  " + $0.detail)) })
    }
    let rows = invocation.rows([ResultColumn("check"), ResultColumn("state"), ResultColumn("detail")])
    for finding in findings {
      try rows.write([.text(finding.check), .text(finding.state.rawValue), .text(finding.detail)])
    }
    try rows.end()
  }
}

/// One row of `check server`.
struct ServerFinding: Sendable, Hashable {
  let check: String
  let state: CheckState
  let detail: String

  init(_ check: String, _ state: CheckState, _ detail: String) {
    self.check = check
    self.state = state
    self.detail = detail
  }
}
