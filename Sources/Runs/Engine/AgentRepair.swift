import ApexOne
import Remote

/// The repair of one agent, from the first connection to its one outcome: does on a connection what `RepairMachine` says,
/// and tells it what came of that. The intent of each step that touches the endpoint is durable in the journal before it.
final class AgentRepair {
  struct Ended: Sendable {
    var result: AgentResult
    /// It was protected at the inspection before anything was done, and is not at the end.
    var lostProtection: Bool
    /// Its agent was removed, and putting the new one there failed; does it have one?
    var failedAfterRemoval: Bool?
    /// What was seen last at its endpoint.
    var seen: Inspection?
    /// A tool was started there, and whether it is protected is not known.
    var isDoubtful = false
    /// A tool or an uninstaller was started, whatever came of it.
    var hasActed = false
  }

  let engine: RunEngine
  let position: Int
  let wave: RunWave
  let name: String
  let connection: EndpointConnection
  var machine: RepairMachine
  /// Windows' own folder there, as the last inspection found it.
  var systemRoot: WindowsPath?
  var lock: EndpointLock?
  /// Taking the lock broke off: the folder may have been made.
  var lockBrokeOff = false
  var staging: Staging?
  /// Something of ours that could not be removed.
  var leftovers: [String] = []

  init(engine: RunEngine, position: Int, in wave: RunWave) {
    self.engine = engine
    self.wave = wave
    self.position = position
    name = engine.plan.agents[position].name
    connection = EndpointConnection(engine: engine, position: position)
    machine = RepairMachine(engine.policy, of: name, from: engine.traces[position])
  }

  var options: RunOptions { engine.plan.options }

  var conditions: RepairConditions {
    RepairConditions(
      now: engine.clock.now, slotWait: connection.slotWait, interrupts: engine.controls.interrupts,
      stop: engine.stopReason, isShutOut: connection.isShutOut)
  }

  /// Runs to the end. The caller has taken a slot for it; it is given back.
  func run() async -> Ended {
    let started = engine.clock.now
    // An inspection changes nothing: its intent needn't be durable before it, only before what follows.
    engine.journal.post(begun: position, in: wave, run: engine.run, at: engine.clock.date)
    let result = await drive()
    engine.controls.seen(position)
    await cleanUp()
    if lockBrokeOff, lock == nil, let root = systemRoot {
      leftBehind("perhaps \(root.appending(EndpointLock.folderName))")
    }
    await connection.close()
    engine.slots.release()
    return account(result, seconds: (engine.clock.now - started).seconds)
  }

  private func drive() async -> RepairResult {
    while true {
      let action = machine.action(conditions)
      if case .end(let result) = action { return result }
      let event: RepairEvent
      do { event = try await perform(action) } catch let error as RemoteError {
        event = .failed(error)
      } catch {
        event = .gaveUp(error as? RepairResult ?? RepairResult(.failed, .unexpected, "\(error)"))
      }
      for effect in machine.take(event, conditions) { await carry(effect) }
    }
  }

  private func carry(_ effect: RepairEffect) async {
    switch effect {
    case .note(let step): engine.journal.note(step, run: engine.run, position: position, at: engine.clock.date)
    case .hold: connection.hold()
    case .release: connection.letGo()
    case .beginAnew: connection.beginAnew()
    case .close: await connection.close()
    case .countRetry: connection.countRetry()
    case .servicesRun: engine.controls.seen(position)
    }
  }

  private func account(_ ending: RepairResult, seconds: Double) -> Ended {
    let (state, evidence) = (machine.state, machine.evidence)
    let protected = evidence.protection(state)
    // Whoever went well says nothing that comes from there.
    let detail = ending.outcome.isGood ? ending.detail : ending.detail.map { engine.screen.shown($0) }
    let details = [
      detail, evidence.isMachineNotNamed ? LookVerdict.machineNotNamed : nil,
      evidence.learned.last.map { "tool-results: " + $0 },
      leftovers.isEmpty ? nil : "left behind: " + leftovers.joined(separator: ", "),
    ].compactMap(\.self)
    let result = AgentResult(
      position: position, name: name, outcome: ending.outcome, cause: ending.cause, protected: protected,
      detail: details.isEmpty ? nil : details.joined(separator: "; "), attempts: connection.attempts,
      seconds: (seconds * 10).rounded() / 10)
    var ended = Ended(result: result, lostProtection: state.before?.isProtected == true && protected == false)
    ended.hasActed = state.hasActed || evidence.hasBegun
    ended.failedAfterRemoval = evidence.hasAgentAfterRemoval(state, ending.outcome)
    ended.seen = evidence.seen.map { seen in
      Inspection(seen.facts, at: engine.clock.date - (engine.clock.now - seen.at).seconds, by: .run(engine.run))
    }
    ended.isDoubtful = evidence.isPossiblyUnprotected(state)
    return ended
  }

  // MARK: - Journal

  /// The intent is on disk when this returns; without it nothing is touched.
  func intend(_ step: RepairStep) async throws(RepairResult) {
    do {
      try await engine.journal.intend(
        step, run: engine.run, position: position, at: engine.clock.date, meanwhile: engine.clock.write)
    } catch {
      engine.stop(.journal(error))
      throw RepairResult(machine.state.hasActed ? .unknown : .notAttempted, .journal, "\(error)")
    }
    machine.record(step)
  }

  func note(_ step: RepairStep) {
    machine.record(step)
    engine.journal.note(step, run: engine.run, position: position, at: engine.clock.date)
  }
}
