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

  /// Parks the calling task. `enqueue` runs at once: it puts the value where a waker finds it and returns true; or it
  /// returns false not to wait at all.
  ///
  /// The clock is left after `enqueue`, outside its lock: leaving may let time jump and run what was scheduled, which
  /// may want that lock. A waker that is quicker only makes the clock count one task too many for a moment.
  static func wait(on clock: any Timekeeper, _ enqueue: (Parked) -> Bool) async {
    await withCheckedContinuation { continuation in
      if enqueue(Parked(continuation: continuation, clock: clock)) { clock.end() } else { continuation.resume() }
    }
  }
}
