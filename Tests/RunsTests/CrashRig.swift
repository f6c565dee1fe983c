import Lab
import Remote
import Synchronization

@testable import Runs

/// The end of a process in the middle of a run, as endpoints and disk see it: every connection ends at once, nothing
/// more reaches the journal, and nothing can be connected to any more.
final class MortalConnector: ForwardingConnector {
  let base: any HostConnector
  private let state = Mutex((isDead: false, hosts: [any Remote.Host]()))

  init(_ base: any HostConnector) { self.base = base }

  func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
    try checkLife(endpoint)
    let host = try await base.connect(to: endpoint, within: limit)
    state.withLock { $0.hosts.append(host) }
    do { try checkLife(endpoint) } catch {
      host.abort()
      throw error
    }
    return host
  }

  func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {
    try checkLife(endpoint)
    try await base.probe(endpoint, within: limit)
  }

  private func checkLife(_ endpoint: Endpoint) throws(RemoteError) {
    if state.withLock({ $0.isDead }) { throw RemoteError(.dropped, "\(endpoint.name): nobody is there any more") }
  }

  func die(with journal: Journal) {
    journal.perish()
    let hosts = state.withLock { state in
      state.isDead = true
      return state.hosts
    }
    for host in hosts { host.abort() }
  }
}

extension EngineRig {
  /// What became of a run that may have been killed.
  struct Leg {
    var run: Int
    var end: RunEnd
    /// The journal as the next process finds it.
    var journal: Journal
    /// Virtual seconds since the lab began.
    var at: Double
  }

  /// One process's share of a run, as below, with pauses and throttles that follow from `random`.
  func leg(of run: Int? = nil, dyingAfter seconds: Double?, _ random: inout Seeded) async throws -> Leg {
    let controls = RunControls()
    controls.disturb(&random, on: fleet.clock)
    return try await leg(of: run, dyingAfter: seconds, controls)
  }

  /// Begins a run, or carries on run `run`; dies after `seconds` of the lab's time, if at all.
  ///
  /// `ended`: called with each agent's end, the run's controls, and what makes the process die.
  func leg(
    of run: Int? = nil, names: [String]? = nil, dyingAfter seconds: Double? = nil,
    _ controls: RunControls = RunControls(),
    ended: @escaping @Sendable (AgentResult, RunControls, _ die: @Sendable () -> Void) -> Void = { _, _, _ in }
  ) async throws -> Leg {
    let journal = try Journal(path: journal.path)
    let connector = MortalConnector(connector ?? fleet.connector)
    let (plan, work) = try await plan(names, connector: connector)
    let progress: RunProgress
    let number: Int
    if let run {
      progress = try journal.reopenRun(run)
      number = run
    } else {
      progress = RunProgress()
      number = try journal.beginRun(plan, confirmed: "\(plan.count)", parent: nil, at: fleet.clock.date)
    }
    let engine = RunEngine(
      plan: plan, work: work, connector: connector, journal: journal, run: number, clock: fleet.clock,
      controls: controls, gate: LogonGate(), progress: progress,
      reports: RunReports(
        ended: { ended($0, controls, { connector.die(with: journal) }) }, durable: { _ in }))
    let timer = seconds.map { seconds in
      fleet.clock.schedule(after: .seconds(seconds)) { connector.die(with: journal) }
    }
    let end = await engine.execute()
    timer?.cancel()
    return Leg(run: number, end: end, journal: try Journal(path: journal.path), at: fleet.clock.now.seconds)
  }
}
