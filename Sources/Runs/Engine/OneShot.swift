import Remote
import Synchronization

/// A flag that is raised once.
final class Flag: Sendable {
  private let value = Atomic(false)
  var isRaised: Bool { value.load(ordering: .acquiring) }
  func raise() { value.store(true, ordering: .releasing) }
}

/// Waits for the first of several things: a tool's end, a timer.
final class Rendezvous<Value: Sendable>: Sendable {
  private struct State {
    var arrived: [Value] = []
    var waiter: Parked?
  }

  private let state = Mutex(State())

  func arrive(_ value: Value) {
    let waiter = state.withLock { state -> Parked? in
      state.arrived.append(value)
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.wake()
  }

  /// The next thing that arrived, in order. One task at a time may wait.
  func next(on clock: any Timekeeper) async -> Value {
    while true {
      if let value = state.withLock({ $0.arrived.isEmpty ? nil : $0.arrived.removeFirst() }) { return value }
      await Parked.wait(on: clock) { parked in
        state.withLock { state in
          guard state.arrived.isEmpty else { return false }
          state.waiter = parked
          return true
        }
      }
    }
  }
}
