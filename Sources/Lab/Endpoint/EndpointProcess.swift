import Remote

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A simulated program in a process of its own: to be killed is to be killed.
struct EndpointProcess: SimulatedProcess {
  let clock: any Timekeeper

  var date: Double { clock.date }

  func pause(_ seconds: Double) async throws(Killed) {
    do {
      try await clock.sleep(for: .nanoseconds(Int64(seconds * 1e9)))
    } catch {
      throw Killed()
    }
  }

  func hang() async -> Killed {
    while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
    return Killed()
  }

  /// Ends the SSH session that started this process, if one did, and the process.
  func cutConnection() -> Killed {
    let parent = getppid()
    if parent > 1, Self.isSSHServer(parent) { kill(parent, SIGKILL) }
    _exit(255)
  }

  /// Never another process than the session's own: a test runner must not be ended.
  private static func isSSHServer(_ process: pid_t) -> Bool {
    let file = open("/proc/\(process)/comm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = read(file, &buffer, buffer.count)
    return count > 0 && buffer.prefix(count).starts(with: "sshd".utf8)
  }
}
