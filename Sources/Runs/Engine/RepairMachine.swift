import ApexOne
import Remote

/// The repair of one agent as a state machine: it is told what came of the last action and says what is to be done next.
/// It does nothing itself (sans I/O); `AgentRepair` drives it on a connection.
struct RepairMachine: Sendable {
  let policy: RepairPolicy
  let name: String
  private(set) var phase: RepairPhase
  var state: RepairState
  var evidence = RepairEvidence()
  /// What the agent was before anything was done, as far as it is known.
  private(set) var base = AgentFacts(isInstalled: false)
  private var effects: [RepairEffect] = []

  /// `state`: the fold of what the journal has of this agent; nil for one that begins.
  init(_ policy: RepairPolicy, of name: String, from state: RepairState? = nil) {
    self.policy = policy
    self.name = name
    self.state = state ?? RepairState()
    phase = .connecting(state == nil ? .anew : .resumed)
  }

  /// Takes an event and returns what goes with the transition. An event that the phase doesn't wait for ends the repair;
  /// the driver gives none.
  mutating func take(_ event: RepairEvent, _ conditions: RepairConditions) -> [RepairEffect] {
    effects = []
    phase =
      next(event, conditions)
      ?? .ended(
        RepairResult(state.hasActed ? .unknown : .failed, .unexpected, "no answer to what was asked for: \(event)"))
    return effects
  }

  /// What is to be done now.
  func action(_ conditions: RepairConditions) -> RepairAction {
    switch phase {
    case .connecting: .connect
    case .inspecting: .inspect
    case .takingOver: .takeOver(state.folder)
    case .readingBoot: .readBoot
    case .checking: .check(base)
    case .staging(.tool, _): .stage(isForTool: true)
    case .staging(.services, _): .stage(isForTool: false)
    case .running(let run): .run(run.step)
    case .awaitingTurn(let run): .pause(run.wait)
    case .reopening: .reopen
    case .recordingReboot(let run, let result): .intendReboot(run.step, result.meaning(at: run.step))
    case .confirming, .reviving: .inspectAll
    case .awaitingRemoval: .inspectRemains
    case .startingServices(let names, _): .start(names)
    case .settling where policy.installs: .inspectAll
    case .settling(let settling):
      .inspectChanges(settling.base, isWhole: settling.now(conditions) >= settling.until)
    case .pausing(let duration, _): .pause(duration)
    case .ended(let result): .end(result)
    }
  }

  /// Nil for an event that is no answer to the phase's action.
  private mutating func next(_ event: RepairEvent, _ now: RepairConditions) -> RepairPhase? {
    switch (phase, event) {
    case (.ended, _): nil
    case (_, .gaveUp(let result)): end(early: result, now)
    case (.connecting(let entry), .done): .inspecting(entry, tries: 0)
    case (.connecting, .failed(let error)): end(early: unknownIfActed(RepairResult(connecting: error)), now)
    case (.inspecting(.anew, _), .inspected(let facts)): inspected(facts, now)
    case (.inspecting(.resumed, _), .inspected(let facts)): inspectedAgain(facts, now)
    case (.inspecting(let entry, let tries), .failed(let error)):
      again(tries, error, now) { .inspecting(entry, tries: $0) }
        ?? end(early: unknownIfActed(RepairResult(working: error)), now)
    case (.takingOver(let facts), .done): takenOver(facts, now)
    case (.takingOver, .held(let holder)):
      // Something of ours is still there: whoever resumes takes it up again.
      end(
        early: unknownIfActed(
          RepairResult(.notAttempted, .busy, "\(holder) works on this endpoint; resume when it has ended")), now)
    case (.takingOver, .failed(let error)):
      end(early: unknownIfActed(RepairResult(working: error, staging: true)), now)
    case (.readingBoot(let question), .boot(let mark)): booted(question, mark, now)
    case (.checking, .done):
      now.cutsIdle ? end(RepairResult(.notAttempted, .interrupted)) : .staging(.tool, tries: 0)
    case (.checking, .failed(let error)): end(early: RepairResult(working: error), now)
    case (.staging(.tool, _), .done): policy.installs ? .readingBoot(.beforeTool) : run(.install, now)
    case (.staging(.services(let text), _), .done): bringUp(text, now)
    case (.staging, .held(let holder)):
      end(early: RepairResult(.refused, .busy, "\(holder) works on this endpoint; try again when it has ended"), now)
    case (.staging(let purpose, let tries), .failed(let error)):
      again(tries, error, now) { .staging(purpose, tries: $0) }
        ?? end(early: RepairResult(working: error, staging: true), now)
    case (.running(let run), _): answered(run, event, now)
    case (.awaitingTurn(let run), .done): givenUp(run, now) ?? .reopening(until: nil, for: .tool(run.afterWait))
    case (.reopening(_, .tool(let run)), .done): givenUp(run, now) ?? .running(run)
    case (.reopening(_, .files), .done): .staging(.tool, tries: 0)
    case (.reopening(let until, let need), .failed(let error)): notReopened(until, need, error, now)
    case (.recordingReboot(let run, let result), .done): rebootRecorded(run, result, now)
    case (.confirming(let result), .inspected(let facts)): confirmed(result, facts, now)
    case (.confirming(let result), .failed): end(early: result, now)
    case (.awaitingRemoval(let removal), .remains(let remains)): seen(remains, removal, now)
    case (.awaitingRemoval(let removal), .failed(let error)):
      pause(.begun(until: removal.until), error, now, then: .awaitingRemoval(removal)) ?? end(early: lost(error), now)
    case (.reviving(let revival), .inspected(let facts)): inspected(revival, facts, now)
    case (.reviving(let revival), .failed): notInspected(revival, now)
    case (.startingServices(_, let start), .done): started(start, now)
    case (.pausing(_, let then), .done): then
    case (.settling(let settling), .inspected(let facts)): inspected(settling, facts, now)
    case (.settling(let settling), .failed(let error)): judge(settling, error, now)
    default: nil
    }
  }

  // MARK: - What goes with a transition

  /// `base`: what the agent was before anything was done.
  mutating func begin(with facts: AgentFacts, as base: AgentFacts, _ now: RepairConditions) {
    self.base = base
    evidence.seen = ProofLook(at: now.now, facts)
  }

  mutating func note(_ step: RepairStep) {
    state.apply(step)
    effects.append(.note(step))
  }

  mutating func effect(_ effect: RepairEffect) { effects.append(effect) }

  /// A step that the driver has written to the journal.
  mutating func record(_ step: RepairStep) { state.apply(step) }

  /// What was begun has left the endpoint as it was: it is repaired anew, as if nothing had begun.
  mutating func beginAnew() -> RepairPhase {
    evidence.forget()
    state.beginAnew()
    return .connecting(.anew)
  }

  /// The end, as what was done so far lets it be told.
  func end(_ result: RepairResult) -> RepairPhase {
    guard evidence.isRebootUnknown, [.failed, .unproved].contains(result.outcome) else { return .ended(result) }
    return .ended(
      RepairResult(
        .rebootRequired, .reboot,
        "it can't be told whether it was rebooted, and it is not repaired: \(result.detail ?? "")"))
  }

  /// The end of a repair that could not go on. What an interrupt or the end of the run cut before anything was begun is
  /// as if its turn had not come.
  func end(early result: RepairResult, _ now: RepairConditions) -> RepairPhase {
    if state.hasActed {
      // Whatever forbids to go on now, what was begun is left there.
      let isSaid = ![.refused, .notAttempted, .unreachable].contains(result.outcome)
      return end(isSaid ? result : RepairResult(.unknown, result.cause, "\(begun): \(result.detail ?? "")"))
    }
    if now.cutsIdle, result.cause == .dropped { return .ended(RepairResult(.notAttempted, .interrupted)) }
    if now.isShutOut {
      return .ended(RepairResult(.notAttempted, now.stop == .interrupted ? .interrupted : .runStopped))
    }
    return end(result)
  }

  /// Something may have been done there, and nobody could look: still not known.
  func unknownIfActed(_ result: RepairResult) -> RepairResult {
    if !state.hasActed { return result }
    if result.outcome == .notAttempted { return RepairResult(.unknown, result.cause, result.detail) }
    let what =
      switch state.progress {
      case .removed, .installerStarted: "the agent had been removed"
      case .uninstallerStarted: "the uninstaller had been started"
      case .toolStarted, .untouched: "the tool had been started"
      }
    return RepairResult(
      .unknown, result.cause, "\(what) when the run broke off; \(result.detail ?? "not looked at")")
  }

  /// The endpoint is out of reach in the middle of it: `resume` looks first.
  func lost(_ error: RemoteError) -> RepairResult {
    let why = error.isTransient ? "the endpoint is out of reach" : "nothing more can be done there"
    return RepairResult(.unknown, Cause(error), "\(begun), and \(why): \(error.message)")
  }

  private var begun: String {
    switch state.progress {
    case .untouched, .toolStarted: "the installer had been started"
    case .uninstallerStarted: "the uninstaller had been started"
    case .removed, .installerStarted: "the agent was removed, and the new one is not installed yet"
    }
  }

  // MARK: - Repetition

  private mutating func again(
    _ tries: Int, _ error: RemoteError, _ now: RepairConditions, _ then: (Int) -> RepairPhase
  ) -> RepairPhase? {
    effect(.close)
    guard let pause = RetryPolicy.untouched(policy.options).pause(after: tries, error, now) else { return nil }
    effect(.countRetry)
    return .pausing(pause, then: then(tries + 1))
  }

  mutating func pause(
    _ retry: RetryPolicy, _ error: RemoteError, _ now: RepairConditions, then: RepairPhase
  ) -> RepairPhase? {
    guard let pause = retry.pause(after: 0, error, now) else { return nil }
    effect(.close)
    return .pausing(pause, then: then)
  }

  private mutating func notReopened(
    _ until: Duration?, _ need: RepairPhase.Need, _ error: RemoteError, _ now: RepairConditions
  ) -> RepairPhase {
    let until = until ?? now.now + .seconds(policy.options.settleSeconds)
    guard let pause = pause(.begun(until: until), error, now, then: .reopening(until: until, for: need)) else {
      return end(early: lost(error), now)
    }
    effect(.countRetry)
    return pause
  }
}
