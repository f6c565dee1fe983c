import Remote

/// Whether what failed at an endpoint is tried again, and after which pause: the one rule of all that is repeated there.
struct RetryPolicy: Sendable {
  enum Limit: Sendable {
    /// So many tries after the first.
    case tries(Int)
    /// A time on the run's clock.
    case until(Duration)
  }

  /// What ends the repeating before its limit.
  enum Stop: Sendable {
    /// The run starts nothing more.
    case ofRun
    /// The interrupt that cuts everything.
    case fullCut
  }

  var limit: Limit
  var stop: Stop
  /// Between two tries; nil: one second, then twice as long each time, five minutes at most.
  var pause: Duration?
  /// Also what would fail again by itself is tried again.
  var repeatsAll = false

  /// The pause before the next try; nil where there is none.
  func pause(after tries: Int, _ error: RemoteError, _ conditions: RepairConditions) -> Duration? {
    let isStopped = stop == .ofRun ? conditions.stop != nil : conditions.cutsAll
    guard !isStopped, repeatsAll || error.isTransient else { return nil }
    switch limit {
    case .tries(let limit) where tries >= limit: return nil
    case .until(let limit) where conditions.now >= limit: return nil
    default: return pause ?? RetryPolicy.backOff(after: tries + 1)
    }
  }

  static func backOff(after tries: Int) -> Duration { .seconds(min(300, 1 << min(tries, 16))) }

  /// Connecting, inspecting and staging, as long as nothing was changed.
  static func untouched(_ options: RunOptions) -> RetryPolicy {
    RetryPolicy(limit: .tries(options.retries), stop: .ofRun)
  }

  static func cleanUp(_ options: RunOptions) -> RetryPolicy {
    RetryPolicy(limit: .tries(options.retries), stop: .fullCut, repeatsAll: true)
  }

  /// Where something was begun that must be seen to, whatever stops the run meanwhile.
  static func begun(until limit: Duration) -> RetryPolicy {
    RetryPolicy(limit: .until(limit), stop: .fullCut, pause: RepairPolicy.interval)
  }

  /// Handing a command over to an endpoint that has no agent now.
  static let handOver = RetryPolicy(limit: .tries(3), stop: .fullCut, pause: .zero)
}

extension RemoteError {
  /// It may pass by itself. A password that may have been refused is not sent again.
  var isTransient: Bool {
    switch kind {
    case .unreachable, .timedOut, .dropped, .protocolFault: !mayHaveRefusedPassword
    default: false
    }
  }
}
