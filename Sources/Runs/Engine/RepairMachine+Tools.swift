import ApexOne
import Remote

// IpXfer, installers and uninstallers.
extension RepairMachine {
  /// What came of a program that was to be run; nil for an event that is no answer to that.
  mutating func answered(_ run: ToolRun, _ event: RepairEvent, _ now: RepairConditions) -> RepairPhase? {
    switch event {
    case .failed(let error): return notHandedOver(run, error, now)
    case .toolEnded(let result):
      evidence.tool = .ended(result)
      let (text, learned) = policy.toolEnd(run.step, result)
      if let learned { evidence.learned.append(learned) }
      note(run.step == .uninstall ? .uninstalled(text) : .executed(text))
    case .toolBroken(let error):
      evidence.hasBegun = true
      // Where the agent is gone already, what follows tries once more.
      if error.nothingRan, !state.isRemoved { return notStarted(error, now) }
      evidence.tool = .cut(.dropped)
      note(.dropped(policy.screen.shown(error.message)))
    case .toolTimedOut:
      evidence.tool = .cut(.timedOut)
      note(.timedOut("still running after \(Int(clamping: policy.options.executeSeconds)) s; connection closed"))
    default: return nil
    }
    evidence.hasBegun = true
    return ended(run, now)
  }

  private mutating func ended(_ run: ToolRun, _ now: RepairConditions) -> RepairPhase {
    let result = policy.installs ? evidence.result?.exitCode.map(InstallerResult.init(exitCode:)) : nil
    switch result?.advice(at: run.step) {
    case .wait?: return busy(run, InstallerResult.busy.meaning(at: run.step), now)
    case .reboot?: return .recordingReboot(run, result ?? .rebootNeeded)
    default: return proof(of: run, now)
    }
  }

  private mutating func proof(of run: ToolRun, _ now: RepairConditions) -> RepairPhase {
    run.step == .uninstall ? awaitRemoval(isResumed: false, now) : settle(.tool(run), now)
  }

  /// The command never began there, so nothing is to be waited for and nothing to be proved.
  private mutating func notStarted(_ error: RemoteError, _ now: RepairConditions) -> RepairPhase {
    evidence.tool = .notSeen
    note(.notStarted(error.message))
    effect(.beginAnew)
    let cause = RepairResult(working: error).cause
    return end(early: RepairResult(.failed, cause, "nothing was done: \(error.message)"), now)
  }

  /// The connection can't carry the command. Where there is no agent now, it is opened again.
  private mutating func notHandedOver(_ run: ToolRun, _ error: RemoteError, _ now: RepairConditions) -> RepairPhase {
    guard state.isRemoved else { return end(early: RepairResult(working: error), now) }
    var next = run
    next.handOvers += 1
    guard RetryPolicy.handOver.pause(after: run.handOvers, error, now) != nil else {
      return end(early: lost(error), now)
    }
    effect(.close)
    return .reopening(until: nil, for: .tool(next))
  }

  /// Another installation is in progress there (1618): waits with nothing held, as long as `timeout-execute` allows.
  private mutating func busy(_ run: ToolRun, _ meaning: String, _ now: RepairConditions) -> RepairPhase {
    var next = run
    next.busy = meaning
    if let end = givenUp(next, now) { return end }
    guard now.now + run.wait < run.until, !now.cutsAll else {
      if run.step == .install { return proof(of: run, now) }
      note(.notStarted(meaning))
      return end(early: RepairResult(.failed, .installerBusy, meaning), now)
    }
    note(
      .installerBusy("another installation is in progress there; next try in \(Int(clamping: run.wait.seconds)) s"))
    if !state.isRemoved { effect(.beginAnew) }
    return .awaitingTurn(next)
  }

  /// Another installation keeps ours from beginning, and the run is to end: nothing was done, so it is as if its turn had
  /// not come.
  mutating func givenUp(_ run: ToolRun, _ now: RepairConditions) -> RepairPhase? {
    guard let meaning = run.busy, now.stop != nil, !state.isRemoved else { return nil }
    note(.notStarted(meaning))
    return end(
      early: RepairResult(.notAttempted, now.interrupts > 0 ? .interrupted : .runStopped, meaning), now)
  }

  mutating func rebootRecorded(_ run: ToolRun, _ result: InstallerResult, _ now: RepairConditions) -> RepairPhase {
    if run.step == .install { return settle(.tool(run), now) }
    return .confirming(
      RepairResult(
        .rebootRequired, .reboot,
        "\(result.meaning(at: .uninstall)); the package is installed after it, by: resume \(policy.run)"))
  }

  mutating func confirmed(_ result: RepairResult, _ facts: AgentFacts, _ now: RepairConditions) -> RepairPhase {
    evidence.add(facts, at: now.now)
    return end(early: result, now)
  }

  // MARK: - Removal

  func awaitRemoval(isResumed: Bool, _ now: RepairConditions) -> RepairPhase {
    .awaitingRemoval(Removal(until: now.now + .seconds(policy.options.settleSeconds), isResumed: isResumed))
  }

  /// An emptied folder is waited for and not asked for: logs may stay.
  mutating func seen(_ remains: AgentRemains, _ removal: Removal, _ now: RepairConditions) -> RepairPhase {
    let isLate = now.now >= removal.until || now.cutsAll
    guard remains.isClean || remains.isGone && isLate else {
      return isLate
        ? .reviving(Revival(removal: removal, remains: remains))
        : .pausing(RepairPolicy.interval, then: .awaitingRemoval(removal))
    }
    note(.removed(remains.isClean ? nil : "\(remains.text) stay\(remains.entries == 1 ? "s" : "")"))
    evidence.seen = ProofLook(
      at: now.now, AgentFacts(isInstalled: false, architecture: base.architecture, machine: base.machine))
    if removal.isResumed { return installAnew() }
    evidence.forget()
    return .reopening(until: nil, for: .tool(toolRun(.install, now)))
  }

  /// The agent is still there: as it was, or in part. What the uninstaller stopped is started again.
  mutating func inspected(_ revival: Revival, _ facts: AgentFacts, _ now: RepairConditions) -> RepairPhase {
    evidence.add(facts, at: now.now)
    var next = revival
    guard let left = revival.left else {
      let names = policy.servicesToStart(base, facts)
      if names.isEmpty { return notRemoved(next, now) }
      (next.left, next.hadStopped) = (RepairPolicy.revivals, true)
      return .startingServices(names, for: .revival(next))
    }
    next.left = left - 1
    if facts.isProtected == true || left <= 1 { return notRemoved(next, now) }
    return .pausing(RepairPolicy.interval, then: .reviving(next))
  }

  mutating func notInspected(_ revival: Revival, _ now: RepairConditions) -> RepairPhase {
    if revival.left != nil { return notRemoved(revival, now) }
    return end(
      early: RepairResult(
        .unknown, .dropped, "the uninstaller ran and left \(revival.remains.text); it could not be looked at again"),
      now)
  }

  private mutating func notRemoved(_ revival: Revival, _ now: RepairConditions) -> RepairPhase {
    let said = evidence.result?.exitCode.map { " (\(InstallerResult(exitCode: $0).meaning(at: .uninstall)))" } ?? ""
    let last = evidence.last
    // A certificate that went with its folder: the agent's files are gone, whatever services and registry still say.
    let isBack =
      last?.isInstalled == true && last?.isProtected == base.isProtected && last?.certificate == base.certificate
    guard isBack, !revival.hadStopped || evidence.cut != nil else {
      return end(
        early: RepairResult(
          .failed, .uninstallFailed,
          "the uninstaller left \(revival.remains.text)\(said); reinstall without --uninstall-first installs over it"),
        now)
    }
    if revival.removal.isResumed, now.stop == nil {
      if state.reboot == nil { return beginAnew() }
      return end(early: RepairResult(.failed, .uninstallFailed, "rebooted, and the agent is still there"), now)
    }
    if evidence.endedUnseen {
      return end(
        early: RepairResult(
          .unproved, .dropped,
          "the uninstaller's channel was closed without an exit code, so whether it ran to its end is not known; the "
            + "agent is as it was"), now)
    }
    let cut = evidence.cut
    state.beginAnew()
    guard let cut else {
      return end(
        early: RepairResult(
          .failed, .toolHadNoEffect,
          "the uninstaller ran, and the agent is as it was\(said); is uninstall-password the right one?"), now)
    }
    let why = cut == .timedOut ? "the uninstaller's time was up" : "the connection ended before the uninstaller did"
    return end(early: RepairResult(.failed, cut, "\(why), and the agent runs as it did"), now)
  }
}
