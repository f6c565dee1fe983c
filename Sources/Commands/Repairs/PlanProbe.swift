import ApexOne
import Remote
import Runs
import Synchronization

/// `--probe`: looks at the endpoints of a plan, changing nothing, and says what a run would refuse or skip.
struct PlanProbe: Sendable {
  private let plan: Plan
  private let work: RepairWork
  private let connector: any HostConnector
  private let place: ServerPlace
  private let invocation: Invocation

  init(
    _ plan: Plan, _ work: RepairWork, _ connector: any HostConnector, _ place: ServerPlace, _ invocation: Invocation
  ) {
    self.plan = plan
    self.work = work
    self.connector = connector
    self.place = place
    self.invocation = invocation
  }

  /// What the looks found.
  struct Outcome: Sendable {
    /// By agent's name: why it would not be repaired.
    var refusals: [String: Refusal]
    /// The password was refused, in these words: the others were not looked at.
    var passwordRefusal: String?

    /// Throws 77 where the password was refused; to be called when all was said that was found.
    func throwIfRefused() throws {
      guard let passwordRefusal else { return }
      throw CommandError(
        .refused,
        "\(OutputText.visible(passwordRefusal)); the looks stopped, so that the account is not locked: set password, then "
          + "look again; nothing was changed")
    }
  }

  func run() async throws -> Outcome {
    let findings = Findings()
    let look = GatedLook(
      connector: connector,
      gate: try await invocation.logonGate(
        place, for: connector, atOnce: plan.options.logonsInFlight ?? LogonGate.usualAtOnce),
      clock: place.clock,
      readings: CertificateReadings(against: work.certificate), connectLimit: .seconds(plan.options.connectSeconds),
      workLimit: .seconds(plan.options.copySeconds),
      notes: InspectionNotes(
        journal: try invocation.journal(of: place), server: place.identity, command: "\(plan.remedy.rawValue) --probe",
        clock: place.clock,
        otherMachines: work.expectations.otherMachines, unkept: invocation.unkept))
    await SlotPool.sweep(
      plan.agents.filter { $0.refusal == nil }, atOnce: plan.options.parallel, on: place.clock,
      while: { look.gate.refusal == nil }
    ) { _, agent in
      let count = findings.add(agent.name, await self.look(agent, look, findings))
      invocation.console.progress(
        ProgressSnapshot(label: "looking", done: count, total: plan.count, elapsed: place.clock.now))
    }
    invocation.console.progress(nil)
    await look.notes.flush(invocation.console)
    try Task.checkCancellation()
    let notNamed = plan.agents.map(\.name).filter(findings.isNotNamed).compactMap { AgentName($0) }
    if !notNamed.isEmpty {
      invocation.console.note("\(NameFolding.fold(notNamed)): \(LookVerdict.machineNotNamed)")
    }
    var outcome = Outcome(refusals: findings.refusals, passwordRefusal: look.gate.refusal)
    if let refusal = outcome.passwordRefusal {
      // Whoever's turn had not come was not looked at, and a dry run must not say that it would be repaired.
      for agent in plan.agents where agent.refusal == nil && !findings.hasLooked(agent.name) {
        outcome.refusals[agent.name] = Refusal(.logonRefused, "not looked at: \(refusal)")
      }
    }
    return outcome
  }

  private final class Findings: Sendable {
    private let state = Mutex((refusals: [String: Refusal](), looked: Set<String>(), notNamed: Set<String>()))
    var refusals: [String: Refusal] { state.withLock { $0.refusals } }

    func hasLooked(_ name: String) -> Bool { state.withLock { $0.looked.contains(name) } }

    func isNotNamed(_ name: String) -> Bool { state.withLock { $0.notNamed.contains(name) } }
    func addNotNamed(_ name: String) { state.withLock { _ = $0.notNamed.insert(name) } }

    /// Returns how many were looked at.
    func add(_ name: String, _ refusal: Refusal?) -> Int {
      state.withLock { state in
        if let refusal { state.refusals[name] = refusal }
        state.looked.insert(name)
        return state.looked.count
      }
    }
  }

  private func look(_ agent: PlannedAgent, _ look: GatedLook, _ findings: Findings) async -> Refusal? {
    do throws(RemoteError) {
      let verdict = try await look.look(at: Endpoint(name: agent.name, address: agent.address)) {
        facts, host throws(RemoteError) in
        if LookVerdict.isNotNamed(facts.machine, agent.name, work.expectations) { findings.addNotNamed(agent.name) }
        return try await judge(agent, facts, host)
      }
      switch verdict {
      case nil: return Refusal(.logonRefused, "not looked at: \(look.gate.refusal ?? "the password was refused")")
      // Where services are stopped beside the right certificate there is something to do all the same.
      case .proceed, .matchingUnprotected: return nil
      case .alreadyMatching(let text): return Refusal(.listStale, text)
      case .refuse(let cause, let text): return Refusal(cause, text)
      }
    } catch {
      return Refusal(Cause(error), error.message)
    }
  }

  private func judge(
    _ agent: PlannedAgent, _ facts: AgentFacts, _ host: any Host
  ) async throws(RemoteError) -> LookVerdict {
    let verdict = LookVerdict(facts, work.expectations, of: agent.name)
    switch verdict {
    case .proceed, .matchingUnprotected: try await work.checkCarriage(facts, to: host)
    case .alreadyMatching, .refuse: break
    }
    return verdict
  }
}
