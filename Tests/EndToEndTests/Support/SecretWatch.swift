import Foundation
import Synchronization

/// Looks again and again whether a secret stands in the arguments or the environment of a process. The same look at the
/// endpoints of a rig, where the secret *is* an argument, shows that it would be seen.
final class SecretWatch: Sendable {
  /// Whose processes are looked at.
  enum Scope: Sendable {
    /// What a process is or has started.
    case descendants(of: pid_t)
    /// Every process there is.
    case machine
  }

  struct Findings: Sendable, Hashable {
    var looks = 0
    /// Files of `/proc` where it stood, on our side: ID, name of the program, name of the file.
    var ours: Set<String> = []
    /// The same on the endpoints.
    var endpoints: Set<String> = []
  }

  /// How the processes are told that run on an endpoint of the rig, not on our side.
  struct Endpoints: Sendable {
    /// Everything that it started: the SSH servers, and what `ForceCommand` runs for each command.
    var ancestor: pid_t
    /// Wine gives its processes to the first of all, so ancestry says nothing there; each has its `WINEPREFIX`, in this
    /// folder.
    var prefixes: String?
  }

  private struct State {
    var findings = Findings()
    /// Endpoints' processes that were looked at: what they hold is theirs.
    var known: Set<pid_t> = []
  }

  private let secrets: [Data]
  private let scope: Scope
  private let endpoints: Endpoints
  private let interval: Duration
  private let state = Mutex(State())

  /// `secrets`: texts any of which gives the secret away, however the rest of it is quoted.
  init(_ secrets: [String], in scope: Scope, endpoints: Endpoints, every interval: Duration) {
    self.secrets = secrets.flatMap { [Data($0.utf8), SecretWatch.utf16($0)] }
    self.scope = scope
    self.endpoints = endpoints
    self.interval = interval
  }

  static func utf16(_ text: String) -> Data { Data(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) }

  /// The files below a folder that hold any of the texts, as UTF-8 or as UTF-16; their paths in it. Links aren't followed.
  static func files(in folder: String, holding texts: [String]) throws -> [String] {
    let forms = texts.flatMap { [Data($0.utf8), utf16($0)] }
    return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
      let path = folder + "/" + name
      let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      guard type == .typeRegular, let data = FileManager.default.contents(atPath: path) else { return false }
      return forms.contains { data.range(of: $0) != nil }
    }
  }

  /// Watches until `body` returns.
  func watching<T: Sendable>(_ body: () async throws -> T) async rethrows -> (T, Findings) {
    let watcher = Task.detached { [self] in
      while !Task.isCancelled {
        look()
        try? await Task.sleep(for: interval)
      }
    }
    defer { watcher.cancel() }
    let result = try await body()
    return (result, state.withLock { $0.findings })
  }

  private func look() {
    let all = Set(Processes.all)
    let known = state.withLock { state in
      state.known.formIntersection(all)
      return state.known
    }
    for id in all.subtracting(known) {
      if case .descendants(let ancestor) = scope, !Processes.descends(id, from: ancestor),
        !Processes.descends(id, from: endpoints.ancestor)
      {
        continue
      }
      look(at: id)
    }
    state.withLock { $0.findings.looks += 1 }
  }

  /// The environment first: it says whose the process is.
  private func look(at id: pid_t) {
    let environment = Processes.contents("environ", of: id) ?? Data()
    let line = Processes.contents("cmdline", of: id) ?? Data()
    let isInPrefix = endpoints.prefixes.map { environment.range(of: Data("WINEPREFIX=\($0)/".utf8)) != nil } ?? false
    for (file, data) in [("environ", environment), ("cmdline", line)]
    where secrets.contains(where: { data.range(of: $0) != nil }) {
      let isEndpoint = isInPrefix || Processes.descends(id, from: endpoints.ancestor)
      let found = "\(id) \(Processes.name(of: id)) \(file)"
      state.withLock { state in
        if isEndpoint { state.findings.endpoints.insert(found) } else { state.findings.ours.insert(found) }
      }
    }
    // Wine's are many, and looking at each once is enough.
    if isInPrefix { state.withLock { _ = $0.known.insert(id) } }
  }
}
