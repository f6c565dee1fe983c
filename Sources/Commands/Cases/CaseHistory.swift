import ApexOne
import Runs

/// One agent of a case, and what runs did with it, newest first.
struct CaseHistory: Sendable {
  struct Attempt: Sendable {
    var run: RunRecord
    var result: AgentResult
    var events: [RunEvent]
    /// Steps that were left out: the oldest of a long run.
    var earlierEvents: Int
  }

  var agent: Agent
  var attempts: [Attempt]
  /// Runs that were left out: older than those here.
  var olderRuns: Int
  /// The newest look at its endpoint, whoever looked.
  var inspection: Inspection?

  /// Of each agent; what is older is counted.
  static let runLimit = 5
  static let eventLimit = 40

  static func read(
    _ agents: [Agent], server: String, _ journal: Journal, _ console: any Console
  ) throws -> [CaseHistory] {
    let started = ContinuousClock.now
    defer { console.progress(nil) }
    return try agents.enumerated().map { place, agent in
      if place % 256 == 255 {
        try Task.checkCancellation()
        console.progress(
          ProgressSnapshot(
            label: "reading what was tried", done: place, total: agents.count, elapsed: ContinuousClock.now - started))
      }
      let all = try journal.results(ofAgent: agent.name.key, server: server)
      let attempts = try all.prefix(runLimit).map { run, result in
        let events = try journal.events(ofRun: run.number, position: result.position)
        return Attempt(
          run: run, result: result, events: events.suffix(eventLimit),
          earlierEvents: max(0, events.count - eventLimit))
      }
      return CaseHistory(
        agent: agent, attempts: attempts, olderRuns: max(0, all.count - runLimit),
        inspection: try journal.inspection(ofAgent: agent.name.key, server: server))
    }
  }

  /// The newest detail of a step.
  private func newest(_ name: RepairStep.Name) -> String? {
    attempts.lazy.compactMap { $0.events.last { $0.name == name } }.first?.detail
  }

  /// What the newest look found at the endpoint.
  var found: String? { inspection?.facts.line }

  /// SHA-256 of the certificate that the newest look found.
  var certificateSHA256: String? { CaseHistory.hash(inspection?.facts.certificateSHA256) }

  /// The same of the look before the newest repair.
  private var certificateBefore: String? {
    CaseHistory.hash(newest(.looked).flatMap(AgentFacts.init(line:))?.certificateSHA256)
  }

  private static func hash(_ text: String?) -> String? {
    guard let text else { return nil }
    let isHash = text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    return isHash ? text : nil
  }

  /// As the case keeps it. `clean` leaves out what must not be handed on.
  func record(_ clean: (String) -> String) -> SupportCase.AgentRecord {
    let last = attempts.first
    // An uninstaller that nothing came after is what was tried.
    let isRemoval = newest(.execute) == nil
    let code = newest(isRemoval ? .uninstalled : .executed).flatMap { detail -> UInt32? in
      guard let mark = detail.firstRange(of: "exit code ") else { return nil }
      return UInt32(detail[mark.upperBound...].prefix { $0.isNumber })
    }
    return SupportCase.AgentRecord(
      name: agent.name.text, outcome: last?.result.outcome, cause: last?.result.cause,
      detail: last?.result.detail.map(clean), run: last?.run.number,
      command: newest(isRemoval ? .uninstall : .execute).map(clean), exitCode: code,
      certificateBefore: certificateBefore, certificateAfter: certificateSHA256)
  }
}
