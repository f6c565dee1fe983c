import ApexOne
import Remote

// From the first inspection to the tool.
extension RepairMachine {
  /// Nothing of another machine under the agent's name may be taken for the agent's.
  private mutating func refusalOfMachine(_ facts: AgentFacts) -> RepairResult? {
    evidence.isMachineNotNamed = LookVerdict.isNotNamed(facts.machine, name, policy.expectations)
    guard case .refuse(let cause, let text)? = LookVerdict.machine(facts.machine, name, policy.expectations) else {
      return nil
    }
    note(.otherMachine(text))
    return RepairResult(.refused, cause, text)
  }

  mutating func inspected(_ facts: AgentFacts, _ now: RepairConditions) -> RepairPhase {
    if let refusal = refusalOfMachine(facts) { return end(refusal) }
    begin(with: facts, as: facts, now)
    note(.looked(facts))
    switch LookVerdict(facts, policy.expectations) {
    case .refuse(let cause, let text): return end(RepairResult(.refused, cause, text))
    case .alreadyMatching(let text): return end(RepairResult(.alreadyMatching, .listStale, text))
    case .matchingUnprotected where now.cutsIdle: return end(RepairResult(.notAttempted, .interrupted))
    case .matchingUnprotected(let text): return .staging(.services(text), tries: 0)
    case .proceed: return .checking
    }
  }

  mutating func inspectedAgain(_ facts: AgentFacts, _ now: RepairConditions) -> RepairPhase {
    if let refusal = refusalOfMachine(facts) { return end(early: unknownIfActed(refusal), now) }
    begin(with: facts, as: state.before ?? facts, now)
    note(.lookedAgain(facts))
    return .takingOver(facts)
  }

  mutating func takenOver(_ facts: AgentFacts, _ now: RepairConditions) -> RepairPhase {
    guard state.hasActed else { return .connecting(.anew) }
    if let asked = state.reboot { return .readingBoot(.since(asked, facts)) }
    return goOn(facts, now)
  }

  mutating func booted(
    _ question: RepairPhase.BootQuestion, _ mark: BootMark?, _ now: RepairConditions
  ) -> RepairPhase {
    switch question {
    case .beforeTool:
      // Without a mark, the next step meets whatever is wrong with the connection.
      if let mark { note(.boot(mark)) }
      return removeOrInstall(now)
    case .since(let asked, let facts):
      // Where it can't be told the inspections decide.
      switch mark?.since(state.boot ?? BootMark(shutdown: nil, processID: nil)) {
      case nil: break
      case .rebooted?: mark.map { note(.rebooted($0)) }
      case .unknown?:
        mark.map { note(.rebootUnknown($0)) }
        evidence.isRebootUnknown = true
      case .same?:
        evidence.add(facts, at: now.now)
        return end(
          RepairResult(
            .rebootRequired, .reboot,
            "not rebooted yet since \(asked.program) asked for it; reboot it, then: resume \(policy.run)"))
      }
      return goOn(facts, now)
    }
  }

  /// Carries on with what an earlier attempt had started: brings up what it may have left stopped, and proves. The
  /// uninstaller is never run again where it may have done its work.
  private mutating func goOn(_ facts: AgentFacts, _ now: RepairConditions) -> RepairPhase {
    if state.progress != .toolStarted { effect(.hold) }
    evidence.tool = .cut(.dropped)
    switch state.progress {
    case .untouched: return .connecting(.anew)
    case .uninstallerStarted: return awaitRemoval(isResumed: true, now)
    case .removed where !facts.isInstalled: return installAnew()
    case .toolStarted, .removed, .installerStarted: return settle(.resumed, now)
    }
  }

  /// The agent is gone: the package is staged again and run.
  mutating func installAnew() -> RepairPhase {
    evidence.forget()
    return .reopening(until: nil, for: .files)
  }

  private mutating func removeOrInstall(_ now: RepairConditions) -> RepairPhase {
    guard policy.method == .reinstallAfterRemoval, base.isInstalled, !state.isRemoved else {
      return run(.install, now)
    }
    // Whatever stopped the run but a person, nobody else shall lose an agent by it.
    if let stop = now.stop, stop != .interrupted {
      return end(early: RepairResult(.notAttempted, stop.cause), now)
    }
    return run(.uninstall, now)
  }

  func run(_ step: InstallerStep, _ now: RepairConditions) -> RepairPhase { .running(toolRun(step, now)) }

  func toolRun(_ step: InstallerStep, isSecond: Bool = false, _ now: RepairConditions) -> ToolRun {
    ToolRun(step, until: now.now + .seconds(policy.options.executeSeconds), isSecond: isSecond)
  }

  /// The certificate is right already, and services that must run are stopped: starts them, and proves that they run.
  mutating func bringUp(_ text: String, _ now: RepairConditions) -> RepairPhase {
    // From now on they count as services that ran.
    var wanted = base
    for name in AgentService.required { wanted[service: name] = ServiceFact(.running) }
    evidence.inspections = [ProofLook(at: now.now, base)]
    effect(.hold)
    let names = policy.servicesToStart(wanted, base)
    return names.isEmpty ? started(.match(text, wanted), now) : .startingServices(names, for: .match(text, wanted))
  }

  /// Services were started, or none had to be: they are looked at after a while.
  mutating func started(_ start: RepairPhase.Start, _ now: RepairConditions) -> RepairPhase {
    switch start {
    case .match(let text, let wanted): return settle(.services(text), of: wanted, now)
    case .revival(let revival): return .pausing(RepairPolicy.interval, then: .reviving(revival))
    case .proof(var settling):
      settling.extend(by: .seconds(min(30, policy.options.settleSeconds)), now)
      return .pausing(RepairPolicy.interval, then: .settling(settling))
    }
  }
}
