package import Remote

/// The wall clock, running faster: every process that works on a lab on disk sees the same time, `speed` seconds of it
/// for each real one since the lab was made.
struct ScaledClock: Timekeeper {
  private let wall = WallClock()
  /// Seconds since 1970 when the lab was made: there both clocks agree.
  let origin: Double
  let speed: Double

  var now: Duration { wall.now * speed }
  var date: Double { origin + (wall.date - origin) * speed }

  func sleep(for duration: Duration) async throws { try await wall.sleep(for: duration / speed) }

  func schedule(after duration: Duration, _ action: @escaping @Sendable () -> Void)
    -> any TimerToken
  {
    wall.schedule(after: duration / speed, action)
  }

  func isMoment(_ duration: Duration) -> Bool { duration / speed < .milliseconds(20) }

  func begin() {}
  func end() {}
}

extension LabFleet {
  /// The wall clock from now on, so many times as fast.
  package static func hurriedClock(speed: Double) -> any Timekeeper {
    ScaledClock(origin: WallClock().date, speed: speed)
  }
}
