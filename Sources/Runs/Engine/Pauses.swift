import Remote
import Synchronization

/// Waits between tries and between looks, which the run's interrupts may end before their time.
final class Pauses: Sendable {
  private struct Pause {
    let parked: Parked
    /// From so many interrupts on it is over.
    let patience: Int
  }

  private let clock: any Timekeeper
  private let controls: RunControls
  private let pauses = Mutex<[Int: Pause]>([:])

  init(on clock: any Timekeeper, controls: RunControls) {
    self.clock = clock
    self.controls = controls
  }

  /// Waits, unless there were `patience` interrupts or there are meanwhile. One pause at a time for each position.
  func wait(_ duration: Duration, _ position: Int, patience: Int) async {
    var timer: (any TimerToken)?
    await Parked.wait(on: clock) { parked in
      pauses.withLock { $0[position] = Pause(parked: parked, patience: patience) }
      timer = clock.schedule(after: duration) { [weak self] in self?.end(position) }
      // Whoever interrupts after this question finds the pause.
      guard controls.interrupts >= patience else { return true }
      return pauses.withLock { $0.removeValue(forKey: position) } == nil
    }
    timer?.cancel()
  }

  private func end(_ position: Int) { pauses.withLock { $0.removeValue(forKey: position) }?.parked.wake() }

  /// There was one more interrupt.
  func interrupt() {
    let interrupts = controls.interrupts
    let over = pauses.withLock { pauses in
      let over = pauses.filter { $0.value.patience <= interrupts }
      for position in over.keys { pauses[position] = nil }
      return over.sorted { $0.key < $1.key }
    }
    for (_, pause) in over { pause.parked.wake() }
  }
}
