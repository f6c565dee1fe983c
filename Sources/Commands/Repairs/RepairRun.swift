import ApexOne
import Remote
import Runs

/// Carries a confirmed plan out: progress, results as they come, the account at the end; behind the prompt where the
/// line ended in `&`.
struct RepairRun: Sendable {
  let plan: Plan
  let work: RepairWork
  let connector: any HostConnector
  let place: ServerPlace
  let invocation: Invocation

  static let keys = ["run", "agent", "outcome", "cause", "protected", "detail", "attempts", "seconds"]

  /// Begins it.
  func start(_ confirmed: ConfirmedPlan, parent: Int? = nil) async throws -> ExitCode {
    // A ^C that came while the plan was made is not lost: nothing has begun.
    try Task.checkCancellation()
    let (journal, gate) = (try invocation.journal(of: place), try await logonGate())
    let run = try journal.beginRun(confirmed, parent: parent, at: place.clock.date)
    let agents = "\(NumberText.grouped(plan.count)) agent\(plan.count == 1 ? "" : "s")"
    invocation.console.note("run \(run): \(agents), \(plan.options.parallel) at a time")
    let rows = ResultRows(run: run, in: invocation)
    for (position, agent) in plan.agents.enumerated() where agent.refusal != nil {
      rows.add(
        AgentResult(
          position: position, name: agent.name, outcome: .refused, cause: agent.refusal?.cause,
          detail: agent.refusal?.text))
    }
    return try await carry(run, from: RunProgress(), through: gate, rows, journal)
  }

  /// Carries on a run of this plan that broke off.
  func resume(_ run: Int) async throws -> ExitCode {
    let (journal, gate) = (try invocation.journal(of: place), try await logonGate())
    let progress = try journal.reopenRun(run)
    let left = progress.left(of: plan)
    let begun =
      progress.traces.isEmpty ? "" : ", \(NumberText.grouped(progress.traces.count)) of them half done: these first"
    invocation.console.note("run \(run) goes on: \(NumberText.grouped(left)) agents are left\(begun)")
    let rows = ResultRows(run: run, except: Set(progress.kept.keys), in: invocation)
    return try await carry(run, from: progress, through: gate, rows, journal)
  }

  private func logonGate() async throws -> LogonGate {
    try await invocation.logonGate(
      place, for: connector, atOnce: plan.options.logonsInFlight ?? LogonGate.usualAtOnce)
  }

  private func carry(
    _ run: Int, from progress: RunProgress, through gate: LogonGate, _ rows: ResultRows, _ journal: Journal
  ) async throws -> ExitCode {
    let controls = RunControls()
    var work = work
    // An endpoint's words may hold any of them: none is kept.
    work.secrets = Array(Set(work.secrets + place.secrets.values + (await invocation.secrets.held)))
    // Whoever reads our results may be slow, or a pager that stands still: the run doesn't wait for it.
    let (results, feed) = AsyncStream<AgentResult>.makeStream()
    let shown = Task { for await result in results { rows.add(result) } }
    let notices = invocation.isBackground ? BackgroundNotices(run: run, of: plan, to: invocation.console) : nil
    let engine = RunEngine(
      plan: plan, work: work, connector: connector, journal: journal, run: run, clock: place.clock,
      controls: controls, gate: gate, progress: progress,
      reports: RunReports(
        wave: { notices?.ended(wave: $0) },
        durable: { result in
          feed.yield(result)
          notices?.ended(result)
        }))
    let close: @Sendable (RunEnd) async throws -> ExitCode = { end in
      feed.finish()
      await shown.value
      // Only a run that nobody held or broke off says how long another one would take.
      let isWhole = progress == RunProgress() && !controls.wereUsed && end.stop != .interrupted
      return try await self.close(end, rows, journal, isWhole: isWhole)
    }
    guard invocation.isBackground else { return try await close(try await watched(engine, controls)) }
    let background = BackgroundRun(run, of: plan, in: journal, engine, controls)
    invocation.ticket?.hand(background)
    invocation.services.background.add(background)
    background.begin { [invocation] in
      let end = await engine.execute()
      do { return try await close(end) } catch {
        let rendered = RenderedError(error)
        invocation.console.note("run \(run): \(rendered.message)")
        return rendered.exitCode
      }
    }
    invocation.console.note("run \(run) goes on behind the prompt; see: jobs, watch \(run), stop \(run)")
    try await invocation.refreshLookups(place)
    return .success
  }

  /// What follows a run's last agent: the rest of the rows, the account, what Tab and the prompt know. Whoever has had
  /// enough of the rows (`| head`) changes nothing of the run's code.
  private func close(
    _ end: RunEnd, _ rows: ResultRows, _ journal: Journal, isWhole: Bool
  ) async throws -> ExitCode {
    let result: Result<Void, any Error>
    do {
      rows.addRest(of: try journal.results(ofRun: end.run))
      result = .success(try OutputClosed.ending { try rows.end(end.tally) })
    } catch { result = .failure(error) }
    account(end, isWhole: isWhole)
    DangerText(try journal.endangered(server: place.identity)).say(to: invocation.console)
    try result.get()
    try await invocation.refreshLookups(place)
    return ExitCode(rawValue: end.exitCode)
  }

  /// Runs the engine with its progress shown and ^C on its way to the run.
  private func watched(_ engine: RunEngine, _ controls: RunControls) async throws -> RunEnd {
    let console = invocation.console
    let ticker = Task {
      while !Task.isCancelled {
        console.progress(ProgressSnapshot("repairing", of: [engine.tally]))
        try? await Task.sleep(for: .milliseconds(250))
      }
    }
    let end = await invocation.services.bell.taken { ring in
      console.note(
        "\(ring == .interrupt ? "^C" : "told to end"): \(InterruptText.of(controls.interrupts + 1, controls))")
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

  /// What a run in the lab says of a real one.
  private func rehearsal(_ end: RunEnd) -> String {
    let time = TimeText.age(end.seconds)
    let tally = end.tally
    let worked = NumberText.grouped(tally.planned - tally[.notAttempted])
    let pace = "\(plan.options.parallel) at a time"
    guard end.stop != nil else {
      return "rehearsal: a fleet that behaves like this one would take \(time), \(pace)"
    }
    let done = "\(worked) of \(NumberText.grouped(tally.planned)) agents done"
    return "rehearsal: a run at a fleet that behaves like this one would stop after \(time), \(pace), "
      + "in wave \(tally.wave) of \(tally.waves), \(done)"
  }

  /// The account, on standard error: unprotected endpoints first, counts, why it stopped, what to do next.
  private func account(_ end: RunEnd, isWhole: Bool) {
    let (console, run) = (invocation.console, end.run)
    if end.tally.unprotected > 0 {
      console.note(
        "\(end.tally.unprotected) ENDPOINT\(end.tally.unprotected == 1 ? " IS" : "S ARE") UNPROTECTED: required services do not run; see: show run \(run)"
      )
    }
    for reason in [end.removed, end.stop].compactMap(\.self) {
      console.note(invocation.isBackground ? "run \(run): \(reason.text)" : reason.text)
    }
    console.note("run \(run): \(end.tally.counted), in \(TimeText.age(end.seconds))")
    if place.isRehearsal, isWhole { console.note(rehearsal(end)) }
    if plan.options.keepTryingSeconds != nil, end.tally[.unreachable] > 0 {
      console.note("run \(run): what is still unreachable is tried again by: resume \(run)")
    }
    guard end.exitCode != 0 else { return }
    let ways = NextSteps(end.tally, run: run, keepsTrying: plan.options.keepTryingSeconds != nil).lines.map {
      "; \($0.purpose): \($0.command)"
    }
    console.note("more: show run \(run)\(ways.joined())")
  }
}
