package import ApexOne
package import Remote

/// One step of one agent's repair, as the journal keeps it: an intent, which is on disk before the endpoint is touched,
/// or what came of one. Whoever writes or reads steps does it by this type; the words of the column stand here alone.
package enum RepairStep: Sendable, Hashable {
  /// The agent begins; its wave in words, nil in journals of older versions.
  case begin(String?)
  /// A folder is made, files are put there, or only the endpoint is locked: then there is none.
  case stage(folder: WindowsPath?)
  /// IpXfer or an installer is started: its command, masked.
  case execute(command: String?)
  /// The agent's uninstaller is started: its command, masked.
  case uninstall(command: String?)
  /// A program asked for a reboot: which, and its words for it.
  case reboot(InstallerStep, String)
  case startService(String)

  /// The inspection before anything is done: nothing was begun at this endpoint, or what was has left it as it was.
  case looked(AgentFacts)
  /// The inspection of an agent that an earlier attempt left half done.
  case lookedAgain(AgentFacts)
  case otherMachine(String)
  case staged(String)
  case boot(BootMark)
  case rebooted(BootMark)
  case rebootUnknown(BootMark)
  /// How the tool ended: `exit code 5: what it printed`.
  case executed(String)
  case uninstalled(String)
  /// The command never began, or did nothing since another installation was under way.
  case notStarted(String)
  case dropped(String)
  case timedOut(String)
  case installerBusy(String)
  /// The agent is proved gone; what stays of its files, if anything.
  case removed(String?)
  case startedService(String)
  case startFailed(String)
  /// Our folder and lock are gone; the folder where an earlier attempt had made it.
  case cleaned(WindowsPath?)
  case leftBehind(String)
  /// It could not be reached, and is tried again in this run.
  case unreachable(String?)
  case ended(Outcome)
  /// Of another version, or not of its form: shown as it stands, and nothing follows from it.
  case other(StoredStep)

  /// The words of the journal's column. They are never changed.
  package enum Name: String, Sendable, Hashable, CaseIterable {
    case begin = "look"
    case stage, execute, uninstall, reboot
    case startService = "start-service"
    case looked
    case lookedAgain = "looked-again"
    case otherMachine = "other-machine"
    case staged, boot, rebooted
    case rebootUnknown = "reboot-unknown"
    case executed, uninstalled
    case notStarted = "not-started"
    case dropped
    case timedOut = "timed-out"
    case installerBusy = "installer-busy"
    case removed
    case startedService = "started-service"
    case startFailed = "start-failed"
    case cleaned
    case leftBehind = "left-behind"
    case unreachable, ended

    package var isIntent: Bool {
      switch self {
      case .begin, .stage, .execute, .uninstall, .reboot, .startService: true
      default: false
      }
    }

    /// Intents after which an endpoint may be without its services until somebody has looked.
    package static let toolStarts: [Name] = [.execute, .uninstall]
    /// How a tool ended.
    package static let toolEnds: [Name] = [.executed, .uninstalled]
    package static let inspections: [Name] = [.looked, .lookedAgain]
  }
}

/// A step in the journal's columns.
package struct StoredStep: Sendable, Hashable, Codable {
  /// 1 for an intent, as SQLite has it.
  package var intent: Int
  package var step: String
  package var detail: String?

  package init(intent: Int, step: String, detail: String?) {
    (self.intent, self.step, self.detail) = (intent, step, detail)
  }

  init(_ name: RepairStep.Name, _ detail: String?) {
    self.init(intent: name.isIntent ? 1 : 0, step: name.rawValue, detail: detail)
  }

  /// Nil for a step that this version does not know.
  var name: RepairStep.Name? {
    RepairStep.Name(rawValue: step).flatMap { $0.isIntent == (intent == 1) ? $0 : nil }
  }
}

extension RepairStep: Codable {
  package init(from decoder: any Decoder) throws { self.init(try StoredStep(from: decoder)) }
  package func encode(to encoder: any Encoder) throws { try stored.encode(to: encoder) }

  package var stored: StoredStep {
    switch self {
    case .begin(let wave): StoredStep(.begin, wave)
    case .stage(let folder): StoredStep(.stage, folder?.text)
    case .execute(let command): StoredStep(.execute, command)
    case .uninstall(let command): StoredStep(.uninstall, command)
    case .reboot(let asker, let meaning): StoredStep(.reboot, "\(asker.rawValue): \(meaning)")
    case .startService(let name): StoredStep(.startService, name)
    case .looked(let facts): StoredStep(.looked, facts.line)
    case .lookedAgain(let facts): StoredStep(.lookedAgain, facts.line)
    case .otherMachine(let text): StoredStep(.otherMachine, text)
    case .staged(let text): StoredStep(.staged, text)
    case .boot(let mark): StoredStep(.boot, mark.line)
    case .rebooted(let mark): StoredStep(.rebooted, mark.line)
    case .rebootUnknown(let mark): StoredStep(.rebootUnknown, mark.line)
    case .executed(let text): StoredStep(.executed, text)
    case .uninstalled(let text): StoredStep(.uninstalled, text)
    case .notStarted(let text): StoredStep(.notStarted, text)
    case .dropped(let text): StoredStep(.dropped, text)
    case .timedOut(let text): StoredStep(.timedOut, text)
    case .installerBusy(let text): StoredStep(.installerBusy, text)
    case .removed(let text): StoredStep(.removed, text)
    case .startedService(let text): StoredStep(.startedService, text)
    case .startFailed(let text): StoredStep(.startFailed, text)
    case .cleaned(let folder): StoredStep(.cleaned, folder?.text)
    case .leftBehind(let text): StoredStep(.leftBehind, text)
    case .unreachable(let text): StoredStep(.unreachable, text)
    case .ended(let outcome): StoredStep(.ended, outcome.rawValue)
    case .other(let stored): stored
    }
  }

  package init(_ stored: StoredStep) {
    self = stored.name.flatMap { RepairStep($0, stored.detail) } ?? .other(stored)
  }

  /// Nil where the detail is not of the form that the step has.
  private init?(_ name: Name, _ detail: String?) {
    let text = detail ?? ""
    switch name {
    case .begin: self = .begin(detail)
    case .stage: self = .stage(folder: detail.map(WindowsPath.init))
    case .execute: self = .execute(command: detail)
    case .uninstall: self = .uninstall(command: detail)
    case .reboot:
      guard let asker = InstallerStep(rawValue: String(text.prefix { $0 != ":" })) else { return nil }
      self = .reboot(asker, String(text.dropFirst(asker.rawValue.count + 2)))
    case .startService: self = .startService(text)
    case .looked, .lookedAgain:
      guard let facts = detail.flatMap(AgentFacts.init(line:)) else { return nil }
      self = name == .looked ? .looked(facts) : .lookedAgain(facts)
    case .otherMachine: self = .otherMachine(text)
    case .staged: self = .staged(text)
    case .boot: self = .boot(BootMark(line: text))
    case .rebooted: self = .rebooted(BootMark(line: text))
    case .rebootUnknown: self = .rebootUnknown(BootMark(line: text))
    case .executed: self = .executed(text)
    case .uninstalled: self = .uninstalled(text)
    case .notStarted: self = .notStarted(text)
    case .dropped: self = .dropped(text)
    case .timedOut: self = .timedOut(text)
    case .installerBusy: self = .installerBusy(text)
    case .removed: self = .removed(detail)
    case .startedService: self = .startedService(text)
    case .startFailed: self = .startFailed(text)
    case .cleaned: self = .cleaned(detail.map(WindowsPath.init))
    case .leftBehind: self = .leftBehind(text)
    case .unreachable: self = .unreachable(detail)
    case .ended:
      guard let outcome = Outcome(rawValue: text) else { return nil }
      self = .ended(outcome)
    }
  }
}
