import Foundation
import Synchronization

/// Looks, every 20 ms, whether a secret stands in the arguments or the environment of a process or of anything it
/// started. The same look at the simulated endpoints, where the secret *is* an argument, shows that it would be seen.
final class SecretWatch: Sendable {
  struct Findings: Sendable, Hashable {
    var looks = 0
    /// Files of `/proc` where it stood, on our side.
    var ours: Set<String> = []
    /// The same among what the SSH servers started.
    var endpoints: Set<String> = []
  }

  private let secret: Data
  private let ours: pid_t
  private let endpoints: pid_t
  private let state = Mutex(Findings())

  init(_ secret: String, ours: pid_t, endpoints: pid_t) {
    self.secret = Data(secret.utf8)
    self.ours = ours
    self.endpoints = endpoints
  }

  /// Watches until `body` returns.
  func watching<T: Sendable>(_ body: () async throws -> T) async rethrows -> (T, Findings) {
    // A thread of its own: in a full run a task may wait for seconds, and a tool is gone by then.
    let isOver = Mutex(false)
    let watcher = Thread { [self] in
      while !isOver.withLock({ $0 }) {
        look()
        usleep(20_000)
      }
    }
    watcher.qualityOfService = .userInteractive
    watcher.start()
    defer { isOver.withLock { $0 = true } }
    let result = try await body()
    return (result, state.withLock { $0 })
  }

  private func look() {
    var parents: [pid_t: pid_t] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      if let id = pid_t(name), let parent = SecretWatch.parent(of: id) { parents[id] = parent }
    }
    for id in parents.keys {
      let isOurs = SecretWatch.descends(id, from: ours, parents)
      guard isOurs || SecretWatch.descends(id, from: endpoints, parents) else { continue }
      for file in ["cmdline", "environ"] {
        guard let data = SecretWatch.contents("/proc/\(id)/\(file)"), data.range(of: secret) != nil else { continue }
        state.withLock { state in
          if isOurs { state.ours.insert("\(id)/\(file)") } else { state.endpoints.insert("\(id)/\(file)") }
        }
      }
    }
    state.withLock { $0.looks += 1 }
  }

  private static func descends(_ id: pid_t, from ancestor: pid_t, _ parents: [pid_t: pid_t]) -> Bool {
    var id = id
    while id > 1 {
      if id == ancestor { return true }
      id = parents[id] ?? 0
    }
    return false
  }

  /// The fourth word of `stat`, counted behind the name, which may hold blanks.
  private static func parent(of id: pid_t) -> pid_t? {
    guard let data = contents("/proc/\(id)/stat"), let end = data.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let words = String(decoding: data[(end + 1)...], as: UTF8.self).split(separator: " ")
    return words.count > 1 ? pid_t(words[1]) : nil
  }

  /// Files of `/proc` say that they are empty: read to the end.
  private static func contents(_ path: String) -> Data? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return data }
      data.append(contentsOf: buffer[..<count])
    }
  }
}
