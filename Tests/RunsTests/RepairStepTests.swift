import ApexOne
import Foundation
import GRDB
import Lab
import Remote
import Testing

@testable import Runs

/// A journal as another version left it: apexsh was killed in the middle of run 1.
private enum OldJournal: String, CaseIterable {
  /// 8 agents, `transfer`, three at a time; written before steps had a type.
  case transfer
  /// 8 agents, `reinstall --uninstall-first`.
  case reinstall

  /// Makes it at `path`, in the place of what is there.
  func make(at path: String) throws {
    for file in [path, path + "-wal", path + "-shm"] { try? FileManager.default.removeItem(atPath: file) }
    let url = try #require(
      Bundle.module.url(forResource: "Samples/journal-\(rawValue)", withExtension: "sql"))
    let database = try DatabaseQueue(path: path)
    try database.write { db in
      try db.execute(sql: try String(contentsOf: url, encoding: .utf8))
      try db.execute(sql: "PRAGMA application_id = \(JournalSchema.applicationID)")
      try db.execute(sql: "PRAGMA user_version = 3")
    }
    try database.close()
  }
}

@Suite struct RepairStepTests {
  @Test(arguments: OldJournal.allCases)
  private func everyStepOfAnOldJournalIsKnownAndComesBackAsItWas(_ old: OldJournal) throws {
    let scratch = try Scratch()
    try old.make(at: scratch.file("j"))
    let journal = try Journal(path: scratch.file("j"))
    let events = try (0..<8).flatMap { try journal.events(ofRun: 1, position: $0) }
    #expect(events.count > 40)
    for event in events {
      if case .other = event.step { Issue.record("\(event) is not known") }
      #expect(event.step.stored == event.stored)
    }
  }

  @Test func whereAnOldTransferBrokeOffIsRead() throws {
    let scratch = try Scratch()
    try OldJournal.transfer.make(at: scratch.file("j"))
    let progress = try Journal(path: scratch.file("j")).progress(ofRun: 1)
    #expect(progress.kept.keys.sorted() == [0] && progress.kept[0]?.outcome == .repaired)
    // WS-008 had only begun.
    #expect(progress.traces.keys.sorted() == [1, 2, 3, 4, 5, 6])
    for (position, state) in progress.traces {
      #expect(state.progress == (position == 6 ? .untouched : .toolStarted))
      #expect(state.folder?.name.hasPrefix("apexsh-") == true && state.before?.certificate == .other)
    }
  }

  @Test func whereAnOldReinstallationBrokeOffIsRead() throws {
    let scratch = try Scratch()
    try OldJournal.reinstall.make(at: scratch.file("j"))
    let progress = try Journal(path: scratch.file("j")).progress(ofRun: 1)
    let expected: [RepairState.Progress] =
      Array(repeating: .installerStarted, count: 4) + [.uninstallerStarted, .uninstallerStarted, .untouched]
    #expect((1...7).compactMap { progress.traces[$0]?.progress } == expected)
    #expect(progress.traces[5]?.boot?.processID == 700 && progress.traces[7]?.boot == nil)
  }

  @Test func anOldRunIsCarriedOn() async throws {
    let rig = try EngineRig(agents: 8)
    try OldJournal.transfer.make(at: rig.journal.path)
    let leg = try await rig.leg(of: 1, dyingAfter: nil)
    #expect(leg.end.exitCode == 0 && leg.end.tally[.repaired] == 8, "\(leg.end)")
    let steps = try leg.journal.events(ofRun: 1, position: 2).map(\.word)
    #expect(steps.filter { $0 == "looked-again" }.count == 1 && steps.last == "ended")
  }

  /// What another version wrote, or a damaged journal holds, is shown as it stands, and nothing follows from it.
  @Test(arguments: [
    StoredStep(intent: 0, step: "teleported", detail: "to C:"), StoredStep(intent: 1, step: "looked", detail: nil),
    StoredStep(intent: 0, step: "execute", detail: "x"), StoredStep(intent: 0, step: "looked", detail: "no facts"),
    StoredStep(intent: 1, step: "reboot", detail: "somebody: asks"), StoredStep(intent: 0, step: "ended", detail: "?"),
  ])
  func anUnknownStepChangesNothing(_ stored: StoredStep) throws {
    let step = RepairStep(stored)
    #expect(step == .other(stored) && step.stored == stored)
    var state = RepairState()
    state.apply(.execute(command: nil))
    let before = state
    state.apply(step)
    #expect(state == before)
    let json = try JSONEncoder().encode(step)
    #expect(try JSONDecoder().decode(RepairStep.self, from: json) == step)
  }

  @Test func everyWordHasOneStep() {
    let facts = AgentFacts(isInstalled: true, services: ["tmlisten": ServiceFact(.running)])
    let details: [RepairStep.Name: String] = [
      .begin: "wave 1 of 2", .reboot: "install: asks", .looked: facts.line, .lookedAgain: facts.line,
      .ended: "repaired", .boot: "rpcss=1", .rebooted: "rpcss=1", .rebootUnknown: "shutdown=1",
    ]
    for name in RepairStep.Name.allCases {
      let stored = StoredStep(intent: name.isIntent ? 1 : 0, step: name.rawValue, detail: details[name] ?? #"C:\x"#)
      #expect(RepairStep(stored) != .other(stored) && RepairStep(stored).stored == stored, "\(name)")
    }
  }

  /// Every step in every state. What is missing doesn't bear on what was started, or no repair takes it there.
  @Test func whatFollowsFromEachStep() {
    let expected: [RepairState.Progress: [RepairStep.Name: RepairState.Progress]] = [
      .untouched: [
        .looked: .untouched, .notStarted: .untouched, .execute: .toolStarted, .uninstall: .uninstallerStarted,
      ],
      .toolStarted: [
        .looked: .untouched, .notStarted: .untouched, .execute: .toolStarted, .uninstall: .uninstallerStarted,
      ],
      // A tool that was started counts whatever must have come before it.
      .uninstallerStarted: [
        .looked: .untouched, .notStarted: .untouched, .execute: .installerStarted, .uninstall: .uninstallerStarted,
        .removed: .removed,
      ],
      .removed: [.execute: .installerStarted, .uninstall: .uninstallerStarted],
      .installerStarted: [.execute: .installerStarted, .uninstall: .uninstallerStarted],
    ]
    let facts = AgentFacts(isInstalled: true).line
    for progress in RepairState.Progress.allCases {
      for name in RepairStep.Name.allCases {
        let details: [RepairStep.Name: String] = [.reboot: "install: asks", .ended: "failed"]
        let detail = RepairStep.Name.inspections.contains(name) ? facts : details[name] ?? "x"
        let step = RepairStep(StoredStep(intent: name.isIntent ? 1 : 0, step: name.rawValue, detail: detail))
        #expect(progress.after(step) == expected[progress]?[name], "\(progress), \(name)")
      }
    }
  }
}
