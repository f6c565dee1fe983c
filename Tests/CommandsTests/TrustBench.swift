import ApexOne
import Foundation
import Remote
import Synchronization

@testable import Commands

/// A config folder, a console, and endpoints that show keys: what the trust commands work on.
struct TrustBench {
  let folder: String
  let console: TestConsole
  let scanner: FakeScanner
  var invocation: Invocation

  init(
    known: String? = nil, shown: [String: Result<TrustKey, RemoteError>] = [:], isInteractive: Bool = false,
    answers: [String?] = []
  ) throws {
    folder = TemporaryFolder.newPath("trust")
    let folders = Folders(state: folder + "/state", config: folder + "/config")
    console = TestConsole(traits: ConsoleTraits(isInteractive: isInteractive), answers: answers)
    let scanner = FakeScanner(shown)
    self.scanner = scanner
    let lab = TransportKind(
      scheme: "lab",
      place: { _ in
        ServerPlace(address: try ServerAddress("lab:"), identity: "lab:test", layout: ServerLayout(root: #"C:\PCCSRV"#))
      })
    var settings = Settings()
    try settings.set(.server, "lab:", from: .set)
    try settings.set(.transport, "lab,ssh://{agent}.contoso.local", from: .set)
    let state = ShellState()
    invocation = Invocation(
      settings: settings, secrets: SecretVault(), console: console, format: .tsv, folders: folders,
      services: Services(
        transports: [lab], trust: TrustServices(entry: TrustBench.entry, scanner: { _ in scanner })),
      registry: CommandRegistry(TrustCommands.all), state: state, lookups: EmptySnapshot(), isOneShot: false,
      words: [], shell: TrustShell())
    if let known {
      try FileManager.default.createDirectory(atPath: folders.config, withIntermediateDirectories: true)
      try known.write(toFile: file, atomically: true, encoding: .utf8)
    }
  }

  var file: String { folder + "/config/known_hosts" }
  var text: String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }
  /// The lines without the comment that says when they were added.
  var lines: [String] { text.split(separator: "\n").map { $0.split(separator: " ").prefix(3).joined(separator: " ") } }
  /// The cells of one column of what was shown.
  func column(_ index: Int) -> [String] {
    console.output.split(separator: "\n").map {
      String($0.split(separator: "\t", omittingEmptySubsequences: false)[index])
    }
  }

  func run(_ words: String...) async throws -> ExitCode {
    let line = words.map { $0 }
    guard case .command(let type, let consumed) = invocation.registry.match(line) else {
      throw CommandError(.misuse, "no such command")
    }
    let command = try CommandParsing.parse(type, Array(line.dropFirst(consumed)))
    return try await command.run(in: invocation)
  }

  func write(_ text: String, to name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    return folder + "/" + name
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  static func key(_ name: String, type: String = "ssh-ed25519") -> TrustKey {
    TrustKey(type: type, base64: "AAAA" + name, sha256: "SHA256:" + name)
  }

  /// The known_hosts form with keys that begin with AAAA; `NAME*` covers by prefix, `|1|NAME` stands for NAME.
  @Sendable static func entry(_ line: String) -> TrustEntry? {
    var words = line.split(separator: " ").map(String.init)
    let marker = words.first.flatMap { TrustEntry.Marker(rawValue: $0) }
    if marker != nil { words.removeFirst() }
    guard words.count >= 3, !words[0].hasPrefix("#"), !words[0].hasPrefix("@"), words[2].hasPrefix("AAAA") else {
      return nil
    }
    let name = words[0]
    var found = TrustEntry(
      marker: marker, names: name.split(separator: ",").map(String.init),
      key: key(String(words[2].dropFirst(4)), type: words[1]))
    if name.hasPrefix("|1|") { found.covers = { $0 == name.dropFirst(3) } }
    if name.hasSuffix("*") { found.covers = { $0.hasPrefix(name.dropLast()) } }
    return found
  }
}

/// Endpoints that show the keys they were given; counts how many are asked at once.
final class FakeScanner: HostKeyScanner {
  private let shown: [String: Result<TrustKey, RemoteError>]
  private let load = Mutex((now: 0, most: 0, asked: 0))
  let otherFiles: [String] = []

  init(_ shown: [String: Result<TrustKey, RemoteError>]) { self.shown = shown }

  var most: Int { load.withLock { $0.most } }
  var asked: Int { load.withLock { $0.asked } }

  func names(of endpoint: Endpoint) throws(RemoteError) -> [String] {
    [endpoint.name.lowercased() + ".contoso.local"]
  }

  func scan(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> TrustKey {
    load.withLock { load in
      load.now += 1
      load.asked += 1
      load.most = max(load.most, load.now)
    }
    for _ in 0..<20 { await Task.yield() }
    load.withLock { $0.now -= 1 }
    guard let result = shown[endpoint.name] else { throw RemoteError(.unreachable, "\(endpoint.name): refused") }
    return try result.get()
  }
}

/// A shell that nothing is asked of.
private struct TrustShell: ShellActions {
  func leave() {}
  func source(_ path: String) async throws -> ExitCode { .success }
  func complete(line: String, cursor: Int) async -> LookupResult {
    LookupResult(start: 0, candidates: [], total: 0)
  }
}
