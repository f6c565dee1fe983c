import Synchronization

/// ^C, on its way to what runs in the foreground.
///
/// A command that can end in good order takes the bell while it works and is told of every ^C with its number; where
/// nobody has taken it, whoever rings cancels the command instead.
package final class InterruptBell: Sendable {
  package struct Ring: Sendable {
    /// 1 for the first since the bell was taken.
    package var count: Int
    /// It was no ^C: the process was told to end, and all its runs are stopping already.
    package var endsProcess: Bool
  }

  private struct State {
    var handler: (@Sendable (Ring) -> Void)?
    var rings = 0
    var afterwards: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())

  package init() {}

  /// Rings. False where nobody has taken the bell.
  package func ring(endsProcess: Bool = false) -> Bool {
    let (handler, rings) = state.withLock { state -> ((@Sendable (Ring) -> Void)?, Int) in
      if state.handler != nil { state.rings += 1 }
      return (state.handler, state.rings)
    }
    handler?(Ring(count: rings, endsProcess: endsProcess))
    return handler != nil
  }

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
