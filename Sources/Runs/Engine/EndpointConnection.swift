import ApexOne
import Remote

/// One agent's connection, opened, cut and opened again as the repair needs it; always while holding a slot.
///
/// Used by one task at a time.
final class EndpointConnection {
  let engine: RunEngine
  let position: Int
  let endpoint: Endpoint
  private(set) var host: (any Host)?
  /// How often it was tried to get to work there: 1, and 1 more for each retry.
  private(set) var attempts = 0
  /// The password was refused elsewhere, or the run is over: it was not sent here.
  private(set) var isShutOut = false
  /// Something of ours is there, or was done there: it is logged on to again though the password was refused elsewhere.
  var mustCleanUp = false
  /// It was logged on here before: a logon that gets no answer says nothing of the password then.
  private var wasOpen = false
  /// What the machine called itself when it was inspected before anything was done; nil until then.
  private var machine: MachineNames?
  /// The machine at the open connection is the one that was inspected: it has not been opened again since, or has been
  /// asked for its names.
  private var isRecognised = false
  /// What the machine at the open connection must call itself; nil where that is known, or nothing was inspected yet.
  var unrecognised: MachineNames? { isRecognised ? nil : machine }
  /// How long its pauses took longer than they were to, since no slot was free.
  private(set) var slotWait = Duration.zero
  /// Something is under way there that must be brought to its end: a second ^C doesn't cut.
  private var isHeld = false
  /// How many interrupts end a pause. Once something was done there, as many as cut it.
  private var patience = RunControls.idleCut

  init(engine: RunEngine, position: Int) {
    self.engine = engine
    self.position = position
    let agent = engine.plan.agents[position]
    endpoint = Endpoint(name: agent.name, address: agent.address)
  }

  private var options: RunOptions { engine.plan.options }

  /// One try, through the logon gate. A refused password shuts the gate and stops the run.
  func open() async throws(RemoteError) { try await open(for: mustCleanUp ? .cleaningUp : .work) }

  private func open(for purpose: LogonGate.Purpose) async throws(RemoteError) {
    guard host == nil else { return }
    guard !engine.controls.cutsAll else { throw interrupted }
    let opened: (any Host)?
    do {
      let withdrawn = withdrawal(of: purpose)
      let last = purpose == .work ? patience : RunControls.fullCut
      opened = try await engine.controls.opening(position, until: last) {
        [engine, endpoint, withdrawn, limit = Duration.seconds(options.connectSeconds)]
        () async throws(RemoteError) -> (any Host)? in
        try await engine.gate.logOn(
          to: endpoint, by: engine.connector, within: limit, for: purpose, on: engine.clock, unless: withdrawn)
      }
    } catch {
      attempts = max(attempts, 1)
      if let refusal = engine.gate.refusal { engine.stop(.logonRefused(refusal)) }
      throw wasOpen ? EndpointConnection.afterLogon(error, for: purpose) : error
    }
    guard let opened else {
      isShutOut = true
      if withdrawal(of: purpose)() { throw interrupted }
      let refusal = engine.gate.refusal ?? "the password was refused"
      engine.stop(.logonRefused(refusal))
      throw RemoteError(.logonRefused, refusal, credential: .password)
    }
    attempts = max(attempts, 1)
    wasOpen = true
    host = opened
    isRecognised = false
    engine.controls.opened(position, opened)
    if isHeld { engine.controls.executing(position, endpoint.name) }
  }

  /// Nothing more is to be sent: the run's interrupts cut what is under way there, or the run has ended before its first
  /// logon. What an earlier leg left half done is seen to anyhow.
  private func withdrawal(of purpose: LogonGate.Purpose) -> @Sendable () -> Bool {
    let patience = purpose == .cleaningUp ? RunControls.fullCut : patience
    let needsRun = !wasOpen && purpose == .work && engine.traces[position] == nil
    return { [engine] in engine.controls.interrupts >= patience || needsRun && engine.isStopped }
  }

  /// Where the endpoint took the same logon before, a failing one is a connection that failed: a key that was taken is
  /// not unknown now. A password that gets no answer may be refused since; what was begun there is seen to once more, as
  /// far as the gate gives leave.
  private static func afterLogon(_ error: RemoteError, for purpose: LogonGate.Purpose) -> RemoteError {
    switch (error.kind, error.credential) {
    case (.logonRefused, nil), (.logonRefused, .password): error
    case (.logonRefused, _): RemoteError(.dropped, error.message)
    case (_, .password) where purpose != .cleaningUp: error
    default: RemoteError(error.kind, error.message)
    }
  }

  /// Tries again after a pause, without the slot, what may pass by itself: for work that has changed nothing yet.
  func openPatiently() async throws(RemoteError) {
    var tries = 0
    while true {
      do {
        return try await open(for: .work)
      } catch {
        let conditions = RepairConditions(now: engine.clock.now, stop: engine.stopReason)
        guard let pause = RetryPolicy.untouched(options).pause(after: tries, error, conditions) else { throw error }
        tries += 1
        attempts += 1
        await self.pause(pause)
        if engine.controls.interrupts >= patience { throw interrupted }
      }
    }
  }

  /// As if the connection had been cut where it stood.
  private var interrupted: RemoteError { RemoteError(.dropped, "\(endpoint.name): interrupted") }

  func countRetry() { attempts += 1 }

  func hold() {
    isHeld = true
    patience = RunControls.fullCut
    engine.controls.executing(position, endpoint.name)
  }

  /// The same before anything was executed there: false where a second ^C was quicker.
  func holdUnlessCut() -> Bool {
    guard engine.controls.mayExecute(position, endpoint.name) else { return false }
    hold()
    return true
  }

  /// What was under way is over: connections that are opened from now on can be cut.
  func letGo() { isHeld = false }

  /// What was begun there has turned out to have changed nothing: a pause can end as before it.
  func beginAnew() {
    isHeld = false
    patience = RunControls.idleCut
    engine.controls.seen(position)
  }

  /// Does `work` on the open connection; when `limit` is over, the connection is cut and `.timedOut` thrown.
  ///
  /// Another machine may answer than the one that was inspected, once the connection is opened again (a lease that moved,
  /// a clone): it is asked for its names first, unless the `work` itself reads them and calls `recognise`.
  func within<T: Sendable>(
    _ limit: Double, _ what: String, recognises: Bool = false, _ work: (any Host) async throws(RemoteError) -> T
  ) async throws(RemoteError) -> T {
    if let unrecognised, !recognises {
      try recognise(
        try await limited(limit, what) { host throws(RemoteError) in
          try await EndpointLook.machine(host, besides: unrecognised)
        })
    }
    return try await limited(limit, what, work)
  }

  /// This machine is repaired from now on.
  func begin(with machine: MachineNames) {
    self.machine = machine
    isRecognised = true
  }

  /// Throws where that is not the machine that was inspected, so that nothing more is done there and nothing is learned.
  func recognise(_ names: MachineNames) throws(RemoteError) {
    guard let machine = unrecognised, !names.mayBe(machine), names.match(endpoint.name) != .same else {
      isRecognised = true
      return
    }
    throw RemoteError(
      .unreachable,
      "\(endpoint.name): another machine answers there now: it calls itself \(names.text), and the one that was inspected "
        + "\(machine.text); nothing was done at it")
  }

  private func limited<T: Sendable>(
    _ limit: Double, _ what: String, _ work: (any Host) async throws(RemoteError) -> T
  ) async throws(RemoteError) -> T {
    guard let host else { throw RemoteError(.dropped, "\(endpoint.name): no connection") }
    let isOver = Flag()
    let timer = engine.clock.schedule(after: .seconds(limit)) {
      isOver.raise()
      host.abort()
    }
    defer { timer.cancel() }
    do {
      return try await work(host)
    } catch {
      throw isOver.isRaised
        ? RemoteError(.timedOut, "\(endpoint.name): \(what) took longer than \(Int(clamping: limit)) s") : error
    }
  }

  func close() async {
    guard let host else { return }
    self.host = nil
    engine.controls.closed(position)
    await host.close()
  }

  /// Cuts at once; what runs there is ended by Windows.
  func cut() {
    host?.abort()
  }

  /// Waits with neither connection nor slot; on a clock on which that is no wait, with both.
  func rest(_ duration: Duration) async {
    if engine.clock.isMoment(duration) {
      await engine.clock.pass(duration)
    } else {
      await close()
      await pause(duration)
    }
  }

  /// Waits with neither a connection's work nor a slot.
  func pause(_ duration: Duration) async {
    engine.slots.release()
    await engine.pauses.wait(duration, position, patience: patience)
    let asked = engine.clock.now
    await engine.slots.acquire(.begun)
    slotWait += engine.clock.now - asked
  }
}
