import ApexOne
import Remote

extension AgentRepair {
  private enum Event: Sendable {
    case ended(CommandResult)
    case broken(RemoteError)
    case timeIsUp
    /// The services meanwhile; nil where they could not be looked at.
    case looked(ServiceFacts?)
  }

  /// What the work runs at this endpoint.
  func command(_ before: AgentFacts, in folder: WindowsPath) throws(Ending) -> RemoteCommand {
    do {
      return try engine.work.command(before.architecture ?? .x64, folder)
    } catch {
      throw Ending(connecting: error)
    }
  }

  /// Runs the tool, or the uninstaller. Returns when it has ended, its connection broke, or it was closed for good
  /// reason; never throws for what it did: the proof decides.
  func execute(_ command: RemoteCommand, as step: InstallerStep = .install) async throws {
    let host = try await host(for: command)
    // Held before its intent is written: who has one is not cut by a second ^C.
    if hasActed {
      connection.hold()
    } else if !connection.holdUnlessCut() {
      throw Ending(.notAttempted, .interrupted)
    }
    do {
      try await intend(step == .uninstall ? .uninstall(command: command.masked) : .execute(command: command.masked))
    } catch {
      if !hasActed { connection.beginAnew() }
      throw error
    }
    (toolResult, cut) = (nil, nil)
    if step == .uninstall { removal = .begun } else { hasExecuted = true }
    hasBegun = true
    let meeting = Rendezvous<Event>()
    let clock = engine.clock
    clock.begin()
    Task(executorPreference: engine.thread) {
      do throws(RemoteError) { meeting.arrive(.ended(try await host.run(command))) } catch {
        meeting.arrive(.broken(error))
      }
      clock.end()
    }
    let timer = clock.schedule(after: .seconds(options.executeSeconds)) { meeting.arrive(.timeIsUp) }
    var event = await meeting.next(on: clock)
    timer.cancel()
    if case .timeIsUp = event { event = await afterTimeOut(step, host, meeting) }
    // Where the agent is gone already, what follows tries once more.
    if case .broken(let error) = event, error.nothingRan, removal != .done { throw notStarted(error, step) }
    note(event, step)
  }

  /// The command never began there, so nothing is to be waited for and nothing to be proved.
  private func notStarted(_ error: RemoteError, _ step: InstallerStep) -> Ending {
    if step == .uninstall { removal = .none } else { hasExecuted = false }
    if !hasActed { connection.beginAnew() }
    note(.notStarted(error.message))
    let cause = Ending(working: error).cause
    return Ending(.failed, cause, "nothing was done: \(error.message)")
  }

  private func note(_ event: Event, _ step: InstallerStep) {
    switch event {
    case .ended(let result):
      toolResult = result
      let (code, words) = (result.exitCode.map { "exit code \($0)" } ?? "no exit code", printed(result))
      let tool = step == .uninstall ? ToolResults.Tool.uninstaller : engine.work.installs ? .installer : .ipxfer
      if let known = engine.work.toolResults.meaning(tool, exitCode: result.exitCode, output: words ?? "") {
        // The file is a person's, who may have pasted what a tool printed.
        learned.append(engine.screen.shown(known))
      }
      let end = [code, words].compactMap { $0 }.joined(separator: ": ")
      note(step == .uninstall ? .uninstalled(end) : .executed(end))
    case .broken(let error):
      cut = .dropped
      note(.dropped(engine.screen.shown(error.message)))
    case .timeIsUp, .looked:
      cut = .timedOut
      note(.timedOut("still running after \(Int(clamping: options.executeSeconds)) s; connection closed"))
    }
  }

  /// The tool still runs when its time is up. If the services run, or an uninstaller's are gone, nothing is lost and the
  /// connection is closed; if not, it is held for the settle time more, since Windows ends the tool with its connection.
  /// A look that hangs holds up nothing.
  private func afterTimeOut(_ step: InstallerStep, _ host: any Host, _ meeting: Rendezvous<Event>) async -> Event {
    let clock = engine.clock
    let until = clock.now + .seconds(options.settleSeconds)
    let last = clock.schedule(after: .seconds(options.settleSeconds)) { meeting.arrive(.timeIsUp) }
    defer { last.cancel() }
    var isLooking = false
    while clock.now < until, !engine.controls.cutsAll {
      if !isLooking { look(at: host, meeting) }
      isLooking = true
      var event = await meeting.next(on: clock)
      if case .looked(let services) = event {
        isLooking = false
        if isOver(step, services) { break }
        let poll = clock.schedule(after: AgentRepair.interval) { meeting.arrive(.timeIsUp) }
        event = await meeting.next(on: clock)
        poll.cancel()
      }
      switch event {
      case .ended, .broken: return event
      case .timeIsUp, .looked: break
      }
    }
    host.abort()
    // Its end arrives now, if it has not before: a result that came in the last moment is kept.
    while true {
      switch await meeting.next(on: clock) {
      case .ended(let result): return .ended(result)
      case .broken: return .timeIsUp
      case .timeIsUp, .looked: break
      }
    }
  }

  /// Looks at the services on another channel, while the tool runs.
  private func look(at host: any Host, _ meeting: Rendezvous<Event>) {
    let clock = engine.clock
    clock.begin()
    Task(executorPreference: engine.thread) {
      meeting.arrive(.looked(try? await EndpointLook.services(host, AgentService.required)))
      clock.end()
    }
  }

  /// Nothing is lost when the tool's connection is closed now.
  private func isOver(_ step: InstallerStep, _ services: ServiceFacts?) -> Bool {
    func all(_ state: ServiceFact.State) -> Bool {
      services.map { facts in AgentService.required.allSatisfy { facts[$0]?.state == state } } ?? false
    }
    return all(.running) || step == .uninstall && all(.absent)
  }

  /// What the tool printed, one line, cut: kept, never believed.
  ///
  /// A tool may print its own command line: see `OutputScreen`.
  private func printed(_ result: CommandResult) -> String? {
    if result.output.isEmpty, result.errors.isEmpty { return nil }
    // Without NULs, UTF-16 of ASCII reads as text too. All of it is looked through before it is cut: half a secret is not
    // found.
    let text = String(decoding: (result.output + result.errors).filter { $0 != 0 }, as: UTF8.self)
    let line = engine.screen.printed(text, keeping: 400).split(whereSeparator: \.isNewline).joined(separator: " | ")
    return line.isEmpty ? nil : line
  }
}
