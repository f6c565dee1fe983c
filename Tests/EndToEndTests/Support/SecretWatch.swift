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
    /// Processes that need no further look: an endpoint's, since what it holds is its own, and what has ended.
    var known: Set<pid_t> = []
    var isOver = false
  }

  private let secrets: [Data]
  private let scope: Scope
  private let endpoints: Endpoints
  /// Microseconds.
  private let interval: UInt32
  private let state = Mutex(State())

  /// `secrets`: texts any of which gives the secret away, however the rest of it is quoted.
  init(_ secrets: [String], in scope: Scope, endpoints: Endpoints, everyMilliseconds interval: UInt32) {
    self.secrets = secrets.flatMap { [Data($0.utf8), SecretWatch.utf16($0)] }
    self.scope = scope
    self.endpoints = endpoints
    self.interval = interval * 1_000
  }

  static func utf16(_ text: String) -> Data { Data(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) }

  /// The files below a folder that hold any of the texts, as UTF-8 or as UTF-16; their paths in it. Links aren't followed.
  static func files(in folder: String, holding texts: [String]) throws -> [String] {
    let forms = texts.flatMap { [Data($0.utf8), utf16($0)] }
    return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
      let path = folder + "/" + name
      let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      guard type == .typeRegular, let data = FileManager.default.contents(atPath: path) else { return false }
      return forms.contains(where: data.holds)
    }
  }

  /// Watches until `body` returns.
  func watching<T: Sendable>(_ body: () async throws -> T) async rethrows -> (T, Findings) {
    // A thread of its own: tasks of all tests share a few, and would make it late.
    Thread.detachNewThread { [self] in
      while !state.withLock({ $0.isOver }) {
        look()
        usleep(interval)
      }
    }
    defer { state.withLock { $0.isOver = true } }
    let result = try await body()
    return (result, state.withLock { $0.findings })
  }

  private func look() {
    let all = Set(Processes.all)
    let known = state.withLock { state in
      state.known.formIntersection(all)
      return state.known
    }
    for (id, isEndpoint) in inScope(all.subtracting(known)) { look(at: id, isEndpoint: isEndpoint) }
    state.withLock { $0.findings.looks += 1 }
  }

  /// Which processes are looked at, and whether each is known to be an endpoint's. Whose it is is told here, once: a
  /// process whose parent ends a moment later descends from nobody any more, and would be taken for one of ours.
  private func inScope(_ all: Set<pid_t>) -> [pid_t: Bool] {
    guard case .descendants(let ancestor) = scope else {
      return Dictionary(uniqueKeysWithValues: all.map { ($0, Processes.descends($0, from: endpoints.ancestor)) })
    }
    var parents: [pid_t: pid_t] = [:]
    for id in all { parents[id] = Processes.status(of: id)?.parent }
    var found: [pid_t: Bool] = [:]
    for id in all {
      var last = id
      while last > 1, last != ancestor, last != endpoints.ancestor { last = parents[last] ?? 0 }
      if last > 1 { found[id] = last == endpoints.ancestor }
    }
    return found
  }

  private func isInPrefix(_ environment: Data) -> Bool {
    endpoints.prefixes.map { environment.holds(Data("WINEPREFIX=\($0)/".utf8)) } ?? false
  }

  /// The environment first: it says whose the process is. A process that is just starting a program has none for a
  /// moment, and is asked again.
  private func look(at id: pid_t, isEndpoint: Bool) {
    let environment = Processes.contents("environ", of: id) ?? Data()
    let line = Processes.contents("cmdline", of: id) ?? Data()
    let isInPrefix = isInPrefix(environment)
    for (file, data) in [("environ", environment), ("cmdline", line)]
    where secrets.contains(where: data.holds) {
      let isEndpoint = isEndpoint || isInPrefix || self.isInPrefix(Processes.contents("environ", of: id) ?? Data())
      let found = "\(id) \(Processes.name(of: id)) \(file)"
      state.withLock { state in
        if isEndpoint { state.findings.endpoints.insert(found) } else { state.findings.ours.insert(found) }
      }
    }
    // Wine's are many, and so are zombies where the first process is slow to bury them: one look at each is enough.
    // One that nothing could be read of may be alive all the same: known as over it would hide all that it starts.
    let isOver = environment.isEmpty && line.isEmpty && Processes.status(of: id)?.state == "Z"
    if isInPrefix || isOver { state.withLock { _ = $0.known.insert(id) } }
  }
}
