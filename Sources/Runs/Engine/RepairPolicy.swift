import ApexOne
import Remote

/// The rules of a run's repairs, each of them once, and what they need to know: no connection, no clock, no task.
struct RepairPolicy: Sendable {
  /// Between two inspections.
  static let interval = Duration.seconds(5)
  /// Between the two inspections that prove; a little more than the rule asks for.
  static let apart = Duration.seconds(16)
  static let longestBusyWait = Duration.seconds(60)
  /// How often services are started while one proof is waited for.
  static let mostStarts = 3
  /// How often a removed agent's remains are looked at after their services were started.
  static let revivals = 6

  let run: Int
  let options: RunOptions
  let expectations: LookExpectations
  let method: Method
  /// Judges the evidence: the inspection before, those since, the tool's end where it was seen.
  let decide: @Sendable (AgentFacts, [ProofLook], CommandResult?) -> ProofDecision
  var toolResults = ToolResults.none
  var screen = OutputScreen([])

  init(
    run: Int, options: RunOptions = RunOptions(), expectations: LookExpectations, method: Method,
    decide: @escaping @Sendable (AgentFacts, [ProofLook], CommandResult?) -> ProofDecision
  ) {
    (self.run, self.options, self.expectations, self.method, self.decide) = (run, options, expectations, method, decide)
  }

  init(_ work: RepairWork, _ options: RunOptions, run: Int, _ screen: OutputScreen) {
    self.init(
      run: run, options: options, expectations: work.expectations,
      method: !work.installs ? .transfer : work.removal == nil ? .reinstall : .reinstallAfterRemoval,
      decide: work.decide)
    (toolResults, self.screen) = (work.toolResults, screen)
  }

  /// The tables of the machine.
  enum Method: Sendable, Hashable, CaseIterable {
    case transfer
    /// An installer runs over the agent that is there.
    case reinstall
    /// The agent is removed before.
    case reinstallAfterRemoval
  }

  var installs: Bool { method != .transfer }

  /// The services that must run at the end: those that ran before, of an agent that stays; of a new one the required.
  func requiredServices(_ before: AgentFacts) -> [String] {
    before.isInstalled && !installs ? before.servicesToRestore : AgentService.required
  }

  func requiredRun(_ before: AgentFacts, _ now: ServiceFacts) -> Bool {
    requiredServices(before).allSatisfy { now[$0]?.state == .running }
  }

  /// The services that are started: required ones that are stopped, and ran before or belong to a new agent. One that is
  /// on its way up or down is left alone.
  func servicesToStart(_ before: AgentFacts, _ now: AgentFacts) -> [String] {
    requiredServices(before).filter { name in
      now[service: name]?.state == .stopped && (installs || before[service: name]?.state == .running)
    }
  }

  /// Nothing is lost when the connection of a tool whose time is up is closed now.
  static func isOver(_ step: InstallerStep, _ services: ServiceFacts?) -> Bool {
    func all(_ state: ServiceFact.State) -> Bool {
      services.map { facts in AgentService.required.allSatisfy { facts[$0]?.state == state } } ?? false
    }
    return all(.running) || step == .uninstall && all(.absent)
  }

  /// `isGood`: the required services run at the last inspection.
  ///
  /// `repaired` is final at once. A failure is, once the services were seen running on two inspections: the tool has
  /// ended and nothing will change by itself.
  func isFinal(_ decision: ProofDecision, isGood: Bool, _ before: AgentFacts, _ looks: [ProofLook]) -> Bool {
    switch decision.outcome {
    case .repaired, .rebootRequired: return true
    case .failed where decision.cause == .installerBusy || decision.isOver: return true
    default: break
    }
    guard isGood, let last = looks.last else { return false }
    return last.facts.certificate != nil
      && looks.dropLast().contains { requiredRun(before, $0.facts.services) && last.at - $0.at >= .seconds(15) }
  }

  /// What a tool's end says, for the journal: `exit code 5: what it printed`; and what the site knows it to mean.
  ///
  /// A tool may print its own command line: see `OutputScreen`.
  func toolEnd(_ step: InstallerStep, _ result: CommandResult) -> (text: String, learned: String?) {
    let (code, words) = (result.exitCode.map { "exit code \($0)" } ?? "no exit code", printed(result))
    let tool = step == .uninstall ? ToolResults.Tool.uninstaller : installs ? .installer : .ipxfer
    // The file is a person's, who may have pasted what a tool printed.
    let learned = toolResults.meaning(tool, exitCode: result.exitCode, output: words ?? "").map(screen.shown)
    return ([code, words].compactMap { $0 }.joined(separator: ": "), learned)
  }

  /// What the tool printed, one line, cut: kept, never believed.
  private func printed(_ result: CommandResult) -> String? {
    if result.output.isEmpty, result.errors.isEmpty { return nil }
    // Without NULs, UTF-16 of ASCII reads as text too. All of it is looked through before it is cut: half a secret is not
    // found.
    let text = String(decoding: (result.output + result.errors).filter { $0 != 0 }, as: UTF8.self)
    let line = screen.printed(text, keeping: 400).split(whereSeparator: \.isNewline).joined(separator: " | ")
    return line.isEmpty ? nil : line
  }
}

/// What was seen at an endpoint since its tool was started, and of the tool.
struct RepairEvidence: Sendable {
  enum ToolEnd: Sendable {
    case notSeen
    case ended(CommandResult)
    /// Its connection ended before it was seen to end: `dropped`, or its time was up.
    case cut(Cause)
  }

  var inspections: [ProofLook] = []
  var tool = ToolEnd.notSeen
  /// What was seen last, whatever for.
  var seen: ProofLook?
  /// Its names could be read at no inspection.
  var isMachineNotNamed = false
  /// A reboot was asked for, and whether it was done can't be told.
  var isRebootUnknown = false
  /// A tool or an uninstaller was started, also where it turned out to have done nothing.
  var hasBegun = false
  /// What the site knows its tools' ends to mean, in the order of the ends.
  var learned: [String] = []

  var last: AgentFacts? { inspections.last?.facts }
  var cut: Cause? { if case .cut(let cause) = tool { cause } else { nil } }
  var result: CommandResult? { if case .ended(let result) = tool { result } else { nil } }
  /// The far side closed the channel and did not say how what ran on it ended, nor that anything had.
  var endedUnseen: Bool { result.map { $0.exitCode == nil && $0.signal == nil } ?? false }

  mutating func add(_ facts: AgentFacts, at time: Duration) {
    inspections.append(ProofLook(at: time, facts))
    seen = inspections.last
  }

  /// Nothing that was seen counts any more.
  mutating func forget() { (inspections, tool) = ([], .notSeen) }

  /// Do the required services run? After something was done, only what was seen since counts as known. An agent that was
  /// removed is gone until another is seen.
  func protection(_ state: RepairState) -> Bool? {
    switch state.progress {
    case .untouched: (last ?? state.before)?.isProtected
    case .toolStarted: last?.isProtected
    case .uninstallerStarted: last.flatMap { $0.isInstalled ? $0.isProtected : false }
    case .removed, .installerStarted: last?.isProtected ?? false
    }
  }

  /// A tool was started, and nobody has seen since whether the endpoint is protected.
  func isPossiblyUnprotected(_ state: RepairState) -> Bool {
    state.hasActed && protection(state) == nil && last?.isInstalled != false
  }

  /// Its agent was removed and putting the new one there failed; nil where it wasn't, else whether there is one.
  func hasAgentAfterRemoval(_ state: RepairState, _ outcome: Outcome) -> Bool? {
    guard state.isRemoved, [.failed, .denied, .unknown].contains(outcome) else { return nil }
    return last?.isInstalled ?? false
  }
}
