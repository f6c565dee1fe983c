import ApexOne
import Runs

/// How a run stands, in the lines that `watch` draws. From the journal, so that any process can look on; the one that
/// carries the run knows more of it.
struct RunView: Sendable {
  private let record: RunRecord
  private let tally: RunTally
  private let condition: String
  private let parallel: Int
  /// Why it starts no more agents, else what would make it so.
  private let stops: String
  /// Worked on to an end, the longest first.
  private let slowest: [AgentResult]
  /// The newest first.
  private let failures: [AgentResult]

  init(_ record: RunRecord, in journal: Journal, carriedBy own: BackgroundRun?) throws {
    let results = try journal.standing(ofRun: record.number)
    let options = try journal.options(ofRun: record.number) ?? RunOptions()
    let live = own.flatMap { $0.code == nil ? $0 : nil }
    self.record = record
    tally = try live?.tally ?? Self.tally(record, results, journal.wave(ofRun: record.number))
    stops = live?.stopReason?.text ?? record.why ?? PlanStops(options, planned: record.planned).brief
    condition = live?.condition.rawValue ?? record.state.rawValue
    parallel = own?.parallel ?? options.parallel
    slowest = results.ended.filter { $0.seconds > 0 }
      .sorted { ($1.seconds, $0.position) < ($0.seconds, $1.position) }
    failures = results.ended.filter { $0.outcome.isFailure || $0.protected == false }
      .sorted { results.ends[$0.position] ?? 0 > results.ends[$1.position] ?? 0 }
  }

  /// As far as the journal can tell.
  private static func tally(_ record: RunRecord, _ standing: RunStanding, _ wave: RunWave?) -> RunTally {
    var tally = RunTally(planned: record.planned, standing.ended)
    tally.inFlight = standing.begun
    (tally.wave, tally.waves) = (wave?.number ?? 0, wave?.count ?? 0)
    tally.seconds = RunTimeline(record, standing.ended, ends: standing.ends).workingSeconds
    tally.earlier = standing.ended.count { standing.ends[$0.position] == nil }
    return tally
  }

  /// At most so many of the slowest agents and of the last failures.
  func lines(slowest most: Int, failures last: Int) -> [String] {
    var lines = [
      head, progress, "  " + (tally.outcomes.isEmpty ? "no agent has ended yet" : tally.outcomes),
      "  " + OutputText.visible(stops),
    ]
    if tally.unprotected > 0 { lines.insert("  \(NumberText.grouped(tally.unprotected)) UNPROTECTED", at: 1) }
    if !slowest.isEmpty { lines.append("slowest") }
    lines += slowest.prefix(most).map { "  \(name($0))  \(Int(clamping: $0.seconds.rounded())) s  \($0.causeLabel)" }
    if !failures.isEmpty { lines.append("last failures") }
    lines += failures.prefix(last).map { failed in
      "  \(name(failed))  \(failed.causeLabel)\(failed.detail.map { ": " + OutputText.visible($0) } ?? "")"
    }
    return lines
  }

  /// `31.4 a minute`; `rate`: agents a second.
  static func perMinute(_ rate: Double) -> String {
    let tenths = Int(clamping: (rate * 600).rounded())
    return "\(tenths / 10).\(tenths % 10) a minute"
  }

  private func name(_ result: AgentResult) -> String { CellWidth.fit(OutputText.visible(result.name), 15) }

  private var head: String {
    let wave = tally.wave > 0 ? ", wave \(tally.wave) of \(tally.waves)" : ""
    return "run \(record.number): \(record.remedy.rawValue), \(condition)\(wave), \(parallel) at a time"
  }

  private var progress: String {
    let share = record.planned == 0 ? 0 : Double(tally.done * 1_000 / record.planned) / 10
    var parts = ["\(NumberText.grouped(tally.done)) of \(NumberText.grouped(record.planned)) done (\(share) %)"]
    if tally.inFlight > 0 { parts.append("\(NumberText.grouped(tally.inFlight)) under way") }
    if tally.waiting > 0 { parts.append("\(NumberText.grouped(tally.waiting)) unreachable, tried again") }
    if let rest = tally.restSeconds { parts.append("the next wave in \(TimeText.age(rest))") }
    if let rate = tally.rate, record.state == .running {
      parts.append(Self.perMinute(rate))
      if let left = tally.secondsLeft, left > 0 { parts.append("\(TimeText.age(left)) left") }
    }
    return "  " + parts.joined(separator: ", ")
  }
}
