import Remote
import Synchronization

/// A connection to a simulated machine: every wait on it ends when its time is over or when the connection is cut.
///
/// Whoever ends a wait makes the waiting task active on the clock first, so that virtual time can't pass in between.
final class LabLine: Sendable {
  private enum End { case overdue, cut }

  private struct State: Sendable {
    var isCut = false
    var nextWait = 0
    var waits: [Int: Wait] = [:]
  }

  private struct Wait: Sendable {
    let continuation: CheckedContinuation<Bool, Never>
    var timer: (any TimerToken)?
  }

  let clock: any Timekeeper
  private let state = Mutex(State())

  init(clock: any Timekeeper) { self.clock = clock }

  var isCut: Bool { state.withLock { $0.isCut } }

  /// Waits for `seconds`, or for good when nil. False when the line was cut.
  func wait(_ seconds: Double?) async -> Bool {
    if let seconds, seconds <= 0 { return !isCut }
    return await withCheckedContinuation { continuation in
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
    let waits: [Wait] = state.withLock { state in
      state.isCut = true
      defer { state.waits = [:] }
      return state.waits.sorted { $0.key < $1.key }.map(\.value)
    }
    for wait in waits {
      wait.timer?.cancel()
      clock.begin()
      wait.continuation.resume(returning: false)
    }
  }
}
