import Remote

/// A task that waits for another task of the same clock.
///
/// Whoever wakes it makes it live on the clock first; were that left to the woken task, a virtual clock could move
/// in between.
struct Parked: Sendable {
  private let continuation: CheckedContinuation<Void, Never>
  private let clock: any Timekeeper

  func wake() {
    clock.begin()
    continuation.resume()
  }

  /// Leaves the clock. Call it under the lock that a waker takes, so that its `begin` never comes before this `end`.
  func leave() { clock.end() }

  /// Parks the calling task. `enqueue` runs at once: it puts the value where a waker finds it and calls `leave`, both
  /// under the owner's lock, and returns true; or it returns false not to wait at all.
  static func wait(on clock: any Timekeeper, _ enqueue: (Parked) -> Bool) async {
    await withCheckedContinuation { continuation in
      if !enqueue(Parked(continuation: continuation, clock: clock)) { continuation.resume() }
    }
  }
}
