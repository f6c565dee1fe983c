import ApexOne
import Runs

/// The account of a run for a person, section under section.
struct ReportText {
  private let account: RunAccount
  private let console: any Console

  init(_ account: RunAccount, to console: any Console) {
    self.account = account
    self.console = console
  }

  func write() throws {
    try head()
    try outcomes()
    if !account.causes.isEmpty { try section("causes") }
    for cause in account.causes {
      try console.writeLine(cause.group.line(share: account.share(cause.group.names.count)))
    }
    if !account.learned.isEmpty { try section("what tools said, by tool-results") }
    for group in account.learned {
      try console.writeLine(OutputText.visible(group.line(share: account.share(group.names.count))))
    }
    try slowest()
    try timeline()
    if !account.next.isEmpty { try section("next") }
    for step in account.next { try console.writeLine("\(step.command)  (\(step.purpose))") }
  }

  private func section(_ title: String) throws { try console.writeLine("\n\(title.uppercased())") }

  private func head() throws {
    let run = account.run
    let unprotected = account.unprotected
    if !unprotected.isEmpty {
      try console.writeLine(
        "UNPROTECTED, \(NumberText.grouped(unprotected.count)) of \(NumberText.grouped(run.planned)): \(NameFolding.fold(unprotected))"
      )
    }
    if !account.endangered.isEmpty {
      try console.writeLine(
        "MAY BE UNPROTECTED, \(NumberText.grouped(account.endangered.count)) of \(NumberText.grouped(run.planned)): "
          + "\(NameFolding.fold(account.endangered)); resume \(run.number) looks there first")
    }
    for line in account.danger.lines() { try console.writeLine(line) }
    for endpoint in account.forgotten.prefix(20) {
      try console.writeLine(
        OutputText.visible(
          "FORGOTTEN \(TimeText.rfc3339(endpoint.at)): \(endpoint.name) (\(endpoint.state)), by \(endpoint.who): \(endpoint.reason)"
        ))
    }
    if account.forgotten.count > 20 {
      try console.writeLine("FORGOTTEN, \(NumberText.grouped(account.forgotten.count - 20)) more: report --format tsv")
    }
    try console.writeLine(
      "run \(run.number): \(run.remedy.rawValue), \(run.state.rawValue), server \(OutputText.visible(run.server)), plan \(run.digest)"
    )
    if let why = run.why { try console.writeLine(OutputText.visible(why)) }
    if let text = account.otherCertificate { try console.writeLine(OutputText.visible(text)) }
    try console.writeLine("")
  }

  private func outcomes() throws {
    let rows = table([
      ResultColumn("outcome"), ResultColumn("agents", isNumeric: true), ResultColumn("share", isNumeric: true),
    ])
    for outcome in Outcome.allCases where account.tally[outcome] > 0 {
      let count = account.tally[outcome]
      try rows.write([.text(outcome.rawValue), .text(NumberText.grouped(count)), .text(account.share(count))])
    }
    try rows.write(["planned", .text(NumberText.grouped(account.run.planned)), nil])
    try rows.end()
  }

  private func slowest() throws {
    if account.slowest.isEmpty { return }
    try console.writeLine("")
    let rows = table([
      ResultColumn("slowest"), ResultColumn("seconds", isNumeric: true), ResultColumn("outcome"),
      ResultColumn("cause"), ResultColumn("detail"),
    ])
    for result in account.slowest {
      try rows.write([
        .text(result.name), .number(Int(clamping: result.seconds.rounded())), .text(result.outcome.rawValue),
        .init(result.cause?.rawValue), .init(result.detail),
      ])
    }
    try rows.end()
  }

  private func timeline() throws {
    let timeline = account.timeline
    try section("timeline")
    var lines = [("started", TimeText.rfc3339(timeline.started))]
    for wave in timeline.waves {
      let span = "\(TimeText.rfc3339(wave.began)), \(TimeText.age(wave.ended - wave.began))"
      lines.append(
        ("wave \(wave.number)", "\(span), \(NumberText.grouped(wave.agents)) agent\(wave.agents == 1 ? "" : "s")"))
    }
    lines.append(("ended", timeline.ended.map(TimeText.rfc3339) ?? "not yet"))
    if let rate = timeline.perMinute {
      let tenths = Int(clamping: (rate * 10).rounded())
      lines.append(
        ("rate", "\(tenths / 10).\(tenths % 10) agents a minute, in \(TimeText.age(timeline.workingSeconds)) of work"))
    }
    let width = lines.map { CellWidth.of($0.0) }.max() ?? 0
    for (name, text) in lines { try console.writeLine("\(CellWidth.fit(name, width))  \(text)") }
  }

  private func table(_ columns: [ResultColumn]) -> RowWriter { RowWriter(columns, format: .table, to: console) }
}
