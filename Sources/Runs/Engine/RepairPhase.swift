import ApexOne
import Remote

/// What a repair waits for at its endpoint. Each phase asks for one thing (`RepairMachine.action`) and holds what is to
/// be done with the answer.
indirect enum RepairPhase: Sendable {
  case connecting(Entry)
  /// Everything that an inspection before anything is done finds.
  case inspecting(Entry, tries: Int)
  /// Takes over what an earlier attempt left: its lock, its folder. `AgentFacts`: the endpoint as it is now.
  case takingOver(AgentFacts)
  case readingBoot(BootQuestion)
  /// Whether the commands reach this machine unchanged.
  case checking
  case staging(Purpose, tries: Int)
  case running(ToolRun)
  /// Another installation is under way there; nothing is held meanwhile.
  case awaitingTurn(ToolRun)
  /// Connects for what must be done next, until a time that begins with the first failure.
  case reopening(until: Duration?, for: Need)
  case recordingReboot(ToolRun, InstallerResult)
  /// One inspection, whatever it finds, before the end.
  case confirming(RepairResult)
  case awaitingRemoval(Removal)
  /// The uninstaller has left the agent there, as it was or in part.
  case reviving(Revival)
  case startingServices([String], for: Start)
  case settling(Settling)
  case pausing(Duration, then: RepairPhase)
  case ended(RepairResult)

  enum Entry: Sendable {
    case anew
    /// An earlier attempt had left something there.
    case resumed
  }

  enum BootQuestion: Sendable {
    /// Which boot this is, before a tool that may ask for another.
    case beforeTool
    /// Was the machine rebooted since somebody asked for it? With the endpoint as it is now.
    case since(InstallerStep, AgentFacts)
  }

  /// What a connection is needed for.
  enum Need: Sendable {
    case tool(ToolRun)
    /// The package is staged again.
    case files
  }

  /// What services are started for.
  enum Start: Sendable {
    /// The certificate is right: with what is said of it, and the agent as it is to be.
    case match(String, AgentFacts)
    case proof(Settling)
    case revival(Revival)
  }

  /// Why the endpoint is locked, and what is put there.
  enum Purpose: Sendable {
    case tool
    /// Only services are started, since the certificate is right: with what is said of it.
    case services(String)
  }
}

/// A program of the product that is run at an endpoint.
struct ToolRun: Sendable {
  let step: InstallerStep
  /// Until then a busy installer is waited for.
  let until: Duration
  /// Before the next try while another installation runs; twice as long each time.
  var wait = Duration.seconds(15)
  /// What the installer said that was busy.
  var busy: String?
  var handOvers = 0
  /// An installer that left nothing is started once more where the agent was removed.
  var isSecond = false

  init(_ step: InstallerStep, until: Duration, isSecond: Bool = false) {
    (self.step, self.until, self.isSecond) = (step, until, isSecond)
  }

  /// The next time that it is busy, it is waited for longer.
  var afterWait: ToolRun {
    var run = self
    run.wait = min(RepairPolicy.longestBusyWait, wait * 2)
    return run
  }
}

/// The wait for an agent to be gone.
struct Removal: Sendable {
  let until: Duration
  /// An earlier attempt had started the uninstaller.
  let isResumed: Bool
}

/// What an uninstaller stopped is started again, and looked at until it runs.
struct Revival: Sendable {
  let removal: Removal
  let remains: AgentRemains
  /// Inspections that are left; nil before the first one.
  var left: Int?
  var hadStopped = false
}

/// The wait for the services, and the proof.
struct Settling: Sendable {
  /// What the agent was, against which the proof is held.
  let base: AgentFacts
  let purpose: Purpose
  /// How long slots had been waited for when it began: that is no time of the endpoint's.
  let slotWait: Duration
  var until: Duration
  let last: Duration
  var starts = 0
  /// The inspection that began in time ended late, and is made anew with everything.
  var isRepeated = false

  enum Purpose: Sendable {
    /// A transfer, or an installer.
    case tool(ToolRun)
    /// Services were started beside a certificate that is right: with what is said of it.
    case services(String)
    /// An earlier attempt had started the tool.
    case resumed
  }

  func now(_ conditions: RepairConditions) -> Duration { conditions.now - (conditions.slotWait - slotWait) }

  /// There is at least so much time from now on, within what a proof may take over all.
  mutating func extend(by time: Duration, _ conditions: RepairConditions) {
    until = min(last, max(until, now(conditions) + time))
  }
}

/// What comes of an action.
enum RepairEvent: Sendable {
  case done
  case failed(RemoteError)
  case inspected(AgentFacts)
  case remains(AgentRemains)
  /// Nil where it could not be read.
  case boot(BootMark?)
  /// Somebody else works at this endpoint.
  case held(by: String)
  case toolEnded(CommandResult)
  case toolBroken(RemoteError)
  case toolTimedOut
  /// It can't be begun, whatever is tried: the journal can't be written, an interrupt was quicker, there is no command.
  case gaveUp(RepairResult)
}

/// What is to be done at the endpoint, and answered by one event.
enum RepairAction: Sendable {
  case connect
  case inspect
  case takeOver(WindowsPath?)
  case readBoot
  case check(AgentFacts)
  /// Locks the endpoint and puts the tool's files there, or nothing.
  case stage(isForTool: Bool)
  case run(InstallerStep)
  case reopen
  case intendReboot(InstallerStep, String)
  case inspectRemains
  /// Everything, on a connection that is opened once where there is none.
  case inspectAll
  /// What a transfer changes: the services, and the certificate once the required ones run or `isWhole`.
  case inspectChanges(AgentFacts, isWhole: Bool)
  case start([String])
  case pause(Duration)
  case end(RepairResult)
}

/// What goes with a transition, in this order and before the next action.
enum RepairEffect: Sendable {
  case note(RepairStep)
  /// From now on only the third interrupt cuts.
  case hold
  /// Connections that are opened from now on can be cut.
  case release
  /// As if nothing had been begun.
  case beginAnew
  case close
  case countRetry
  /// The required services were seen running.
  case servicesRun
}

/// What holds of the run when an event arrives.
struct RepairConditions: Sendable {
  /// On the run's clock.
  var now: Duration
  /// How long this agent has waited for slots.
  var slotWait = Duration.zero
  var interrupts = 0
  /// Why the run starts nothing more.
  var stop: StopReason?
  /// The password was refused elsewhere, or the run was over, before this endpoint was logged on to.
  var isShutOut = false

  var cutsIdle: Bool { interrupts >= RunControls.idleCut }
  var cutsAll: Bool { interrupts >= RunControls.fullCut }
}
