package import Remote
import Synchronization

/// How many endpoints are worked on at once. Agents that already began go before new ones.
package final class SlotPool: Sendable {
  package enum Priority: Sendable { case begun, new }

  private struct State {
    var limit: Int
    var taken = 0
    var begun = WaitingLine<Parked>()
    var new = WaitingLine<Parked>()

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

extension SlotPool {
  /// Works on many things, so many at once; begins in their order and returns when all that began are done. Begins no more
  /// where `goesOn` says so or the task is cancelled, which cancels those under way, too.
  ///
  /// - Parameter work: gets each one's place, from 0, beside it.
  package static func sweep<Element: Sendable>(
    _ elements: [Element], atOnce limit: Int, on clock: any Timekeeper, while goesOn: () -> Bool = { true },
    _ work: @escaping @Sendable (Int, Element) async -> Void
  ) async {
    let slots = SlotPool(limit: limit, clock: clock)
    clock.begin()
    await withTaskGroup(of: Void.self) { group in
      for (place, element) in elements.enumerated() {
        await slots.acquire(.new)
        if Task.isCancelled || !goesOn() { break }
        clock.begin()
        group.addTask {
          await work(place, element)
          slots.release()
          clock.end()
        }
      }
      clock.end()
    }
  }
}

/// Those who wait, first come first served: taking the first is no search, however many thousands stand behind.
struct WaitingLine<Member> {
  private var members: [Member?] = []
  private var head = 0

  var all: [Member] { members[head...].compactMap { $0 } }
  var first: Member? { head < members.count ? members[head] : nil }

  mutating func join(_ newcomer: Member) { members.append(newcomer) }

  mutating func leave() -> Member? {
    guard head < members.count else { return nil }
    let leaving = members[head].take()
    head += 1
    if head > 64, head * 2 > members.count {
      members.removeFirst(head)
      head = 0
    }
    return leaving
  }

  /// Takes out whoever `isGone` says, in order.
  mutating func remove(where isGone: (Member) -> Bool) -> [Member] {
    var (gone, left) = ([Member](), [Member?]())
    for case let member? in members[head...] {
      if isGone(member) { gone.append(member) } else { left.append(member) }
    }
    (members, head) = (left, 0)
    return gone
  }
}
