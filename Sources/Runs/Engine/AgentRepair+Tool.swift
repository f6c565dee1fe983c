import ApexOne
import Remote

// A program of the product, run at the endpoint.
extension AgentRepair {
  private enum Arrival: Sendable {
    case ended(CommandResult)
    case broken(RemoteError)
    case timeIsUp
    /// The services meanwhile; nil where they could not be looked at.
    case looked(ServiceFacts?)
  }

  private func command(_ step: InstallerStep) throws(RepairResult) -> RemoteCommand {
    if step == .uninstall, let uninstaller = engine.work.removal {
      do { return try uninstaller(machine.base) } catch { throw RepairResult(working: error) }
    }
    guard let folder = staging?.folder ?? systemRoot else {
      throw RepairResult(.failed, .unexpected, "Windows' own folder is not known")
    }
    do { return try engine.work.command(machine.base.architecture ?? .x64, folder) } catch {
      throw RepairResult(connecting: error)
    }
  }

  /// Runs the tool, or the uninstaller, to its end, to that of its connection, or until it was closed for good reason.
  /// What it did shows at the endpoint.
  func execute(_ step: InstallerStep) async throws -> RepairEvent {
    let command = try command(step)
    guard let host = connection.host else { throw RepairResult(.failed, .dropped, "no connection to execute on") }
    // Windows' folder may have another name than the first check took it for, and the connection be another.
    try await connection.within(options.copySeconds, "asking for its shell") { host throws(RemoteError) in
      try await host.check(command)
    }
    // Held before its intent is written: who has one is not cut by a second ^C.
    let hadActed = machine.state.hasActed
    if hadActed {
      connection.hold()
    } else if !connection.holdUnlessCut() {
      throw RepairResult(.notAttempted, .interrupted)
    }
    do {
      try await intend(step == .uninstall ? .uninstall(command: command.masked) : .execute(command: command.masked))
    } catch {
      if !hadActed { connection.beginAnew() }
      throw error
    }
    let meeting = Rendezvous<Arrival>()
    let clock = engine.clock
    clock.begin()
    Task(executorPreference: engine.thread) {
      do throws(RemoteError) { meeting.arrive(.ended(try await host.run(command))) } catch {
        meeting.arrive(.broken(error))
      }
      clock.end()
    }
    let timer = clock.schedule(after: .seconds(options.executeSeconds)) { meeting.arrive(.timeIsUp) }
    var arrival = await meeting.next(on: clock)
    timer.cancel()
    if case .timeIsUp = arrival { arrival = await afterTimeOut(step, host, meeting) }
    switch arrival {
    case .ended(let result): return .toolEnded(result)
    case .broken(let error): return .toolBroken(error)
    case .timeIsUp, .looked: return .toolTimedOut
    }
  }

  /// The tool still runs when its time is up. If the services run, or an uninstaller's are gone, nothing is lost and the
  /// connection is closed; if not, it is held for the settle time more, since Windows ends the tool with its connection.
  /// An inspection that hangs holds up nothing.
  private func afterTimeOut(
    _ step: InstallerStep, _ host: any Host, _ meeting: Rendezvous<Arrival>
  ) async -> Arrival {
    let clock = engine.clock
    let until = clock.now + .seconds(options.settleSeconds)
    let last = clock.schedule(after: .seconds(options.settleSeconds)) { meeting.arrive(.timeIsUp) }
    defer { last.cancel() }
    var isLooking = false
    while clock.now < until, !engine.controls.cutsAll {
      if !isLooking { look(at: host, meeting) }
      isLooking = true
      var arrival = await meeting.next(on: clock)
      if case .looked(let services) = arrival {
        isLooking = false
        if RepairPolicy.isOver(step, services) { break }
        let poll = clock.schedule(after: RepairPolicy.interval) { meeting.arrive(.timeIsUp) }
        arrival = await meeting.next(on: clock)
        poll.cancel()
      }
      switch arrival {
      case .ended, .broken: return arrival
      case .timeIsUp, .looked: break
      }
    }
    host.abort()
    // Its end arrives now, if it has not before: a result that came in the last moment is kept.
    while true {
      switch await meeting.next(on: clock) {
      case .ended(let result): return .ended(result)
      // One that had not begun by then never will.
      case .broken(let error): return error.nothingRan ? .broken(error) : .timeIsUp
      case .timeIsUp, .looked: break
      }
    }
  }

  /// Looks at the services on another channel, while the tool runs.
  private func look(at host: any Host, _ meeting: Rendezvous<Arrival>) {
    let clock = engine.clock
    clock.begin()
    Task(executorPreference: engine.thread) {
      meeting.arrive(.looked(try? await EndpointLook.services(host, AgentService.required)))
      clock.end()
    }
  }
}
