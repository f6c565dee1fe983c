import Commands
import Synchronization

/// What the signals of a terminal do to the work in the foreground.
///
/// One watch from the first work to the end of the process: a ^C that comes between a command's end and the next prompt
/// must not end the session. ^C, SIGTERM and SIGHUP ring the bell first; where nobody has taken it the work is
/// cancelled. A prompt survives any number of ^C. After SIGTERM or SIGHUP the process leaves as soon as the work has
/// ended, in the background too. A run is ended by more of them as by more ^C, in three steps, since its endpoints may be
/// unprotected; anything else by the second, and an idle prompt by the first. The terminal is restored on every way out.
final class Foreground: Sendable {
  private struct State {
    var watch: Interrupts?
    var cancel: (@Sendable () -> Void)?
    var isPrompt = false
    var onInterrupt: (@Sendable () -> Void)?
    /// What a ^C means while nothing runs.
    var onIdleInterrupt: (@Sendable () -> Void)?
    /// ^C since the work began.
    var interrupts = 0
    /// Those of them that nobody took.
    var unheeded = 0
    /// How often the process was told to end, those that came together counted once; and when the last time.
    var ends = 0
    var lastEnd = ContinuousClock.now
    /// A run went on when it was told so first.
    var endsRuns = false
    /// The SIGTERM or SIGHUP after which the process is to leave.
    var ending: Interrupt?
  }

  /// That many ^C end a process without a prompt whose work doesn't heed them.
  private static let patience = 3
  private let bell: InterruptBell
  private let background: BackgroundRuns
  private let state = Mutex(State())

  init(bell: InterruptBell, background: BackgroundRuns) {
    self.bell = bell
    self.background = background
  }

  /// From now on the work is lines that a person types: ^C never ends the process. `onInterrupt`: done first for each
  /// ^C while something runs.
  func becomePrompt(onInterrupt: @escaping @Sendable () -> Void) {
    state.withLock { ($0.isPrompt, $0.onInterrupt) = (true, onInterrupt) }
  }

  /// The prompt stands, and its terminal is kept: from now on SIGINT gives up the line that is typed at it.
  func watchPrompt(onIdleInterrupt: @escaping @Sendable () -> Void) {
    state.withLock { state in
      state.onIdleInterrupt = onIdleInterrupt
      if state.watch == nil { state.watch = watch() }
    }
  }

  func run(_ work: @escaping @Sendable () async -> ExitCode) async -> ExitCode {
    bell.hear(false)
    let task = Task { await work() }
    state.withLock { state in
      state.cancel = { task.cancel() }
      (state.interrupts, state.unheeded) = (0, 0)
      if state.watch == nil { state.watch = watch() }
    }
    let code = await task.value
    if code == .interrupted { await waitForTheSignal() }
    let ending = state.withLock { state in
      state.cancel = nil
      return state.isPrompt ? state.ending : nil
    }
    if let ending {
      await background.ended()
      ending.endProcess()
    }
    return code
  }

  /// A local command that ^C ended may be gone before our own share of the ^C has arrived: the row it left is ended
  /// first, then the prompt is drawn.
  private func waitForTheSignal() async {
    for _ in 0..<40 {
      let isOver = state.withLock { !$0.isPrompt || $0.interrupts > 0 }
      if isOver { return }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  private func watch() -> Interrupts {
    // On the signals' own thread: Swift's may all be waiting for what the ^C is meant for.
    Interrupts { self.take($0) }
  }

  private func take(_ event: Interrupt) {
    bell.hear()
    let (cancel, isPrompt, onInterrupt, onIdle) = state.withLock {
      ($0.cancel, $0.isPrompt, $0.onInterrupt, $0.onIdleInterrupt)
    }
    guard event.kind == .interrupt else { return leave(after: event, cancel) }
    guard let cancel else {
      if isPrompt { onIdle?() } else { event.endProcess() }
      return
    }
    onInterrupt?()
    state.withLock { $0.interrupts += 1 }
    guard !bell.ring() else { return }
    cancel()
    let unheeded = state.withLock { state in
      state.unheeded += 1
      return state.unheeded
    }
    if !isPrompt && unheeded >= Self.patience { event.endProcess() }
  }

  private func leave(after event: Interrupt, _ cancel: (@Sendable () -> Void)?) {
    guard event.count == 1, cancel != nil || background.isActive else { return leaveFaster(event) }
    let endsRuns = background.isActive || bell.isTaken
    state.withLock { ($0.ends, $0.lastEnd, $0.endsRuns) = (1, .now, endsRuns) }
    // Runs end in good order, behind the prompt too; nothing may begin after them.
    background.stopAll()
    guard let cancel else {
      Task { [background] in
        await background.ended()
        event.endProcess()
      }
      return
    }
    state.withLock { $0.ending = event }
    _ = bell.ring(.end)
    bell.afterwards(cancel)
  }

  /// What some send twice, to a process and to its group, counts once.
  private static let together = Duration.seconds(2)

  /// The process was told to end once more, or while nothing runs.
  private func leaveFaster(_ event: Interrupt) {
    // One may have begun since it was told so first.
    let hasRuns = background.isActive || bell.isTaken
    guard event.count > 1, state.withLock({ $0.endsRuns || hasRuns }) else { event.endProcess() }
    let ends: Int? = state.withLock { state in
      guard ContinuousClock.now - state.lastEnd > Self.together else { return nil }
      state.ends += 1
      state.lastEnd = .now
      return state.ends
    }
    guard let ends else { return }
    if ends > Self.patience || !background.isActive && !bell.isTaken { event.endProcess() }
    if !bell.ring(.endAgain) { background.interrupt(upTo: ends) }
  }
}
