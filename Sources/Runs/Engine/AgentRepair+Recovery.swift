import ApexOne
import Remote

extension AgentRepair {
  /// Carries on with an endpoint that an earlier leg of the run was working on: looks first, brings up what that leg
  /// may have left stopped, proves. It is repaired anew only where this shows that nothing was done.
  func recover(_ trace: RepairState) async throws -> Ending {
    hasExecuted = trace.progress == .toolStarted || trace.progress == .installerStarted
    removal = trace.isRemoved ? .done : trace.progress == .uninstallerStarted ? .begun : .none
    before = trace.before
    let now: AgentFacts
    do {
      try await connect()
      connection.mustCleanUp = true
      now = try await look()
    } catch let ending as Ending {
      throw trace.hasActed ? unknown(ending) : ending
    }
    if let ending = refuseOtherMachine(now) { throw trace.hasActed ? unknown(ending) : ending }
    see(now)
    note(.lookedAgain(now))
    try await clear(trace)
    guard trace.hasActed else { return try await repair() }
    if let ending = await stillToReboot(trace, now) { return ending }
    if removal != .none {
      do { return afterReboot(try await goOn(trace, now)) } catch let ending as Ending { throw afterReboot(ending) }
    }
    cut = .dropped
    let ending = afterReboot(await settle(trace.before ?? now))
    guard ending.outcome == .failed, isAsBefore, !engine.isStopped, trace.before != nil, trace.reboot == nil
    else { return ending }
    // The tool left the certificate as it was, and the services run: as if nothing had begun.
    (hasExecuted, cut, toolResult, looks) = (false, nil, nil, [])
    return try await repair()
  }

  /// What ran left the endpoint as it was: an agent that runs, or, for an installer, none.
  private var isAsBefore: Bool {
    guard let last = looks.last?.facts else { return false }
    return last.isProtected == true || engine.work.installs && before?.isInstalled == false && !last.isInstalled
  }

  /// The uninstaller was started by an earlier leg. It is never run again where it may have done its work: the agent is
  /// installed where it is gone, and proved where it was installed.
  private func goOn(_ trace: RepairState, _ now: AgentFacts) async throws -> Ending {
    connection.hold()
    let before = trace.before ?? now
    if hasExecuted || trace.isRemoved && now.isInstalled {
      (removal, cut) = (.done, .dropped)
      let ending = await settle(AgentFacts(isInstalled: false, architecture: before.architecture))
      // An installer that was cut short may have left nothing: then it is as if it had not been started.
      guard ending.outcome == .failed, looks.last?.facts.isInstalled == false else { return ending }
      connection.hold()
    } else if !trace.isRemoved {
      cut = .dropped
      do {
        try await awaitRemoval(before)
      } catch let ending as Ending {
        guard ending.cause == .dropped, ending.outcome == .failed, !engine.isStopped else { throw ending }
        if trace.reboot != nil { throw Ending(.failed, .uninstallFailed, "rebooted, and the agent is still there") }
        // The agent is as it was: as if nothing had begun.
        (cut, toolResult, looks) = (nil, nil, [])
        return try await repair()
      }
    }
    (hasExecuted, cut, toolResult, looks) = (false, nil, nil, [])
    try await reconnect()
    let folder = try await stage(before)
    await markBoot()
    return try await install(before, in: folder)
  }

  /// Something may have been done there, and nobody could look: still not known.
  private func unknown(_ ending: Ending) -> Ending {
    if ending.outcome == .notAttempted { return Ending(.unknown, ending.cause, ending.detail) }
    let what =
      switch removal {
      case .done: "the agent had been removed"
      case .begun: "the uninstaller had been started"
      case .none: "the tool had been started"
      }
    return Ending(
      .unknown, ending.cause, "\(what) when the run broke off; \(ending.detail ?? "not looked at")")
  }

  /// Takes the endpoint's lock again and removes the folder of the earlier leg.
  private func clear(_ trace: RepairState) async throws {
    do {
      let root = try await root()
      var lock = newLock(in: root)
      let date = engine.clock.date
      let holder = try await connection.within(options.copySeconds, "locking") { host throws(RemoteError) in
        try await lock.take(host, at: date, mayBeOurs: true)
      }
      if let holder {
        // Something of ours is still there: `resume` takes it up again.
        let ending = Ending(.notAttempted, .busy, "\(holder) works on this endpoint; resume when it has ended")
        throw trace.hasActed ? unknown(ending) : ending
      }
      self.lock = lock
      guard let folder = trace.folder else { return }
      guard folder.name.hasPrefix(Staging.prefix), folder.parent == root else { return }
      try await connection.within(options.copySeconds, "cleaning up") { host throws(RemoteError) in
        try await Staging.left(in: folder, on: host)?.remove(host)
      }
      note(.cleaned(folder))
    } catch let error as RemoteError {
      let ending = Ending(working: error, staging: true)
      throw trace.hasActed ? unknown(ending) : ending
    }
  }
}
