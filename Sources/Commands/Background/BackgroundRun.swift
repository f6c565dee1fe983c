package import Runs
import Synchronization

/// One run of this session that goes on behind the prompt.
package final class BackgroundRun: Sendable {
  /// What a person would call its state.
  package enum Condition: String, Sendable { case running, paused, stopping, ended }

  private struct State {
    var actions: [@Sendable () async -> Void] = []
    /// Who waits for its end, whatever becomes of their tasks.
    var waiters: [CheckedContinuation<Void, Never>] = []
    var code: ExitCode?
    var isWaitedFor = false
    /// Until the run has ended: what it holds (its gate above all) must not outlive it.
    var engine: RunEngine?
    /// Its counts when it had ended.
    var tally: RunTally
  }

  package let number: Int
  package let remedy: Remedy
  /// The journal it is in: a number alone may be that of another journal's run too.
  package let journal: Journal
  package let controls: RunControls
  private let begunParallel: Int
  private let state: Mutex<State>

  init(_ number: Int, of plan: Plan, in journal: Journal, _ engine: RunEngine, _ controls: RunControls) {
    self.number = number
    remedy = plan.remedy
    self.journal = journal
    begunParallel = engine.parallel
    state = Mutex(State(engine: engine, tally: engine.tally))
    self.controls = controls
  }

  package var tally: RunTally {
    let (engine, last) = state.withLock { ($0.engine, $0.tally) }
    return engine?.tally ?? last
  }
  /// Why it starts no more agents, while it goes on.
  package var stopReason: StopReason? { state.withLock { $0.engine }?.stopReason }
  package var parallel: Int { controls.parallel ?? begunParallel }

  package var condition: Condition {
    if code != nil { return .ended }
    if state.withLock({ $0.engine })?.isStopped == true { return .stopping }
    return controls.isPaused || tally.restSeconds != nil ? .paused : .running
  }

  /// What it ended with; nil while it goes on.
  package var code: ExitCode? { state.withLock { $0.code } }

  /// Does `work`, which carries the run to its end, and then what was left to do afterwards.
  func begin(_ work: @escaping @Sendable () async -> ExitCode) {
    Task {
      let code = await work()
      while let actions = nextActions(code) { for action in actions { await action() } }
    }
  }

  /// What is to be done next; nil, and the run has ended, where nothing is.
  private func nextActions(_ code: ExitCode) -> [@Sendable () async -> Void]? {
    let (actions, waiters) = state.withLock {
      state -> ([@Sendable () async -> Void]?, [CheckedContinuation<Void, Never>]) in
      if state.actions.isEmpty {
        state.code = code
        state.tally = state.engine?.tally ?? state.tally
        state.engine = nil
        defer { state.waiters = [] }
        return (nil, state.waiters)
      }
      defer { state.actions = [] }
      return (state.actions, [])
    }
    for waiter in waiters { waiter.resume() }
    return actions
  }

  /// Waits for its end. A task that was cancelled waits too, and without turning round: a sleep would end at once there.
  func ended() async {
    await withCheckedContinuation { waiter in
      let isOver = state.withLock { state in
        if state.code == nil { state.waiters.append(waiter) }
        return state.code != nil
      }
      if isOver { waiter.resume() }
    }
  }

  /// Does `action` behind the run's last word, before it counts as ended; at once where it has ended.
  package func afterwards(_ action: @escaping @Sendable () async -> Void) async {
    let isOver = state.withLock { state in
      if state.code == nil { state.actions.append(action) }
      return state.code != nil
    }
    if isOver { await action() }
  }

  /// The code it ended with, for whoever asks first: `wait`, or the end of a command file.
  func takeCode() -> ExitCode? {
    state.withLock { state in
      guard let code = state.code, !state.isWaitedFor else { return nil }
      state.isWaitedFor = true
      return code
    }
  }
}

/// Where a command that was put behind the prompt leaves the run that it began.
package final class BackgroundTicket: Sendable {
  private let taken = Mutex<BackgroundRun?>(nil)

  package init() {}

  /// Nil where the command began none, or has ended in the foreground.
  package var run: BackgroundRun? { taken.withLock { $0 } }
  func hand(_ run: BackgroundRun) { taken.withLock { $0 = run } }
}
