/// The time a run lives on: the wall clock, or the lab's virtual clock.
///
/// A virtual clock moves only when every task that lives on it is waiting. So a task says when it begins and ends; a wait
/// for *another* task of the clock is `Parked` or lies between `end` and `begin`. Waits for real work (a database, a
/// thread) are neither: time stands still for them.
package protocol Timekeeper: Sendable {
  /// Time since this clock's start.
  var now: Duration { get }
  /// Seconds since 1970 on this clock.
  var date: Double { get }
  /// Waits; throws `CancellationError` when the task is cancelled.
  func sleep(for duration: Duration) async throws
  /// Waits in a task that nobody cancels.
  func pass(_ duration: Duration) async
  /// Calls `action` once when `duration` is over, unless cancelled before. `action` must be quick.
  func schedule(after duration: Duration, _ action: @escaping @Sendable () -> Void) -> any TimerToken
  /// Waits as long as a write to disk takes on this clock, where real time does not say; the real one goes on meanwhile.
  func write() async
  /// Whether so long a wait is over before a connection could be closed and opened again, so that it is better kept. Only
  /// a clock that runs many times as fast as real time says so.
  func isMoment(_ duration: Duration) -> Bool
  /// A task that lives on this clock begins; call before it is created.
  func begin()
  /// That task ends.
  func end()
}

extension Timekeeper {
  package func write() async {}
  package func pass(_ duration: Duration) async { try? await sleep(for: duration) }
  package func isMoment(_ duration: Duration) -> Bool { false }
}

package protocol TimerToken: Sendable {
  func cancel()
}
