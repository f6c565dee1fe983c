import ApexOne
import Foundation
import Remote
import Testing

@testable import Runs

/// The rules of repair as tables: what the machine does with every event in every phase.
@Suite struct RepairMachineTests {
  private static let tables = RepairPolicy.Method.allCases.map { MachineTable($0) }
  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Sources/apexsh/Documentation.docc/Architecture.md")

  private static var allPairs: [MachineTable.Pair] {
    RepairPhase.Name.allCases.flatMap { phase in
      RepairEvent.Name.allCases.map { MachineTable.Pair(phase: phase, event: $0) }
    }
  }

  /// Every pair was tried: it has what follows from it, or can't occur, and never both.
  @Test func everyPairOfPhaseAndEventIsCovered() {
    let known = Self.tables.reduce(into: Set<MachineTable.Pair>()) { $0.formUnion($1.follows.keys) }
    let impossible = Self.tables.reduce(into: Set<MachineTable.Pair>()) { $0.formUnion($1.impossible) }
    #expect(known.isDisjoint(with: impossible), "\(known.intersection(impossible))")
    // Nothing is asked for at the end, and a pause is over when it is over.
    let tried = known.union(impossible)
    #expect(Self.allPairs.filter { $0.phase != .ended && !tried.contains($0) } == [])
    for phase in RepairPhase.Name.allCases where phase != .ended {
      #expect(known.contains(.init(phase: phase, event: .gaveUp)), "the driver can give up in \(phase)")
    }
    for table in Self.tables { #expect(table.machines > 50, "\(table.method)") }
  }

  /// The page draws what the machine does. Where this fails, the text to paste stands in the message.
  @Test func thePageDrawsTheMachine() throws {
    let drawing = drawing()
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    #expect(text.contains(drawing), "Architecture.md should hold:\n\(drawing)")
  }

  private func drawing() -> String {
    var lines = [
      "| phase | event | transfer | reinstall | reinstall after removal |", "| --- | --- | --- | --- | --- |",
    ]
    var never: [String] = []
    for phase in RepairPhase.Name.allCases where phase != .ended && phase != .pausing {
      var impossible: [String] = []
      for event in RepairEvent.Name.allCases where event != .gaveUp {
        let pair = MachineTable.Pair(phase: phase, event: event)
        let cells = Self.tables.map { $0.cell(pair) }
        if cells.allSatisfy(\.isEmpty) {
          impossible.append(event.rawValue)
        } else {
          lines.append("| \(phase.rawValue) | \(event.rawValue) | \(cells.joined(separator: " | ")) |")
        }
      }
      let asks = Self.tables.reduce(into: Set<String>()) { $0.formUnion($1.asks[phase] ?? []) }
      never.append(
        "* \(phase.rawValue) asks for \(asks.sorted().joined(separator: ", ")); there can't be: "
          + impossible.joined(separator: ", "))
    }
    return lines.joined(separator: "\n") + "\n\nWhat each phase asks for, and the events that can't occur in it:\n\n"
      + never.joined(separator: "\n") + "\n"
  }

  /// What must hold of every transition there is.
  @Test(arguments: RepairPolicy.Method.allCases)
  func noTransitionBreaksARule(_ method: RepairPolicy.Method) {
    var broken: Set<String> = []
    _ = MachineTable(method) { step in
      let (state, evidence) = (step.after.state, step.after.evidence)
      func rule(_ text: String, _ holds: Bool) {
        if !holds { broken.insert("\(text): \(step.before.phase.name), \(step.event.name)") }
      }
      var folded = step.before.state
      for case .note(let note) in step.effects { folded.apply(note) }
      rule("the state is the fold of the steps, or nothing was begun", folded == state || !state.hasActed)
      if case .running(let run) = step.after.phase.beforePause {
        let isBusy = run.busy != nil
        if run.step == .uninstall {
          rule("no uninstaller is run again", isBusy || state.progress == .untouched)
          rule("an uninstaller needs an agent", step.after.base.isInstalled && method == .reinstallAfterRemoval)
        } else if method == .transfer {
          rule("IpXfer is run once", state.progress == .untouched && step.after.base.isInstalled)
        }
      }
      guard case .ended(let result) = step.after.phase else { return }
      switch result.outcome {
      case .repaired:
        rule("repaired is proved", evidence.last?.certificate == .equal && evidence.last?.isProtected == true)
        rule("by two inspections", evidence.inspections.count > 1 && state.hasActed)
      case .alreadyMatching: rule("nothing was run", evidence.seen?.facts.certificate == .equal && !state.hasActed)
      case .refused, .notAttempted, .unreachable: rule("what was begun is not left unsaid", !state.hasActed)
      case .rebootRequired: rule("somebody asked for it", state.reboot != nil || evidence.result != nil)
      default: break
      }
      rule("no agent, not protected", !state.isRemoved || evidence.protection(state) != nil)
    }
    #expect(broken == [])
  }

  // MARK: - Courses

  struct Course: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var method = RepairPolicy.Method.transfer
    var left: [RepairStep]?
    var events: [RepairEvent]
    /// Why the run begins nothing any more, from its start.
    var stop: StopReason?
    /// What is asked for, pauses left out.
    var actions: String
    var outcome: Outcome
    var cause: Cause?
  }

  private static let mismatched = RepairEvent.inspected(MachineSamples.agent())
  private static let right = RepairEvent.inspected(MachineSamples.agent(.equal, pid: 2))
  private static let gone = RepairEvent.remains(
    AgentRemains(hasAgentKey: false, isListed: false, services: [], entries: 0))
  private static let begin: [RepairEvent] = [.done, mismatched, .done, .done]
  private static let dropped = RemoteError(.dropped, "dropped")
  private static func ended(_ code: UInt32) -> RepairEvent { .toolEnded(CommandResult(exitCode: code)) }

  static let courses: [Course] = [
    Course(
      testDescription: "a transfer is proved by two inspections", events: begin + [ended(5), right, right],
      actions: "connect inspect check stage run inspectChanges inspectChanges", outcome: .repaired),
    Course(
      testDescription: "a tool without effect", events: begin + [ended(0), mismatched, mismatched],
      actions: "connect inspect check stage run inspectChanges inspectChanges", outcome: .failed,
      cause: .toolHadNoEffect),
    Course(
      testDescription: "a right certificate beside stopped services: they are started, no tool is run",
      events: [.done, .inspected(MachineSamples.agent(.equal, .stopped)), .done, .done, right, right],
      actions: "connect inspect stage start inspectChanges inspectChanges", outcome: .alreadyMatching,
      cause: .listStale),
    Course(
      testDescription: "a connection that breaks leaves services stopped: they are started at once",
      events: begin + [.toolBroken(dropped), .inspected(MachineSamples.agent(.equal, .stopped)), .done, right, right],
      actions: "connect inspect check stage run inspectChanges start inspectChanges inspectChanges",
      outcome: .repaired),
    Course(
      testDescription: "a tool that never began", events: begin + [.toolBroken(dropped.beforeStart())],
      actions: "connect inspect check stage run", outcome: .failed, cause: .dropped),
    Course(
      testDescription: "an inspection that fails is made again",
      events: [.done, .failed(dropped), .failed(dropped)], actions: "connect inspect inspect", outcome: .failed,
      cause: .dropped),
    Course(
      testDescription: "what an earlier attempt started is proved, not run again",
      left: [.looked(MachineSamples.agent()), .execute(command: nil)], events: [.done, right, .done, right, right],
      actions: "connect inspect takeOver inspectChanges inspectChanges", outcome: .repaired),
    Course(
      testDescription: "and repaired anew where it has done nothing",
      left: [.looked(MachineSamples.agent()), .execute(command: nil)],
      events: [.done, mismatched, .done, mismatched, mismatched] + begin + [ended(0), right, right],
      actions: "connect inspect takeOver inspectChanges inspectChanges connect inspect check stage run inspectChanges "
        + "inspectChanges", outcome: .repaired),
    Course(
      testDescription: "but not by a run that begins nothing any more: that is for the next attempt",
      left: [.looked(MachineSamples.agent()), .execute(command: nil)],
      events: [.done, mismatched, .done, mismatched, mismatched], stop: .interrupted,
      actions: "connect inspect takeOver inspectChanges inspectChanges", outcome: .unknown, cause: .interrupted),
    Course(
      testDescription: "an agent is removed and seen gone before the new one comes", method: .reinstallAfterRemoval,
      events: begin + [.boot(nil), ended(0), gone, .done, ended(0), right, right],
      actions: "connect inspect check stage readBoot run inspectRemains reopen run inspectAll inspectAll",
      outcome: .repaired),
    Course(
      testDescription: "a busy installer is waited for", method: .reinstall,
      events: begin + [.boot(nil), ended(1618), .done, ended(0), right, right],
      actions: "connect inspect check stage readBoot run reopen run inspectAll inspectAll", outcome: .repaired),
    Course(
      testDescription: "an agent that an earlier attempt removed gets the new one, and no uninstaller is run",
      method: .reinstallAfterRemoval,
      left: [.looked(MachineSamples.agent()), .uninstall(command: nil), .removed(nil)],
      events: [.done, .inspected(MachineSamples.noAgent), .done, .done, .done, .boot(nil), ended(0), right, right],
      actions: "connect inspect takeOver reopen stage readBoot run inspectAll inspectAll", outcome: .repaired),
    Course(
      testDescription: "an uninstaller that asks for a reboot ends it, after one more inspection",
      method: .reinstallAfterRemoval,
      events: begin + [.boot(nil), ended(3010), .done, .inspected(MachineSamples.noAgent)],
      actions: "connect inspect check stage readBoot run intendReboot inspectAll", outcome: .rebootRequired,
      cause: .reboot),
  ]

  @Test(arguments: courses)
  func aCourseIsAsItIsToBe(_ course: Course) throws {
    let state = course.left.map { steps in
      steps.reduce(into: RepairState()) { $0.apply($1) }
    }
    var machine = RepairMachine(MachineSamples.policy(course.method), of: "WS-001", from: state)
    var (events, actions, conditions) = (course.events[...], [String](), RepairConditions(now: .zero))
    conditions.stop = course.stop
    while true {
      machine.recordIntent(conditions)
      let action = machine.action(conditions)
      if case .end(let result) = action {
        #expect(result.outcome == course.outcome && result.cause == course.cause, "\(result)")
        #expect(events.isEmpty, "\(events.count) events are left")
        break
      }
      if case .pause(let duration) = action {
        conditions.now += duration
        _ = machine.take(.done, conditions)
        continue
      }
      conditions.now += .seconds(1)
      actions.append(action.word)
      let event = try #require(events.first, "\(actions)")
      events.removeFirst()
      _ = machine.take(event, conditions)
    }
    #expect(actions.joined(separator: " ") == course.actions)
  }

  // MARK: - Repetition

  private static let repetitions: [(RetryPolicy, Int, RemoteError.Kind, Int, Bool, Int?)] = [
    // after so many tries, of this error, after so many interrupts, where the run is stopped: the pause in seconds
    (RetryPolicy.untouched(RunOptions()), 0, .dropped, 0, false, 2),
    (RetryPolicy.untouched(RunOptions()), 1, .dropped, 0, false, 4),
    (RetryPolicy.untouched(RunOptions()), 2, .dropped, 0, false, nil),
    (RetryPolicy.untouched(RunOptions()), 0, .accessDenied, 0, false, nil),
    (RetryPolicy.untouched(RunOptions()), 0, .dropped, 0, true, nil),
    (RetryPolicy.cleanUp(RunOptions()), 0, .accessDenied, 0, true, 2),
    (RetryPolicy.cleanUp(RunOptions()), 0, .dropped, 3, true, nil),
    (RetryPolicy.begun(until: .seconds(10)), 9, .timedOut, 2, true, 5),
    (RetryPolicy.begun(until: .seconds(0)), 0, .timedOut, 0, false, nil),
    (RetryPolicy.handOver, 2, .dropped, 0, true, 0), (RetryPolicy.handOver, 3, .dropped, 0, false, nil),
  ]

  @Test(arguments: repetitions)
  private func whatFailedIsTriedAgain(
    _ policy: RetryPolicy, _ tries: Int, _ kind: RemoteError.Kind, _ interrupts: Int, _ isStopped: Bool, _ pause: Int?
  ) {
    let conditions = RepairConditions(
      now: .seconds(1), interrupts: interrupts, stop: isStopped ? .interrupted : nil)
    #expect(policy.pause(after: tries, RemoteError(kind, "x"), conditions) == pause.map { .seconds($0) })
  }
}

extension RepairPhase {
  fileprivate var beforePause: RepairPhase {
    if case .pausing(_, let then) = self { return then }
    return self
  }
}
