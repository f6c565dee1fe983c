import Dispatch
import Foundation
import Synchronization

/// Acts when something takes too long: one thread for the whole process.
final class Watchdog: Sendable {
  static let shared = Watchdog()

  /// One thing that is watched.
  final class Watch: Sendable {
    private let deadline: Mutex<ContinuousClock.Instant?>
    private let action: @Sendable () -> Void

    fileprivate init(until deadline: ContinuousClock.Instant, action: @escaping @Sendable () -> Void) {
      self.deadline = Mutex(deadline)
      self.action = action
    }

    /// It moves: the time begins anew.
    func extend(by allowed: Duration) {
      deadline.withLock { if $0 != nil { $0 = .now + allowed } }
    }

    func disarm() { deadline.withLock { $0 = nil } }

    /// Nil when it is disarmed or has acted; else when to look again.
    fileprivate func look(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
      let (next, isDue) = deadline.withLock { deadline -> (ContinuousClock.Instant?, Bool) in
        guard let due = deadline else { return (nil, false) }
        guard due <= now else { return (due, false) }
        deadline = nil
        return (nil, true)
      }
      if isDue { action() }
      return next
    }
  }

  private let watches = Mutex<[Watch]>([])
  private let wake = DispatchSemaphore(value: 0)

  private init() {
    let thread = Thread { [self] in
      while true { turn() }
    }
    thread.stackSize = 512 << 10
    thread.name = "watchdog"
    thread.start()
  }

  /// Calls `action`, once and quickly, when `allowed` is over, unless disarmed before.
  func arm(_ allowed: Duration, _ action: @escaping @Sendable () -> Void) -> Watch {
    let watch = Watch(until: .now + allowed, action: action)
    watches.withLock { $0.append(watch) }
    wake.signal()
    return watch
  }

  private func turn() {
    let now = ContinuousClock.now
    var earliest: ContinuousClock.Instant?
    var ended = Set<ObjectIdentifier>()
    for watch in watches.withLock({ $0 }) {
      guard let next = watch.look(at: now) else {
        ended.insert(ObjectIdentifier(watch))
        continue
      }
      earliest = min(earliest ?? next, next)
    }
    watches.withLock { $0.removeAll { ended.contains(ObjectIdentifier($0)) } }
    guard let earliest else { return wake.wait() }
    let left = max(.zero, earliest - .now).components
    let nanoseconds = Int(min(left.seconds, 3_600)) * 1_000_000_000 + Int(left.attoseconds / 1_000_000_000)
    _ = wake.wait(timeout: .now() + .nanoseconds(nanoseconds))
  }
}
