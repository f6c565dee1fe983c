import Foundation

/// Real time.
package struct WallClock: Timekeeper {
  private let start = ContinuousClock.now

  package init() {}

  package var now: Duration { ContinuousClock.now - start }
  package var date: Double { Date().timeIntervalSince1970 }

  package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }

  package func schedule(after duration: Duration, _ action: @escaping @Sendable () -> Void) -> any TimerToken {
    let task = Task {
      do { try await Task.sleep(for: duration) } catch { return }
      action()
    }
    return Token(task: task)
  }

  package func begin() {}
  package func end() {}

  private struct Token: TimerToken {
    let task: Task<Void, Never>
    func cancel() { task.cancel() }
  }
}
