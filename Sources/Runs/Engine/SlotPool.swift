package import Remote
import Synchronization

/// How many endpoints are worked on at once. Agents that already began go before new ones.
package final class SlotPool: Sendable {
  package enum Priority: Sendable { case begun, new }

  private struct State {
    var limit: Int
    var taken = 0
    var begun = Line()
    var new = Line()

    mutating func take() -> Bool {
      guard taken < limit else { return false }
      taken += 1
      return true
    }

    mutating func next() -> Parked? {
      guard taken < limit, let next = begun.leave() ?? new.leave() else { return nil }
      taken += 1
      return next
    }
  }

  /// Those who wait, first come first served: taking the first is no search, however many thousands stand behind.
  private struct Line {
    private var parked: [Parked?] = []
    private var first = 0

    mutating func join(_ newcomer: Parked) { parked.append(newcomer) }

    mutating func leave() -> Parked? {
      guard first < parked.count else { return nil }
      let leaving = parked[first].take()
      first += 1
      if first > 64, first * 2 > parked.count {
        parked.removeFirst(first)
        first = 0
      }
      return leaving
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
        case .begun: state.begun.join(parked)
        case .new: state.new.join(parked)
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
