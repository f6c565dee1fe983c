import ApexOne
import Remote

// What the machine asks for, done on the connection.
extension AgentRepair {
  /// Throws `RemoteError` where it failed, `RepairResult` where it can't be begun.
  func perform(_ action: RepairAction) async throws -> RepairEvent {
    switch action {
    case .connect:
      try await connection.openPatiently()
      if engine.traces[position] != nil { connection.mustCleanUp = true }
    case .inspect: return .inspected(try await inspect())
    case .takeOver(let folder):
      if let holder = try await takeOver(folder) { return .held(by: holder) }
    case .readBoot:
      return .boot(try? await looking { host throws(RemoteError) in try await EndpointLook.bootMark(host) })
    case .check(let facts): try await checkCarriage(facts)
    case .stage(let isForTool):
      if let holder = try await stage(isForTool: isForTool) { return .held(by: holder) }
    case .run(let step): return try await execute(step)
    case .reopen: try await reopen()
    case .intendReboot(let step, let meaning): try await intend(.reboot(step, meaning))
    case .inspectRemains:
      let folder = machine.base.applicationPath
      return .remains(
        try await later { host throws(RemoteError) in try await EndpointLook.remains(host, folder: folder) })
    case .inspectAll:
      let readings = engine.readings
      return .inspected(
        try await inspectLater { host throws(RemoteError) in try await EndpointLook.facts(host, against: readings) })
    case .inspectChanges(let base, let isWhole): return .inspected(try await inspectChanges(base, isWhole))
    case .start(let names): await start(names)
    case .pause(let duration): await connection.rest(duration)
    case .end: break
    }
    return .done
  }

  func looking<T: Sendable>(
    recognises: Bool = false, _ work: (any Host) async throws(RemoteError) -> T
  ) async throws(RemoteError) -> T {
    try await connection.within(options.copySeconds, "looking", recognises: recognises, work)
  }

  /// The inspection before touching.
  private func inspect() async throws(RemoteError) -> AgentFacts {
    if connection.host == nil { try await connection.openPatiently() }
    let readings = engine.readings
    let findings = try await looking(recognises: true) { host throws(RemoteError) in
      try await EndpointLook.findings(host, against: readings)
    }
    connection.begin(with: findings.facts.machine)
    systemRoot = findings.systemRoot
    return findings.facts
  }

  private func reopen() async throws(RemoteError) {
    try await connection.open()
    await refreshLock()
  }

  /// Looks after something was done, on the open connection or a new one.
  private func later<T: Sendable>(
    _ work: (any Host) async throws(RemoteError) -> T
  ) async throws(RemoteError) -> T {
    try await connection.open()
    let found = try await looking(work)
    await refreshLock()
    return found
  }

  /// The same, for what tells the machine's names itself.
  private func inspectLater(
    _ work: (any Host) async throws(RemoteError) -> AgentFacts
  ) async throws(RemoteError) -> AgentFacts {
    try await connection.open()
    let facts = try await looking(recognises: true, work)
    try connection.recognise(facts.machine)
    await refreshLock()
    return facts
  }

  /// Services and certificate. Until the required services run, the certificate is read only where `isWhole`: it may still
  /// be replaced, and reading it starts one more program there.
  private func inspectChanges(_ base: AgentFacts, _ isWhole: Bool) async throws(RemoteError) -> AgentFacts {
    let (readings, policy) = (engine.readings, engine.policy)
    // Opened here, so that it is known whether its names are wanted.
    try await connection.open()
    let unrecognised = connection.unrecognised
    return try await inspectLater { host throws(RemoteError) in
      let (services, machine) = try await EndpointLook.services(
        host, base.servicesToWatch, besides: unrecognised ?? MachineNames())
      var facts = base.with(services)
      if unrecognised != nil { facts.machine = machine }
      (facts.certificate, facts.certificateSHA256) = (nil, nil)
      guard isWhole || policy.requiredRun(base, facts.services) else { return facts }
      if policy.expectations.changesPlace(of: base) { return try await EndpointLook.facts(host, against: readings) }
      let reading = try await EndpointLook.certificate(host, folder: base.applicationPath, against: readings)
      (facts.certificate, facts.certificateSHA256) = (reading?.verdict, reading?.sha256)
      return facts
    }
  }

  private func start(_ names: [String]) async {
    for name in names {
      do { try await intend(.startService(name)) } catch {
        // Where a tool was run, that is on disk already; nothing must stay down because no more can be written.
        guard machine.state.hasActed else { return }
      }
      do throws(RemoteError) {
        let output = try await connection.within(options.connectSeconds * 2, "starting \(name)") {
          host throws(RemoteError) in
          ServiceOutput(try await host.run(RemoteCommand("sc.exe", ["start", .plain(name)])))
        }
        note(.startedService(output.error.map { "\(name): error \($0)" } ?? name))
      } catch {
        return note(.startFailed("\(name): \(error.message)"))
      }
    }
  }
}
