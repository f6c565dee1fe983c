import ApexOne
import Remote

extension AgentRepair {
  /// Carries on with an endpoint that an earlier leg of the run was working on: looks first, brings up what that leg
  /// may have left stopped, proves. It is repaired anew only where this shows that nothing was done.
  func recover(_ trace: RunTrace) async throws -> Ending {
    hasExecuted = trace.hasExecuted
    before = trace.before
    let now: AgentFacts
    do {
      try await connect()
      now = try await look()
    } catch let ending as Ending {
      throw trace.hasExecuted ? unknown(ending) : ending
    }
    note("looked-again", now.line)
    try await clear(trace)
    guard trace.hasExecuted else { return try await repair() }
    cut = .dropped
    let ending = await settle(trace.before ?? now)
    guard ending.outcome == .failed, looks.last?.facts.isProtected == true, !engine.isStopped, trace.before != nil
    else { return ending }
    // The tool left the certificate as it was, and the services run: as if nothing had begun.
    (hasExecuted, cut, toolResult, looks) = (false, nil, nil, [])
    return try await repair()
  }

  /// The tool may have run there, and nobody could look: still not known.
  private func unknown(_ ending: Ending) -> Ending {
    if ending.outcome == .notAttempted { return Ending(.unknown, ending.cause, ending.detail) }
    return Ending(
      .unknown, ending.cause, "the tool had been started when the run broke off; \(ending.detail ?? "not looked at")")
  }

  /// Takes the endpoint's lock again and removes the folder of the earlier leg.
  private func clear(_ trace: RunTrace) async throws {
    do {
      let root = try await connection.within(options.copySeconds, "looking") { host throws(RemoteError) in
        try await EndpointLook.systemRoot(host)
      }
      let lock = EndpointLock(systemRoot: root, run: engine.run, installation: engine.journal.installation)
      let date = engine.clock.date
      let holder = try await connection.within(options.copySeconds, "locking") { host throws(RemoteError) in
        try await lock.take(host, at: date, mayBeOurs: true)
      }
      if let holder {
        let ending = Ending(.refused, .busy, "\(holder) works on this endpoint; resume when it has ended")
        throw trace.hasExecuted ? unknown(ending) : ending
      }
      self.lock = lock
      guard let text = trace.folder else { return }
      let folder = WindowsPath(text)
      guard folder.name.hasPrefix(Staging.prefix), folder.parent == root else { return }
      try await connection.within(options.copySeconds, "cleaning up") { host throws(RemoteError) in
        try await Staging.left(in: folder, on: host)?.remove(host)
      }
      note("cleaned", folder.text)
    } catch let error as RemoteError {
      let ending = Ending(working: error, staging: true)
      throw trace.hasExecuted ? unknown(ending) : ending
    }
  }
}
