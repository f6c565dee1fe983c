package import Remote
import Synchronization

/// How many endpoints are worked on at once. Agents that already began go before new ones.
package final class SlotPool: Sendable {
  package enum Priority: Sendable { case begun, new }

  private struct State {
    var limit: Int
    var taken = 0
    var begun: [Parked] = []
    var new: [Parked] = []

    mutating func take() -> Bool {
      guard taken < limit else { return false }
      taken += 1
      return true
    }

    mutating func next() -> Parked? {
      guard taken < limit else { return nil }
      if !begun.isEmpty {
        taken += 1
        return begun.removeFirst()
      }
      if !new.isEmpty {
        taken += 1
        return new.removeFirst()
      }
      return nil
    }
  }

  private let state: Mutex<State>
  private let clock: any Timekeeper

  package init(limit: Int, clock: any Timekeeper) {
    state = Mutex(State(limit: max(1, limit)))
    self.clock = clock
  }

  package func acquire(_ priority: Priority) async {
    if state.withLock({ $0.take() }) { return }
    await Parked.wait(on: clock) { parked in
      state.withLock { state in
        if state.take() { return false }
        switch priority {
        case .begun: state.begun.append(parked)
        case .new: state.new.append(parked)
        }
        return true
      }
    }
  }

  package func release() {
    let next = state.withLock { state -> Parked? in
      state.taken -= 1
      return state.next()
    }
    next?.wake()
  }

  /// Takes effect at once when raised; when lowered, as slots come back.
  func setLimit(_ limit: Int) {
    let woken = state.withLock { state -> [Parked] in
      state.limit = max(1, limit)
      var woken: [Parked] = []
      while let next = state.next() { woken.append(next) }
      return woken
    }
    for parked in woken { parked.wake() }
  }
}
