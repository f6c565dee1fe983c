import ApexOne
import Runs

/// The account of a run for programs: a row for each thing it says, the kind of thing in `section`.
struct ReportRows {
  static let keys = [
    "run", "section", "item", "outcome", "cause", "agents", "percent", "seconds", "at", "selection", "detail",
  ]
  private static let numeric: Set<String> = ["run", "agents", "percent", "seconds"]

  private let account: RunAccount
  private let writer: RowWriter

  init(_ account: RunAccount, in invocation: Invocation) {
    self.account = account
    writer = invocation.rows(Self.keys.map { ResultColumn($0, isNumeric: Self.numeric.contains($0)) })
  }

  func write() throws {
    try counts()
    for result in account.slowest {
      try row(
        "slowest", result.name, outcome: result.outcome, cause: result.cause, seconds: result.seconds,
        detail: result.detail)
    }
    try timeline()
    for step in account.next { try row("next", step.command, detail: step.purpose) }
    try writer.end()
  }

  private func counts() throws {
    try row("unprotected", nil, agents: account.unprotected.count, selection: NameFolding.fold(account.unprotected))
    try row(
      "perhaps-unprotected", nil, agents: account.endangered.count, selection: NameFolding.fold(account.endangered))
    let danger = account.danger
    for (item, names) in [
      ("unprotected", danger.unprotected), ("perhaps-unprotected", danger.perhaps), ("no-agent", danger.withoutAgent),
    ] {
      try row("now", item, agents: names.count, selection: NameFolding.fold(names))
    }
    for endpoint in account.forgotten {
      try row(
        "forgotten", endpoint.name, at: endpoint.at,
        detail: "was \(endpoint.state); \(endpoint.who): \(endpoint.reason)")
    }
    let run = account.run
    let head: [(String, String?)] = [
      ("state", run.state.rawValue), ("why", run.why), ("remedy", run.remedy.rawValue), ("server", run.server),
      ("plan", run.digest), ("certificate", account.otherCertificate),
    ]
    for (item, text) in head { try row("run", item, detail: text) }
    try row("run", "planned", agents: run.planned)
    for outcome in Outcome.allCases {
      let count = account.tally[outcome]
      try row(
        "outcome", outcome.rawValue, outcome: outcome, agents: count,
        selection: count > 0 ? "@\(outcome.rawValue):\(run.number)" : nil)
    }
    for cause in account.causes {
      try row(
        "cause", cause.group.label, outcome: cause.outcome, cause: cause.cause, agents: cause.group.names.count,
        selection: cause.group.selection)
    }
    for group in account.learned {
      try row(
        "tool-results", nil, agents: group.names.count, selection: group.selection, detail: group.label)
    }
  }

  private func timeline() throws {
    let timeline = account.timeline
    try row("timeline", "started", at: timeline.started)
    for wave in timeline.waves {
      try row("timeline", "wave \(wave.number)", agents: wave.agents, seconds: wave.ended - wave.began, at: wave.began)
    }
    try row("timeline", "ended", at: timeline.ended)
    try row("timeline", "working", agents: timeline.worked, seconds: timeline.workingSeconds)
    try row("timeline", "per-minute", rate: timeline.perMinute.map { ($0 * 10).rounded() / 10 }, seconds: 60)
  }

  private func row(
    _ section: String, _ item: String?, outcome: Outcome? = nil, cause: Cause? = nil, agents: Int? = nil,
    rate: Double? = nil, seconds: Double? = nil, at: Double? = nil, selection: String? = nil, detail: String? = nil
  ) throws {
    let share = ["timeline", "now"].contains(section) ? nil : agents.map { ResultValue.decimal(account.percent($0)) }
    try writer.write([
      .number(account.run.number), .text(section), .init(item), .init(outcome?.rawValue), .init(cause?.rawValue),
      agents.map { .number($0) } ?? rate.map { .decimal($0) } ?? .null, share ?? .null,
      seconds.map { .decimal(($0 * 1_000).rounded() / 1_000) } ?? .null,
      .init(at.map(TimeText.rfc3339)), selection.map { $0.isEmpty ? .null : .text($0) } ?? .null, .init(detail),
    ])
  }
}
