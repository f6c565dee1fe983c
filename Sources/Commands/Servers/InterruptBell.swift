import Synchronization

/// ^C, on its way to what runs in the foreground.
///
/// A command that can end in good order takes the bell while it works and is told of every ^C; where
/// nobody has taken it, whoever rings cancels the command instead.
package final class InterruptBell: Sendable {
  package enum Ring: Sendable {
    case interrupt
    /// The process was told to end, and all its runs are stopping already.
    case end
    /// It was told so once more.
    case endAgain
  }

  private struct State {
    var handler: (@Sendable (Ring) -> Void)?
    var afterwards: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())
  private let heard = Atomic<Bool>(false)

  package init() {}

  /// Whether ^C, or word to end, has come since the work in the foreground began. Who waits for a reader that doesn't
  /// read asks this: a run is not cancelled, and would stand still behind a row that it can't write.
  package var isHeard: Bool { heard.load(ordering: .acquiring) }

  /// It has come, or, for the next work, it hasn't.
  package func hear(_ isHeard: Bool = true) { heard.store(isHeard, ordering: .releasing) }

  /// Rings. False where nobody has taken the bell.
  package func ring(_ ring: Ring = .interrupt) -> Bool {
    let handler = state.withLock { $0.handler }
    handler?(ring)
    return handler != nil
  }

  /// Somebody has taken it: a run.
  package var isTaken: Bool { state.withLock { $0.handler != nil } }

  /// Takes the bell while `work` runs.
  package func taken<T>(
    by handler: @escaping @Sendable (Ring) -> Void, during work: () async throws -> T
  ) async rethrows -> T {
    state.withLock { $0 = State(handler: handler) }
    defer { giveBack() }
    return try await work()
  }

  private func giveBack() {
    let actions = state.withLock { state in
      defer { state = State() }
      return state.afterwards
    }
    for action in actions { action() }
  }

  /// Does `action` when whoever has taken the bell gives it back; at once where nobody has.
  package func afterwards(_ action: @escaping @Sendable () -> Void) {
    let isTaken = state.withLock { state in
      if state.handler != nil { state.afterwards.append(action) }
      return state.handler != nil
    }
    if !isTaken { action() }
  }
}
