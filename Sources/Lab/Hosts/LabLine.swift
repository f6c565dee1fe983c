import Remote
import Synchronization

/// A connection to a simulated machine: every wait on it ends when its time is over or when the connection is cut.
///
/// Whoever ends a wait makes the waiting task active on the clock first, so that virtual time can't pass in between.
final class LabLine: Sendable {
  private struct State: Sendable {
    var isCut = false
    /// Waits on a virtual clock, which may be over already: mostly there is one.
    var nap: VirtualClock.Nap?
    var otherNaps: [VirtualClock.Nap] = []
    var nextWait = 0
    var waits: [Int: Wait] = [:]
  }

  private struct Wait: Sendable {
    let continuation: CheckedContinuation<Bool, Never>
    var timer: (any TimerToken)?
  }

  let clock: any Timekeeper
  /// The same where it is a virtual one: a wait is then an entry of its, and needs no timer.
  private let virtualClock: VirtualClock?
  private let state = Mutex(State())

  init(clock: any Timekeeper) {
    self.clock = clock
    virtualClock = clock as? VirtualClock
  }

  var isCut: Bool { state.withLock { $0.isCut } }

  /// Waits for `seconds`, or for good when nil. False when the line was cut.
  func wait(_ seconds: Double?) async -> Bool {
    guard let seconds else { return await wait(timed: nil) }
    if seconds <= 0 { return !isCut }
    guard let virtualClock else { return await wait(timed: seconds) }
    return await virtualClock.nap(Int64(seconds * 1e9)) { begin in
      state.withLock { state in
        if state.isCut { return false }
        let nap = begin()
        // One that has been is over, or another wait of this line still goes on.
        if let before = state.nap, virtualClock.isOn(before) { state.otherNaps.append(before) }
        state.nap = nap
        return true
      }
    }
  }

  /// The same on a clock that only has timers, or for good.
  private func wait(timed seconds: Double?) async -> Bool {
    await withCheckedContinuation { continuation in
      let number: Int? = state.withLock { state in
        guard !state.isCut else { return nil }
        state.nextWait += 1
        state.waits[state.nextWait] = Wait(continuation: continuation, timer: nil)
        return state.nextWait
      }
      guard let number else { return continuation.resume(returning: false) }
      if let seconds { setTimer(number, seconds) }
      clock.end()
    }
  }

  private func setTimer(_ number: Int, _ seconds: Double) {
    let timer = clock.schedule(after: .nanoseconds(Int64(seconds * 1e9))) { self.finish(number) }
    let isWanted = state.withLock { state in
      state.waits[number]?.timer = timer
      return state.waits[number] != nil
    }
    if !isWanted { timer.cancel() }
  }

  private func finish(_ number: Int) {
    guard let wait = state.withLock({ $0.waits.removeValue(forKey: number) }) else { return }
    clock.begin()
    wait.continuation.resume(returning: true)
  }

  /// Ends the connection: every wait ends at once, and every later one.
  func cut() {
    let (naps, waits) = state.withLock { state in
      state.isCut = true
      defer { (state.nap, state.otherNaps, state.waits) = (nil, [], [:]) }
      let naps = state.otherNaps + (state.nap.map { [$0] } ?? [])
      return (naps, state.waits.isEmpty ? [] : state.waits.sorted { $0.key < $1.key }.map(\.value))
    }
    for nap in naps { virtualClock?.rouse(nap) }
    for wait in waits {
      wait.timer?.cancel()
      clock.begin()
      wait.continuation.resume(returning: false)
    }
  }
}
