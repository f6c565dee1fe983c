import ApexOne
import Remote

// What a reinstallation does with an installer, beside running it as any tool.
extension AgentRepair {
  /// Between two tries while another installation runs, in seconds; twice as long each time.
  private static let firstWait = 15.0
  private static let longestWait = 60.0

  /// Runs the package (or autopcc) and proves what it did.
  func install(_ before: AgentFacts, in folder: WindowsPath) async throws -> Ending {
    // Where the agent was removed, what the look before it showed proves nothing of the new one.
    let base = removal == .done ? AgentFacts(isInstalled: false, architecture: before.architecture) : before
    var ending = try await installOnce(before, base, in: folder)
    // An endpoint must not stay without an agent because a connection broke: an installer that left nothing is started
    // once more, as a resumed run would.
    if removal == .done, cut != nil, ending.outcome == .failed, looks.last?.facts.isInstalled == false,
      !engine.controls.cutsAll
    {
      (toolResult, looks) = (nil, [])
      connection.hold()
      try await reconnect()
      ending = try await installOnce(before, base, in: folder)
    }
    guard removal == .done, looks.isEmpty, ending.outcome == .unproved else { return ending }
    return Ending(
      .unknown, ending.cause, "the agent was removed, and whether the new one runs could not be looked at")
  }

  private func installOnce(_ before: AgentFacts, _ base: AgentFacts, in folder: WindowsPath) async throws -> Ending {
    let result = try await perform(.install, try command(before, in: folder))
    if let result, result.advice(at: .install) == .reboot {
      try await intend(.reboot(.install, result.meaning(at: .install)))
    }
    return await settle(base)
  }

  /// Runs a step's command. While another installation is in progress there (1618), waits with nothing held and runs it
  /// again, for as long as `timeout-execute` allows.
  func perform(_ step: InstallerStep, _ command: RemoteCommand) async throws -> InstallerResult? {
    let until = engine.clock.now + .seconds(options.executeSeconds)
    var wait = AgentRepair.firstWait
    while true {
      try await execute(command, as: step)
      guard let result = toolResult?.exitCode.map(InstallerResult.init(exitCode:)) else { return nil }
      guard result.advice(at: step) == .wait else { return result }
      try giveUpIfStopped(result.meaning(at: step))
      guard engine.clock.now + .seconds(wait) < until, !engine.controls.cutsAll else { return result }
      note(.installerBusy("another installation is in progress there; next try in \(Int(clamping: wait)) s"))
      if removal != .done { connection.beginAnew() }
      await connection.rest(.seconds(wait))
      try giveUpIfStopped(result.meaning(at: step))
      wait = min(AgentRepair.longestWait, wait * 2)
      try await reconnect()
      try giveUpIfStopped(result.meaning(at: step))
    }
  }

  /// Another installation keeps ours from beginning, and the run is to end: nothing was done, so it is as if its turn had
  /// not come.
  private func giveUpIfStopped(_ meaning: String) throws(Ending) {
    guard engine.isStopped, removal != .done else { return }
    (removal, hasExecuted) = (.none, false)
    throw Ending(.notAttempted, engine.controls.interrupts > 0 ? .interrupted : .runStopped, meaning)
  }

  /// Connects again for what must be done next, as long as `timeout-settle` allows, whatever stops the run meanwhile:
  /// here an endpoint has no agent, or an installer waits.
  func reconnect() async throws(Ending) {
    let until = engine.clock.now + .seconds(options.settleSeconds)
    while connection.host == nil {
      do throws(RemoteError) {
        try await connection.open()
        await refreshLock()
      } catch {
        let mayPass = EndpointConnection.mayPass(error) && !engine.controls.cutsAll
        guard mayPass, engine.clock.now < until else { throw lost(error) }
        connection.countRetry()
        await connection.pause(.seconds(5))
      }
    }
  }

  /// A connection that can carry the command. Where there is no agent now, one that broke is opened again.
  func host(for command: RemoteCommand) async throws(Ending) -> any Host {
    var tries = 0
    while true {
      guard let host = connection.host else { throw Ending(.failed, .dropped, "no connection to execute on") }
      do throws(RemoteError) {
        // Windows' folder may have another name than the look's check took it for, and the connection be another.
        try await connection.within(options.copySeconds, "asking for its shell") { host throws(RemoteError) in
          try await host.check(command)
        }
        return host
      } catch {
        guard removal == .done else { throw Ending(working: error) }
        guard EndpointConnection.mayPass(error), tries < 3 else { throw lost(error) }
        tries += 1
        await connection.close()
        try await reconnect()
      }
    }
  }

  /// The endpoint is out of reach in the middle of it: `resume` looks first.
  func lost(_ error: RemoteError) -> Ending {
    let what =
      switch removal {
      case .none: "the installer had been started"
      case .begun: "the uninstaller had been started"
      case .done: "the agent was removed, and the new one is not installed yet"
      }
    let why = EndpointConnection.mayPass(error) ? "the endpoint is out of reach" : "nothing more can be done there"
    return Ending(.unknown, Cause(error), "\(what), and \(why): \(error.message)")
  }
}
