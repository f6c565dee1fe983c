import ApexOne
import Remote

// Taking the agent off before the new one is installed: `--uninstall-first`.
extension AgentRepair {
  /// Runs the uninstaller and returns when the agent is proved gone, connected. Nothing is done where there is no agent,
  /// or none is to be removed.
  func remove(_ before: AgentFacts) async throws {
    guard let uninstaller = engine.work.removal, before.isInstalled else { return }
    // Whatever stopped the run but a person, nobody else shall lose an agent by it.
    if let stop = engine.stopReason, stop != .interrupted { throw Ending(.notAttempted, stop.cause) }
    let command: RemoteCommand
    do { command = try uninstaller(before) } catch { throw Ending(working: error) }
    let result = try await perform(.uninstall, command)
    switch result?.advice(at: .uninstall) {
    case .wait?:
      removal = .none
      throw Ending(.failed, .installerBusy, InstallerResult.busy.meaning(at: .uninstall))
    case .reboot?: throw try await rebootAfterRemoval(result ?? .rebootNeeded)
    default: try await awaitRemoval(before)
    }
    (toolResult, cut, looks) = (nil, nil, [])
    try await reconnect()
  }

  /// Looks until nothing of the agent is left. An emptied folder is waited for and not asked for: logs may stay.
  func awaitRemoval(_ before: AgentFacts) async throws {
    let until = engine.clock.now + .seconds(options.settleSeconds)
    while true {
      let remains: AgentRemains
      do throws(RemoteError) {
        remains = try await lookForRemains(before)
      } catch {
        let mayPass = EndpointConnection.mayPass(error) && !engine.controls.cutsAll
        guard mayPass, engine.clock.now < until else { throw lost(error) }
        await connection.close()
        await connection.pause(AgentRepair.interval)
        continue
      }
      let isLate = engine.clock.now >= until || engine.controls.cutsAll
      if remains.isClean || remains.isGone && isLate {
        note(.removed(remains.isClean ? nil : "\(remains.text) stay\(remains.entries == 1 ? "s" : "")"))
        removal = .done
        see(AgentFacts(isInstalled: false, architecture: before.architecture, machine: before.machine))
        return
      }
      if isLate { throw await notRemoved(before, remains) }
      await connection.rest(AgentRepair.interval)
    }
  }

  private func lookForRemains(_ before: AgentFacts) async throws(RemoteError) -> AgentRemains {
    try await connection.open()
    let remains = try await connection.within(options.copySeconds, "looking") { host throws(RemoteError) in
      try await EndpointLook.remains(host, folder: before.applicationPath)
    }
    await refreshLock()
    return remains
  }

  /// The agent is still there: as it was, or in part. What the uninstaller stopped is started again.
  private func notRemoved(_ before: AgentFacts, _ remains: AgentRemains) async -> Ending {
    guard await lookOnce() else {
      return Ending(.unknown, .dropped, "the uninstaller ran and left \(remains.text); it could not be looked at again")
    }
    let wasStopped = !stopped(before).isEmpty
    if wasStopped { await bringUp(before) }
    let said = toolResult?.exitCode.map { " (\(InstallerResult(exitCode: $0).meaning(at: .uninstall)))" } ?? ""
    let now = looks.last?.facts
    // A certificate that went with its folder: the agent's files are gone, whatever services and registry still say.
    let isBack =
      now?.isInstalled == true && now?.isProtected == before.isProtected && now?.certificate == before.certificate
    guard isBack, !wasStopped || cut != nil else {
      return Ending(
        .failed, .uninstallFailed,
        "the uninstaller left \(remains.text)\(said); reinstall without --uninstall-first installs over it")
    }
    removal = .none
    if let cut {
      let why = cut == .timedOut ? "the uninstaller's time was up" : "the connection ended before the uninstaller did"
      return Ending(.failed, cut, "\(why), and the agent runs as it did")
    }
    return Ending(
      .failed, .toolHadNoEffect,
      "the uninstaller ran, and the agent is as it was\(said); is uninstall-password the right one?")
  }

  /// Starts what runs no more, and looks until it does.
  func bringUp(_ before: AgentFacts) async {
    await startStopped(before)
    for _ in 0..<6 where looks.last?.facts.isProtected != true {
      await connection.rest(AgentRepair.interval)
      guard await lookOnce() else { return }
    }
  }

  /// Everything that a look finds out of the agent.
  func wholeLook() async throws(RemoteError) -> AgentFacts {
    try await connection.within(options.copySeconds, "looking") { host throws(RemoteError) in
      try await EndpointLook.facts(host, against: self.engine.readings)
    }
  }

  /// One look at everything, kept with the others; false where it could not be done.
  @discardableResult func lookOnce() async -> Bool {
    do throws(RemoteError) {
      try await connection.open()
      looks.append(ProofLook(at: engine.clock.now, try await wholeLook()))
      return true
    } catch {
      return false
    }
  }
}
