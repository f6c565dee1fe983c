import ApexOne
import Remote

/// Reads the keys that endpoints show, some at a time; logs on nowhere.
struct KeyCollection: Sendable {
  var scanner: any HostKeyScanner
  var parallel: Int
  var limit: Duration
  var console: any Console

  /// A result for each target, in their order. Throws `CancellationError` after ^C.
  func run(_ targets: [TrustTargets.Target]) async throws -> [Result<TrustKey, RemoteError>] {
    var found = [Result<TrustKey, RemoteError>](
      repeating: .failure(RemoteError(.dropped, "not asked")), count: targets.count)
    var next = 0
    var done = 0
    var keyless = 0
    let started = ContinuousClock.now
    try await withThrowingTaskGroup(of: (Int, Result<TrustKey, RemoteError>).self) { group in
      while next < targets.count || done < next {
        try Task.checkCancellation()
        if next < targets.count, next - done < parallel {
          let place = next
          group.addTask { (place, await scan(targets[place])) }
          next += 1
          continue
        }
        guard let (place, result) = try await group.next() else { break }
        found[place] = result
        done += 1
        if case .failure = result { keyless += 1 }
        console.progress(
          ProgressSnapshot(
            label: "collecting host keys", done: done, total: targets.count,
            detail: keyless == 0 ? nil : "\(NumberText.grouped(keyless)) without", elapsed: started.duration(to: .now)))
      }
    }
    console.progress(nil)
    try Task.checkCancellation()
    return found
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
