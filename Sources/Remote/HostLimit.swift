import Synchronization

extension Host {
  /// Does work on this connection that comes to an end whatever the far side does.
  ///
  /// When `limit` is over on the clock the connection is cut and `late` thrown. When the task is cancelled (^C) it is
  /// cut after `grace` of real time, in which work that notices can still put things in order.
  package func cutting<T: Sendable, Failure: Error>(
    after limit: Duration, on clock: any Timekeeper, grace: Duration = .zero, late: @autoclosure () -> Failure,
    _ work: () async throws(Failure) -> T
  ) async throws(Failure) -> T {
    let isLate = Lateness()
    let timer = clock.schedule(after: limit) { [self] in
      isLate.raise()
      abort()
    }
    defer { timer.cancel() }
    let result: Result<T, Failure> = await withTaskCancellationHandler {
      do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
    } onCancel: {
      guard grace > .zero else { return abort() }
      Task.detached {
        try? await Task.sleep(for: grace)
        self.abort()
      }
    }
    // Work may take a cut connection for an answer.
    if isLate.isRaised { throw late() }
    return try result.get()
  }
}

private final class Lateness: Sendable {
  private let value = Mutex(false)
  var isRaised: Bool { value.withLock { $0 } }
  func raise() { value.withLock { $0 = true } }
}
