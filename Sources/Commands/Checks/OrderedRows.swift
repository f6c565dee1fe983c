import Synchronization

/// Hands out results in their order, however they come: what is early waits for those before it.
final class OrderedRows<Value: Sendable>: Sendable {
  private struct State {
    var waiting: [Int: Value] = [:]
    var next = 0
    var done = 0
    var failure: (any Error)?
  }

  private let state = Mutex(State())
  private let emit: @Sendable (Value) throws -> Void

  init(_ emit: @escaping @Sendable (Value) throws -> Void) { self.emit = emit }

  /// Takes the result of one place, from 0. Returns how many there are by now.
  func add(_ value: Value, at place: Int) -> Int {
    state.withLock { state in
      state.waiting[place] = value
      state.done += 1
      while state.failure == nil, let value = state.waiting.removeValue(forKey: state.next) {
        state.next += 1
        do { try emit(value) } catch { state.failure = error }
      }
      return state.done
    }
  }

  /// Nobody reads any more.
  var hasFailed: Bool { state.withLock { $0.failure != nil } }

  /// Hands out what still waits for a place that never came; throws what `emit` threw.
  func finish() throws {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      for (_, value) in state.waiting.sorted(by: { $0.key < $1.key }) { try emit(value) }
      state.waiting = [:]
    }
  }
}
