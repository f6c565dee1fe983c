import ApexOne
import Remote
import Runs
import Synchronization

/// Carries a confirmed plan out in the foreground: progress, results as they come, the account at the end.
struct RepairRun: Sendable {
  let plan: Plan
  let work: RepairWork
  let connector: any HostConnector
  let place: ServerPlace
  let invocation: Invocation

  static let keys = ["run", "agent", "outcome", "cause", "protected", "detail", "attempts", "seconds"]

  /// `confirmed`: what was typed or given.
  func start(confirmed: String, parent: Int? = nil) async throws -> ExitCode {
    // A ^C that came while the plan was made is not lost: nothing has begun.
    try Task.checkCancellation()
    let journal = try invocation.journal(of: place)
    let run = try journal.beginRun(plan, confirmed: confirmed, parent: parent, at: place.clock.date)
    let agents = "\(NumberText.grouped(plan.count)) agent\(plan.count == 1 ? "" : "s")"
    invocation.console.note("run \(run): \(agents), \(plan.options.parallel) at a time")
    let rows = ResultRows(run: run, in: invocation)
    for (position, agent) in plan.agents.enumerated() where agent.refusal != nil {
      rows.add(
        AgentResult(
          position: position, name: agent.name, outcome: .refused, cause: agent.refusal?.cause,
          detail: agent.refusal?.text))
    }
    return try await carry(run, from: RunProgress(), rows, journal)
  }

  /// Carries on a run of this plan that broke off.
  func resume(_ run: Int) async throws -> ExitCode {
    let journal = try invocation.journal(of: place)
    let progress = try journal.reopenRun(run)
    let left = progress.left(of: plan)
    let begun =
      progress.traces.isEmpty ? "" : ", \(NumberText.grouped(progress.traces.count)) of them half done: these first"
    invocation.console.note("run \(run) goes on: \(NumberText.grouped(left)) agents are left\(begun)")
    return try await carry(run, from: progress, ResultRows(run: run, in: invocation), journal)
  }

  private func carry(
    _ run: Int, from progress: RunProgress, _ rows: ResultRows, _ journal: Journal
  ) async throws -> ExitCode {
    let controls = RunControls()
    // Whoever reads our results may be slow, or a pager that stands still: the run doesn't wait for it.
    let (results, feed) = AsyncStream<AgentResult>.makeStream()
    let shown = Task { for await result in results { rows.add(result) } }
    let engine = RunEngine(
      plan: plan, work: work, connector: connector, journal: journal, run: run, clock: place.clock,
      controls: controls, gate: LogonGate(offersPassword: connector.offersPassword), progress: progress,
      reports: RunReports { feed.yield($0) })
    let end = try await watched(engine, controls)
    feed.finish()
    await shown.value
    if let refusal = end.stop, case .logonRefused = refusal { await invocation.secrets.forget(.password) }
    for result in try journal.results(ofRun: run) where result.outcome == .notAttempted { rows.add(result) }
    try rows.end(end.tally)
    account(end, run: run)
    try await invocation.refreshLookups(place)
    return ExitCode(rawValue: end.exitCode)
  }

  /// Runs the engine with its progress shown and ^C on its way to the run.
  private func watched(_ engine: RunEngine, _ controls: RunControls) async throws -> RunEnd {
    let console = invocation.console
    let ticker = Task {
      while !Task.isCancelled {
        console.progress(Self.snapshot(engine.tally))
        try? await Task.sleep(for: .milliseconds(250))
      }
    }
    let end = await invocation.services.bell.taken { ring in
      switch ring {
      case 1:
        console.note("^C: no more agents are started; the running ones finish (again: cut those not yet executing)")
      case 2: console.note("^C: cutting what has executed nothing yet; a third ^C cuts everything")
      default:
        let count = controls.executing
        console.note("^C: cutting everything; \(count) endpoint\(count == 1 ? "" : "s") may be left unprotected")
      }
      controls.interrupt()
    } during: {
      // It came after the run had begun and before anybody listened.
      if Task.isCancelled { controls.interrupt() }
      return await engine.execute()
    }
    ticker.cancel()
    _ = await ticker.value
    console.progress(nil)
    return end
  }

  private static func snapshot(_ tally: RunTally) -> ProgressSnapshot {
    let others = tally.counts.filter { $0.key != .repaired && $0.value > 0 }.sorted {
      $0.key.rawValue < $1.key.rawValue
    }
    let parts =
      ["wave \(tally.wave)/\(tally.waves)", "\(tally[.repaired]) repaired"]
      + others.map { "\($0.value) \($0.key.rawValue)" } + ["\(tally.inFlight) in flight"]
    return ProgressSnapshot(
      label: "repairing", done: tally.done, total: tally.planned, detail: parts.joined(separator: ", "),
      elapsed: .seconds(tally.seconds))
  }

  /// The account, on standard error: unprotected endpoints first, counts, why it stopped, what to do next.
  private func account(_ end: RunEnd, run: Int) {
    let console = invocation.console
    if end.tally.unprotected > 0 {
      console.note(
        "\(end.tally.unprotected) ENDPOINT\(end.tally.unprotected == 1 ? " IS" : "S ARE") UNPROTECTED: required services do not run; see: show run \(run)"
      )
    }
    if let stop = end.stop { console.note(stop.text) }
    console.note("run \(run): \(end.tally.counted), in \(TimeText.age(end.seconds))")
    guard end.exitCode != 0 else { return }
    let ways = NextSteps(end.tally, run: run).lines.map { "; \($0.purpose): \($0.command)" }
    console.note("more: show run \(run)\(ways.joined())")
  }
}

/// Results as rows, as each agent ends. On a terminal only what went wrong is listed: the rest is in the counts.
final class ResultRows: Sendable {
  private let writer: RowWriter
  private let run: Int
  private let showsAll: Bool
  private let failure = Mutex<(any Error)?>(nil)

  init(run: Int, all: Bool = false, in invocation: Invocation) {
    self.run = run
    showsAll = all || invocation.format != .table
    writer = invocation.rows([
      ResultColumn("run", isNumeric: true, isJSONOnly: invocation.format == .table),
      ResultColumn("agent", minimumWidth: 14), ResultColumn("outcome", minimumWidth: 16),
      ResultColumn("cause", minimumWidth: 20), ResultColumn("protected", minimumWidth: 9),
      ResultColumn("detail", minimumWidth: 40), ResultColumn("attempts", isNumeric: true),
      ResultColumn("seconds", isNumeric: true),
    ])
  }

  func add(_ result: AgentResult) {
    let isListed = showsAll || !(result.outcome.isGood || result.outcome == .notAttempted)
    guard isListed, failure.withLock({ $0 == nil }) else { return }
    do {
      try writer.write(
        [
          .number(run), .text(result.name), .text(result.outcome.rawValue), .init(result.cause?.rawValue),
          .init(result.protected), .init(result.detail), .number(result.attempts), .decimal(result.seconds),
        ], now: true)
    } catch {
      // The reader has gone: the run goes on, since endpoints are in its hands.
      failure.withLock { $0 = error }
    }
  }

  func end(_ tally: RunTally?) throws {
    if let error = failure.withLock({ $0 }) { throw error }
    if let tally {
      var counts: [ResultValue.Member] = [.init("planned", .number(tally.planned))]
      counts += Outcome.allCases.map { .init($0.rawValue, .number(tally[$0])) }
      try writer.writeObject([("run", .number(run)), ("summary", .object(counts))])
    }
    try writer.end()
  }
}

extension RunTally {
  /// `176 repaired, 3 failed of 200 planned`
  var counted: String {
    let counts = Outcome.allCases.filter { self[$0] > 0 }.map { "\(NumberText.grouped(self[$0])) \($0.rawValue)" }
    return "\(counts.joined(separator: ", ")) of \(NumberText.grouped(planned)) planned"
  }
}
