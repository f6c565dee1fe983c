import ApexOne
import Remote

@testable import Runs

/// Everything that the machine can come to, found by giving each machine that was come to every event under every kind of
/// conditions: no lab, no clock, no task.
struct MachineTable {
  struct Pair: Hashable {
    var phase: RepairPhase.Name
    var event: RepairEvent.Name
  }

  /// One transition, with the machines before and after it.
  struct Transition {
    var before: RepairMachine
    var event: RepairEvent
    var conditions: RepairConditions
    var effects: [RepairEffect]
    var after: RepairMachine
  }

  let method: RepairPolicy.Method
  /// What follows, by what it follows from; a pause is left out, and what comes after it stands in its place.
  private(set) var follows: [Pair: Set<RepairPhase.Name>] = [:]
  /// Pairs that end the repair as a fault of our own: no driver brings them about.
  private(set) var impossible: Set<Pair> = []
  private(set) var machines = 0
  /// What each phase asks for.
  private(set) var asks: [RepairPhase.Name: Set<String>] = [:]

  init(_ method: RepairPolicy.Method, visit: (Transition) -> Void = { _ in }) {
    self.method = method
    let policy = MachineSamples.policy(method)
    var open = MachineSamples.beginnings(policy).map { ($0, Duration.zero) }
    var known = Set(open.map { MachineTable.key($0.0) })
    while let (machine, time) = open.popLast() {
      machines += 1
      for conditions in MachineSamples.conditions(at: time) {
        asks[machine.phase.name, default: []].insert(machine.action(conditions).word)
        for event in MachineSamples.events(machine.base) {
          var next = machine
          let effects = next.take(event, conditions)
          let pair = Pair(phase: machine.phase.name, event: event.name)
          if case .ended(let result) = next.phase, result.cause == .unexpected {
            impossible.insert(pair)
            continue
          }
          follows[pair, default: []].insert(next.phase.afterPause)
          visit(Transition(before: machine, event: event, conditions: conditions, effects: effects, after: next))
          // The driver makes the intent durable when it does what is asked for, and the answer comes after it.
          next.recordIntent(conditions)
          if case .ended = next.phase { continue }
          if known.insert(MachineTable.key(next)).inserted { open.append((next, conditions.now)) }
        }
      }
    }
  }

  /// What tells two machines apart, whatever the time.
  private static func key(_ machine: RepairMachine) -> String {
    let (state, evidence) = (machine.state, machine.evidence)
    let last = evidence.last.map {
      "\($0.isInstalled) \($0.isProtected as Bool?) \($0.certificate as CertificateVerdict?)"
    }
    return [
      machine.phase.key, state.progress.rawValue, "\(state.before != nil)", state.reboot?.rawValue ?? "",
      "\(machine.base.isInstalled)", "\(evidence.cut as Cause?)", "\(evidence.result?.exitCode as UInt32?)",
      "\(min(evidence.inspections.count, 2))", last ?? "", "\(evidence.isRebootUnknown)",
    ].joined(separator: "|")
  }

  /// The method's column of the page: `phase`, `event`, what follows.
  func cell(_ pair: Pair) -> String {
    (follows[pair] ?? []).map(\.rawValue).sorted().joined(separator: ", ")
  }
}

extension RepairPhase {
  var afterPause: Name {
    if case .pausing(_, let then) = self { return then.name }
    return name
  }

  fileprivate var key: String {
    switch self {
    case .pausing(_, let then): "pausing " + then.key
    case .reopening(let until, .tool(let run)): "reopening \(until == nil) " + RepairPhase.running(run).key
    case .reopening(let until, .files): "reopening \(until == nil) files"
    case .connecting(let entry): "connecting \(entry)"
    case .inspecting(let entry, let tries): "inspecting \(entry) \(tries)"
    case .readingBoot(.beforeTool): "boot"
    case .readingBoot(.since(let step, let facts)): "boot since \(step) \(facts.isInstalled)"
    case .takingOver(let facts): "takingOver \(facts.isInstalled) \(facts.isProtected as Bool?)"
    case .staging(.tool, let tries): "staging tool \(tries)"
    case .staging(.services, let tries): "staging services \(tries)"
    case .running(let run), .awaitingTurn(let run), .recordingReboot(let run, _):
      "\(name) \(run.step) \(run.busy != nil) \(run.handOvers) \(run.isSecond)"
    case .awaitingRemoval(let removal): "awaitingRemoval \(removal.isResumed)"
    case .reviving(let revival): "reviving \(revival.removal.isResumed) \(revival.left as Int?) \(revival.hadStopped)"
    case .startingServices(_, .proof(let settling)): "starting for \(settling.key)"
    case .startingServices(_, .revival(let revival)): "starting for \(revival.removal.isResumed)"
    case .settling(let settling): settling.key
    case .startingServices, .checking, .confirming, .ended: "\(name)"
    }
  }
}

extension Settling {
  fileprivate var key: String {
    let what =
      switch purpose {
      case .tool(let run): "\(run.step) \(run.isSecond)"
      case .services: "services"
      case .resumed: "resumed"
      }
    return "settling \(what) \(starts) \(isRepeated) \(base.isInstalled)"
  }
}

extension RepairAction {
  /// `inspectChanges`
  var word: String { String("\(self)".prefix { $0 != "(" }) }
}

extension RepairMachine {
  /// The intent of the action that is asked for now, as the driver writes it.
  mutating func recordIntent(_ conditions: RepairConditions) {
    switch action(conditions) {
    case .stage(let isForTool): record(.stage(folder: isForTool ? WindowsPath(#"C:\Windows\apexsh-x"#) : nil))
    case .run(.install): record(.execute(command: "tool"))
    case .run(.uninstall): record(.uninstall(command: "uninstaller"))
    case .intendReboot(let step, let meaning): record(.reboot(step, meaning))
    default: break
    }
  }
}

/// One of each kind of what may come of an action, or hold of a run.
enum MachineSamples {
  static let expectations = LookExpectations(serverName: "apexone.contoso.local", httpPort: 8080)

  static func policy(_ method: RepairPolicy.Method) -> RepairPolicy {
    var own = expectations
    own.needsAgent = method == .transfer
    let expected = own
    var options = RunOptions()
    options.retries = 1
    return RepairPolicy(run: 7, options: options, expectations: expected, method: method) { before, looks, result in
      if method == .transfer { return TransferProof(before: before, looks: looks, expected: expected).decide() }
      return ReinstallProof(
        before: before, looks: looks, installer: result?.exitCode.map(InstallerResult.init(exitCode:)),
        expected: expected
      ).decide()
    }
  }

  static func agent(
    _ certificate: CertificateVerdict = .other, _ state: ServiceFact.State = .running, pid: UInt32 = 1,
    server: String = "apexone.contoso.local", host: String = "WS-001"
  ) -> AgentFacts {
    AgentFacts(
      isInstalled: true, server: server, httpPort: 8080, applicationPath: #"C:\Agent"#, architecture: .x64,
      services: ["tmlisten": ServiceFact(state, pid: pid), "ntrtscan": ServiceFact(state, pid: pid)],
      certificate: certificate, machine: MachineNames(host: host))
  }

  static let noAgent = AgentFacts(isInstalled: false, architecture: .x64, machine: MachineNames(host: "WS-001"))

  static let inspections: [AgentFacts] = [
    agent(), agent(.other, .stopped), agent(.equal), agent(.equal, pid: 2), agent(.equal, .stopped), noAgent,
    agent(server: "other.contoso.local"), agent(host: "WS-999"),
  ]

  static func events(_ base: AgentFacts) -> [RepairEvent] {
    let errors = [
      RemoteError(.dropped, "dropped"), RemoteError(.dropped, "dropped").beforeStart(),
      RemoteError(.accessDenied, "no rights"),
    ]
    var unread = agent(.equal, pid: 2)
    unread.certificate = nil
    return [.done, .held(by: "run 3"), .toolTimedOut, .gaveUp(RepairResult(.notAttempted, .interrupted))]
      + [nil, BootMark(shutdown: "1", processID: 1), BootMark(shutdown: "2", processID: 2)].map { .boot($0) }
      + errors.flatMap { [.failed($0), .toolBroken($0)] }
      + (inspections + [unread]).map { .inspected($0) }
      + [nil, 0, 1605, 1618, 3010].map { .toolEnded(CommandResult(exitCode: $0)) }
      + [
        AgentRemains(hasAgentKey: false, isListed: false, services: [], entries: 0),
        AgentRemains(hasAgentKey: false, isListed: false, services: [], entries: 2),
        AgentRemains(hasAgentKey: true, isListed: true, services: ["tmlisten"], entries: 9),
      ].map { .remains($0) }
  }

  /// At once, or when every time-out is over; with and without what interrupts or stops a run.
  static func conditions(at time: Duration) -> [RepairConditions] {
    let soon = RepairConditions(now: time + .seconds(20))
    var (late, cut, allCut, shut) = (soon, soon, soon, soon)
    late.now = time + .seconds(100_000)
    (cut.interrupts, cut.stop) = (RunControls.idleCut, .interrupted)
    (allCut.interrupts, allCut.stop) = (RunControls.fullCut, .interrupted)
    (shut.stop, shut.isShutOut) = (.logonRefused("refused"), true)
    return [soon, late, cut, allCut, shut]
  }

  /// An agent that begins, and what earlier attempts may have left.
  static func beginnings(_ policy: RepairPolicy) -> [RepairMachine] {
    let folder = WindowsPath(#"C:\Windows\apexsh-x"#)
    let tool: [RepairStep] = [.looked(agent()), .stage(folder: folder), .execute(command: nil)]
    var courses: [[RepairStep]] = [[.stage(folder: folder)], tool]
    if policy.installs {
      courses += [
        tool + [.executed("exit code 3010"), .reboot(.install, "asks")],
        [.looked(noAgent), .stage(folder: folder), .execute(command: nil)],
      ]
    }
    if policy.method == .reinstallAfterRemoval {
      let removal: [RepairStep] = [
        .looked(agent()), .stage(folder: folder), .boot(BootMark(shutdown: "1", processID: 1)),
        .uninstall(command: nil),
      ]
      courses += [
        removal, removal + [.reboot(.uninstall, "asks")], removal + [.removed(nil)],
        removal + [.removed(nil), .execute(command: nil)],
      ]
    }
    let resumed = courses.map { steps in
      var state = RepairState()
      for step in steps { state.apply(step) }
      return RepairMachine(policy, of: "WS-001", from: state)
    }
    return [RepairMachine(policy, of: "WS-001")] + resumed
  }
}
