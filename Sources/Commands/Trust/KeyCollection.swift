import ApexOne
import Remote
import Runs
import Synchronization

/// Reads the keys that endpoints show, some at a time; logs on nowhere.
struct KeyCollection: Sendable {
  var scanner: any HostKeyScanner
  var parallel: Int
  var limit: Duration
  var console: any Console

  /// A result for each target, in their order. Throws `CancellationError` after ^C.
  func run(_ targets: [TrustTargets.Target]) async throws -> [Result<TrustKey, RemoteError>] {
    let none = Result<TrustKey, RemoteError>.failure(RemoteError(.dropped, "not asked"))
    let found = Mutex(
      (results: [Result<TrustKey, RemoteError>](repeating: none, count: targets.count), done: 0, keyless: 0))
    let clock = WallClock()
    await SlotPool.sweep(targets, atOnce: parallel, on: clock) { place, target in
      let result = await scan(target)
      let (done, keyless) = found.withLock { found in
        found.results[place] = result
        found.done += 1
        if case .failure = result { found.keyless += 1 }
        return (found.done, found.keyless)
      }
      console.progress(
        ProgressSnapshot(
          label: "collecting host keys", done: done, total: targets.count,
          detail: keyless == 0 ? nil : "\(NumberText.grouped(keyless)) without", elapsed: clock.now))
    }
    console.progress(nil)
    try Task.checkCancellation()
    return found.withLock { $0.results }
  }

  private func scan(_ target: TrustTargets.Target) async -> Result<TrustKey, RemoteError> {
    if let problem = target.problem { return .failure(RemoteError(.unsupported, problem)) }
    do throws(RemoteError) {
      return .success(try await scanner.scan(Endpoint(name: target.agent.text), within: limit))
    } catch {
      return .failure(error)
    }
  }
}
