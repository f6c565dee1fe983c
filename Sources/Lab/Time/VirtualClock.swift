package import Remote
import Synchronization

/// Time that passes only when everybody waits: a repair of 50,000 agents takes seconds, and the same run always takes
/// the same time.
///
/// Tasks that live on it say so (`begin`, `end`); one that sleeps is not active. When none is active, time jumps to the
/// earliest deadline, and all that is due then is woken, in the order in which it was asked for. Whoever is woken is
/// active again before it runs, so time can't run away from it. A scheduled action counts as active while it runs.
package final class VirtualClock: Timekeeper {
  /// The lab's first moment: 2 March 2026, 08:00 UTC.
  package static let usualStart: Double = 1_772_438_400

  enum Waiting: Sendable {
    /// Told whether its time is over, or somebody roused it before.
    case napper(UnsafeContinuation<Bool, Never>)
    case action(@Sendable () -> Void)
  }

  /// Names one nap.
  typealias Nap = DeadlineHeap<Waiting>.Ticket

  private struct State: Sendable {
    var active = 0
    var heap = DeadlineHeap<Waiting>()
  }

  private let state = Mutex(State())
  /// Nanoseconds since the start; changed only with `state` locked.
  private let moment = Atomic<Int64>(0)
  private let start: Double
  /// Nanoseconds, at least 1.
  private let grain: Int64
  private let writeTime: Duration

  /// `start`: seconds since 1970 at which this clock begins. `grain`: deadlines are put off to the next whole grain, so
  /// that many tasks are awake at one moment and share what takes real time, as a journal's commits. `writeTime`: how
  /// long a write to disk takes on this clock; the longer, the more goes on while a real one is on its way.
  package init(
    start: Double = VirtualClock.usualStart, grain: Duration = .nanoseconds(1), writeTime: Duration = .zero
  ) {
    self.start = start
    self.writeTime = writeTime
    self.grain = max(1, grain.wholeNanoseconds)
  }

  package var now: Duration { .nanoseconds(moment.load(ordering: .acquiring)) }

  package var date: Double { start + Double(moment.load(ordering: .acquiring)) / 1e9 }

  /// How many sleepers and actions wait; for tests and for finding out why a run stands still.
  package var waiting: Int { state.withLock { $0.heap.count } }

  /// How many tasks are active.
  package var active: Int { state.withLock { $0.active } }

  package func begin() { state.withLock { $0.active += 1 } }

  package func end() {
    let isIdle = state.withLock { state in
      state.active -= 1
      return state.active <= 0
    }
    if isIdle { advance() }
  }

  package func sleep(for duration: Duration) async throws {
    try Task.checkCancellation()
    let length = duration.wholeNanoseconds
    guard length > 0 else { return }
    let bed = Bed()
    let isOver = await withTaskCancellationHandler {
      await nap(length) { begin in
        bed.withLock { bed in
          if bed.isCancelled { return false }
          bed.nap = begin()
          return true
        }
      }
    } onCancel: {
      let nap = bed.withLock { bed in
        bed.isCancelled = true
        return bed.nap
      }
      if let nap { rouse(nap) }
    }
    if !isOver { throw CancellationError() }
  }

  package func schedule(after duration: Duration, _ action: @escaping @Sendable () -> Void)
    -> any TimerToken
  {
    let ticket = state.withLock { state in
      state.heap.insert(.action(action), at: deadline(max(0, duration.wholeNanoseconds)))
    }
    return Token(clock: self, ticket: ticket)
  }

  package func write() async { await pass(writeTime) }

  package func pass(_ duration: Duration) async {
    let length = duration.wholeNanoseconds
    guard length > 0 else { return }
    _ = await nap(length) { begin in
      _ = begin()
      return true
    }
  }

  /// To be asked with `state` locked.
  private func deadline(_ length: Int64) -> Int64 {
    let exact = moment.load(ordering: .relaxed).adding(length)
    let over = exact % grain
    return over == 0 ? exact : exact.adding(grain - over)
  }

  // MARK: naps

  /// Where one sleep and its cancellation meet, whichever comes first.
  private final class Bed: Sendable {
    struct State: Sendable {
      var nap: Nap?
      var isCancelled = false
    }
    private let state = Mutex(State())
    func withLock<T: Sendable>(_ body: (inout State) -> T) -> T { state.withLock { body(&$0) } }
  }

  /// Waits `length` nanoseconds: true when they are over, false when `rouse` ended it before. No task's cancellation
  /// does. `begin` may begin the nap, once, and keep its name; it answers whether it did. Where not, this returns false.
  func nap(_ length: Int64, _ begin: (() -> Nap) -> Bool) async -> Bool {
    await withUnsafeContinuation { napper in
      var isIdle = false
      let hasBegun = begin {
        state.withLock { state in
          state.active -= 1
          isIdle = state.active <= 0
          return state.heap.insert(.napper(napper), at: deadline(length))
        }
      }
      if !hasBegun { napper.resume(returning: false) } else if isIdle { advance() }
    }
  }

  func isOn(_ nap: Nap) -> Bool { state.withLock { $0.heap.holds(nap) } }

  /// Ends a nap before its time; one that is over already stays as it was.
  func rouse(_ nap: Nap) {
    let napper = state.withLock { state -> UnsafeContinuation<Bool, Never>? in
      guard case .napper(let napper)? = state.heap.remove(nap) else { return nil }
      state.active += 1
      return napper
    }
    napper?.resume(returning: false)
  }

  // MARK: moving on

  /// Jumps from deadline to deadline until somebody is active or nothing waits.
  private func advance() {
    while true {
      let due: [Waiting] = state.withLock { state in
        guard state.active <= 0, let next = state.heap.removeEarliest() else { return [] }
        if next.deadline > moment.load(ordering: .relaxed) { moment.store(next.deadline, ordering: .releasing) }
        state.active += next.payloads.count
        return next.payloads
      }
      guard !due.isEmpty else { return }
      var actions = 0
      for waiting in due {
        switch waiting {
        case .napper(let napper): napper.resume(returning: true)
        case .action(let action):
          action()
          actions += 1
        }
      }
      guard actions > 0 else { return }
      state.withLock { $0.active -= actions }
    }
  }

  private struct Token: TimerToken {
    let clock: VirtualClock
    let ticket: DeadlineHeap<Waiting>.Ticket
    func cancel() { clock.state.withLock { _ = $0.heap.remove(ticket) } }
  }
}

extension Duration {
  /// Nanoseconds; what is longer than 292 years counts as that.
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? (seconds > 0 ? .max : .min) : product.adding(attoseconds / 1_000_000_000)
  }
}

extension Int64 {
  /// The sum, or the largest number where it would be larger.
  fileprivate func adding(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : sum
  }
}

extension Timekeeper {
  /// Runs `body` as a task that lives on this clock.
  package func living<T>(_ body: () async throws -> T) async rethrows -> T {
    begin()
    defer { end() }
    return try await body()
  }
}
