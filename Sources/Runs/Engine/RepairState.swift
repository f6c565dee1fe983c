package import ApexOne
package import Remote

/// What was done at one agent's endpoint: the fold of its journaled steps. A repair keeps it while it goes on, and one
/// that is carried on folds what the journal has and goes on from there.
package struct RepairState: Sendable, Hashable {
  /// What was started there that the removal of a folder doesn't undo.
  package enum Progress: String, Sendable, Hashable, CaseIterable {
    case untouched
    /// IpXfer, or an installer over whatever is there.
    case toolStarted
    case uninstallerStarted
    /// The agent was seen gone after the uninstaller.
    case removed
    /// The installer, after the agent was seen gone.
    case installerStarted
  }

  package private(set) var progress = Progress.untouched
  /// The folder of ours that may still be there.
  package private(set) var folder: WindowsPath?
  /// The inspection before anything was done.
  package private(set) var before: AgentFacts?
  /// Which boot of the machine it was when the work began.
  package private(set) var boot: BootMark?
  /// Who asked for a reboot that has not been seen yet.
  package private(set) var reboot: InstallerStep?

  package init() {}

  /// Something may have been changed there, so its services may be stopped until somebody has looked.
  package var hasActed: Bool { progress != .untouched }
  /// Whoever carries the run on sees to this agent first.
  package var isHalfDone: Bool { folder != nil || hasActed }
  /// The agent that was there is gone, or was replaced since.
  package var isRemoved: Bool { progress == .removed || progress == .installerStarted }

  package mutating func apply(_ step: RepairStep) {
    switch step {
    case .stage(let folder): self.folder = folder
    case .cleaned: folder = nil
    case .boot(let mark): boot = mark
    case .reboot(let asker, _): reboot = asker
    case .execute, .uninstall: reboot = nil
    default: break
    }
    guard let next = progress.after(step) else { return }
    progress = next
    if case .looked(let facts) = step { before = facts }
  }

  /// Nothing was begun there, or what was has left the endpoint as it was: as the next `looked` will say.
  mutating func beginAnew() { progress = .untouched }
}

extension RepairState.Progress {
  /// What follows; nil for a step that doesn't bear on it, or that no repair takes here. A tool that was started is
  /// never lost: where a journal has it without what must come before it, it counts all the same.
  package func after(_ step: RepairStep) -> Self? {
    switch (self, step) {
    case (.untouched, .execute), (.toolStarted, .execute): .toolStarted
    case (_, .execute): .installerStarted
    case (_, .uninstall): .uninstallerStarted
    case (.uninstallerStarted, .removed): .removed
    case (.removed, _), (.installerStarted, _): nil
    case (_, .looked), (_, .notStarted): .untouched
    default: nil
    }
  }
}
