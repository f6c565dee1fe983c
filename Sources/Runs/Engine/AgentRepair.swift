import ApexOne
import Remote

/// The repair of one agent, from the first connection to its one outcome.
///
/// planned → looked → staged → executing → settling → proving → outcome. The intent of each step that touches the
/// endpoint is durable in the journal before the step.
final class AgentRepair {
  struct Ended: Sendable {
    var result: AgentResult
    /// It was protected at the look and is not at the end.
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

  /// How far the removal of the agent came.
  enum Removal { case none, begun, done }

  let engine: RunEngine
  let position: Int
  let wave: RunWave
  let name: String
  let connection: EndpointConnection
  /// Windows' own folder there, as the last look found it.
  var systemRoot: WindowsPath?
  /// The look before anything was done.
  var before: AgentFacts?
  /// The looks since the tool was started.
  var looks: [ProofLook] = [] {
    didSet { if let last = looks.last { see(last.facts, before: engine.clock.now - last.at) } }
  }
  /// What was seen last, whatever for.
  private var seen: Inspection?
  /// Its names could be read at no look.
  private var isMachineNotNamed = false
  /// The tool's end, where it was seen.
  var toolResult: CommandResult?
  var lock: EndpointLock?
  /// Taking the lock broke off: the folder may have been made.
  var lockBrokeOff = false
  var staging: Staging?
  /// Something of ours that could not be removed.
  var leftovers: [String] = []
  /// What the site knows its tools' ends to mean, in the order of the ends.
  var learned: [String] = []

  init(engine: RunEngine, position: Int, in wave: RunWave) {
    self.engine = engine
    self.wave = wave
    self.position = position
    name = engine.plan.agents[position].name
    connection = EndpointConnection(engine: engine, position: position)
  }

  var options: RunOptions { engine.plan.options }

  /// Runs to the end. The caller has taken a slot for it; it is given back.
  func run() async -> Ended {
    let started = engine.clock.now
    var ending: Ending
    do {
      // A look changes nothing: its intent needn't be durable before it, only before what follows.
      engine.journal.post(begun: position, in: wave, run: engine.run, at: engine.clock.date)
      if let trace = engine.traces[position] {
        ending = try await recover(trace)
      } else {
        ending = try await repair()
      }
    } catch let error as Ending {
      ending = wasInterrupted(error) ? Ending(.notAttempted, .interrupted) : wasShutOut ?? error
    } catch {
      ending = Ending(.failed, .unexpected, "\(error)")
    }
    engine.controls.seen(position)
    await cleanUp()
    if lockBrokeOff, lock == nil, let root = systemRoot {
      leftBehind("perhaps \(root.appending(EndpointLock.folderName))")
    }
    await connection.close()
    engine.slots.release()
    return account(ending, seconds: (engine.clock.now - started).seconds)
  }

  /// It was a second ^C that cut the connection, before anything was executed: as if its turn had not come.
  private func wasInterrupted(_ ending: Ending) -> Bool {
    engine.controls.cutsIdle && !hasActed && ending.cause == .dropped
  }

  /// The password was refused elsewhere, or the run was over, when this endpoint was to be connected to, before anything
  /// was executed.
  private var wasShutOut: Ending? {
    guard connection.isShutOut, !hasActed else { return nil }
    return Ending(.notAttempted, engine.stopReason == .interrupted ? .interrupted : .runStopped)
  }

  private func account(_ ending: Ending, seconds: Double) -> Ended {
    let protected = protection
    // Whoever went well says nothing that comes from there.
    var detail = ending.outcome.isGood ? ending.detail : ending.detail.map { engine.screen.shown($0) }
    if isMachineNotNamed { detail = (detail.map { $0 + "; " } ?? "") + LookVerdict.machineNotNamed }
    if let meaning = learned.last { detail = (detail.map { $0 + "; " } ?? "") + "tool-results: " + meaning }
    if !leftovers.isEmpty {
      detail = (detail.map { $0 + "; " } ?? "") + "left behind: " + leftovers.joined(separator: ", ")
    }
    let result = AgentResult(
      position: position, name: name, outcome: ending.outcome, cause: ending.cause, protected: protected,
      detail: detail, attempts: connection.attempts, seconds: (seconds * 10).rounded() / 10)
    var ended = Ended(result: result, lostProtection: before?.isProtected == true && protected == false)
    ended.hasActed = hasActed || hasBegun
    if removal == .done, [.failed, .denied, .unknown].contains(ending.outcome) {
      ended.failedAfterRemoval = looks.last?.facts.isInstalled ?? false
    }
    ended.seen = seen
    ended.isDoubtful = hasActed && protected == nil && looks.last?.facts.isInstalled != false
    return ended
  }

  /// Keeps what was seen at the endpoint, some time ago or now.
  func see(_ facts: AgentFacts, before age: Duration = .zero) {
    seen = Inspection(facts, at: engine.clock.date - age.seconds, by: .run(engine.run))
  }

  /// The end of an agent under whose name another machine answers, of which nothing may be taken for the agent's.
  func refuseOtherMachine(_ facts: AgentFacts) -> Ending? {
    isMachineNotNamed = facts.machine.match(name, or: engine.work.expectations.otherMachines) == .notRead
    guard case .refuse(let cause, let text)? = LookVerdict.machine(facts.machine, name, engine.work.expectations) else {
      return nil
    }
    note(.otherMachine(text))
    return Ending(.refused, cause, text)
  }

  /// After something was done, only what was seen since then counts as known. An agent that was removed is gone until
  /// another is seen.
  private var protection: Bool? {
    let last = looks.last?.facts
    switch removal {
    case .none: return hasExecuted && looks.isEmpty ? nil : (last ?? before)?.isProtected
    case .begun: return last.flatMap { $0.isInstalled ? $0.isProtected : false }
    case .done: return last?.isProtected ?? false
    }
  }

  /// An uninstaller was started, also where it turned out to have done nothing.
  var hasBegun = false
  var hasExecuted = false
  var removal = Removal.none
  /// A tool or an uninstaller was started, so the endpoint may be another than the look found.
  var hasActed: Bool { hasExecuted || removal != .none }
  /// A reboot was asked for, and whether it was done can't be told.
  var isRebootUnknown = false
  /// The tool's connection ended before the tool was seen to end, and why: dropped, or its time was up.
  var cut: Cause?

  // MARK: - The way

  func repair() async throws -> Ending {
    try await connect()
    let before = try await look()
    if let ending = refuseOtherMachine(before) { return ending }
    self.before = before
    see(before)
    note(.looked(before))
    switch LookVerdict(before, engine.work.expectations) {
    case .refuse(let cause, let text): return Ending(.refused, cause, text)
    case .alreadyMatching(let text) where before.isProtected == false: return try await bringUpMatching(before, text)
    case .alreadyMatching(let text): return Ending(.alreadyMatching, .listStale, text)
    case .proceed: break
    }
    try await checkCarriage(before)
    if engine.controls.cutsIdle { return Ending(.notAttempted, .interrupted) }
    let folder = try await stage(before)
    guard engine.work.installs else {
      try await execute(try command(before, in: folder))
      return await settle(before)
    }
    await markBoot()
    try await remove(before)
    return try await install(before, in: folder)
  }

  func connect() async throws(Ending) {
    do {
      try await connection.openPatiently()
    } catch {
      throw Ending(connecting: error)
    }
  }

  /// The look before touching; tried again where the connection failed.
  func look() async throws -> AgentFacts {
    var tries = 0
    while true {
      do {
        if connection.host == nil { try await connection.openPatiently() }
        let findings = try await connection.within(options.copySeconds, "looking") { host throws(RemoteError) in
          try await EndpointLook.findings(host, against: self.engine.readings)
        }
        systemRoot = findings.systemRoot
        return findings.facts
      } catch {
        await connection.close()
        guard tries < options.retries, EndpointConnection.mayPass(error), !engine.isStopped else {
          throw Ending(working: error)
        }
        tries += 1
        connection.countRetry()
        await connection.backOff(after: tries)
      }
    }
  }

  // MARK: - Journal

  /// The intent is on disk when this returns; without it nothing is touched.
  func intend(_ step: RepairStep) async throws(Ending) {
    do {
      try await engine.journal.intend(
        step, run: engine.run, position: position, at: engine.clock.date, meanwhile: engine.clock.write)
    } catch {
      engine.stop(.journal(error))
      throw Ending(hasActed ? .unknown : .notAttempted, .journal, "\(error)")
    }
  }

  func note(_ step: RepairStep) {
    engine.journal.note(step, run: engine.run, position: position, at: engine.clock.date)
  }
}
