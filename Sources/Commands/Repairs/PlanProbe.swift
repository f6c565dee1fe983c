import ApexOne
import Remote
import Runs
import Synchronization

/// `--probe`: looks at the endpoints of a plan, changing nothing, and says what a run would refuse or skip.
struct PlanProbe: Sendable {
  private let plan: Plan
  private let work: RepairWork
  private let readings: CertificateReadings
  private let connector: any HostConnector
  private let place: ServerPlace
  private let invocation: Invocation

  init(
    _ plan: Plan, _ work: RepairWork, _ connector: any HostConnector, _ place: ServerPlace, _ invocation: Invocation
  ) {
    self.plan = plan
    self.work = work
    readings = CertificateReadings(against: work.certificate)
    self.connector = connector
    self.place = place
    self.invocation = invocation
  }

  /// By agent's name: why it would not be repaired.
  func run() async -> [String: Refusal] {
    let findings = Findings()
    let gate = LogonGate(offersPassword: connector.offersPassword)
    let slots = SlotPool(limit: plan.options.parallel, clock: place.clock)
    place.clock.begin()
    await withTaskGroup(of: Void.self) { group in
      for agent in plan.agents where agent.refusal == nil {
        await slots.acquire(.new)
        if Task.isCancelled { break }
        place.clock.begin()
        group.addTask {
          let count = findings.add(agent.name, await look(agent, gate))
          invocation.console.progress(
            ProgressSnapshot(label: "looking", done: count, total: plan.count, elapsed: place.clock.now))
          slots.release()
          place.clock.end()
        }
      }
      place.clock.end()
    }
    invocation.console.progress(nil)
    if gate.refusal != nil { await invocation.secrets.forget(.password) }
    return findings.refusals
  }

  private final class Findings: Sendable {
    private let state = Mutex((refusals: [String: Refusal](), looked: 0))
    var refusals: [String: Refusal] { state.withLock { $0.refusals } }

    /// Returns how many were looked at.
    func add(_ name: String, _ refusal: Refusal?) -> Int {
      state.withLock { state in
        if let refusal { state.refusals[name] = refusal }
        state.looked += 1
        return state.looked
      }
    }
  }

  private func look(_ agent: PlannedAgent, _ gate: LogonGate) async -> Refusal? {
    guard let isAlone = await gate.enter(on: place.clock) else {
      return Refusal(.logonRefused, gate.refusal ?? "the password was refused")
    }
    do throws(RemoteError) {
      let endpoint = Endpoint(name: agent.name, address: agent.address)
      let host = try await connector.connect(to: endpoint, within: .seconds(plan.options.connectSeconds))
      if isAlone { gate.settle(.accepted) }
      let timer = place.clock.schedule(after: .seconds(plan.options.copySeconds)) { host.abort() }
      let verdict: Result<LookVerdict, RemoteError>
      do throws(RemoteError) { verdict = .success(try await look(host)) } catch { verdict = .failure(error) }
      timer.cancel()
      await host.close()
      switch try verdict.get() {
      case .proceed: return nil
      case .alreadyMatching(let text): return Refusal(.listStale, text)
      case .refuse(let cause, let text): return Refusal(cause, text)
      }
    } catch {
      if error.kind == .logonRefused, error.credential == .password {
        gate.settle(.refused(error.message))
      } else if isAlone {
        gate.settle(.inconclusive)
      }
      return Refusal(Cause(error), error.message)
    }
  }

  private func look(_ host: any Host) async throws(RemoteError) -> LookVerdict {
    let facts = try await EndpointLook.facts(host, against: readings)
    let verdict = LookVerdict(facts, work.expectations)
    if case .proceed = verdict { try await work.checkCarriage(facts, to: host) }
    return verdict
  }
}
