import Foundation
import Remote
import Testing

@testable import Transports

@Suite("A ProxyCommand that takes no notice of signals") struct ProxyProcessTests {
  /// Ignores what can be ignored, as does what it starts; says its numbers in `pids`.
  static let stubborn = """
    trap '' TERM HUP INT PIPE
    sleep 1000 &
    echo $$ $! >> "$1"
    while :; do sleep 1; done
    """

  /// Waits until none of these is left.
  private func areGone(_ path: String) async throws -> Bool {
    let ids = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isWhitespace).compactMap {
      pid_t($0)
    }
    #expect(ids.count >= 2)
    for _ in 0..<1_000 {
      if ids.allSatisfy({ !ProxyProcessTests.isAlive($0) }) { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  /// Not even waiting for somebody to take its end counts as alive.
  private static func isAlive(_ id: pid_t) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return false }
    return !text[(text.lastIndex(of: ")") ?? text.startIndex)...].hasPrefix(") Z")
  }

  private func connector(_ folder: TestFolder) throws -> SSHConnector {
    let script = try folder.write(Self.stubborn, to: "stubborn")
    var configuration = SSHConfiguration()
    configuration.configFile = try folder.write("ProxyCommand /bin/sh \(script) \(folder.file("pids"))\n", to: "config")
    chmod(folder.file("config"), 0o600)
    return SSHConnector(configuration) { _ in SSHTarget(host: "ws-001") }
  }

  @Test(arguments: [false, true]) func `is ended with its connection`(isCancelled: Bool) async throws {
    let folder = try TestFolder()
    let connector = try connector(folder)
    let limit = Duration.seconds(isCancelled ? 3_600 : 2)
    let task = Task { await remoteError { try await connector.scanHostKey(Endpoint(name: "WS-001"), within: limit) } }
    if isCancelled {
      while access(folder.file("pids"), F_OK) != 0 { try await Task.sleep(for: .milliseconds(20)) }
      task.cancel()
    }
    #expect(await task.value?.kind == (isCancelled ? .dropped : .timedOut))
    #expect(try await areGone(folder.file("pids")))
  }

  @Test func `one that ends itself leaves nothing behind, either`() async throws {
    let folder = try TestFolder()
    var configuration = SSHConfiguration()
    let script = try folder.write("trap '' TERM\nsleep 1000 &\necho $$ $! > \(folder.file("pids"))\n", to: "short")
    configuration.configFile = try folder.write("ProxyCommand /bin/sh \(script)\n", to: "config")
    chmod(folder.file("config"), 0o600)
    let connector = SSHConnector(configuration) { _ in SSHTarget(host: "ws-001") }
    // What it left holds the other end of the connection.
    _ = await remoteError { try await connector.scanHostKey(Endpoint(name: "WS-001"), within: .seconds(2)) }
    #expect(try await areGone(folder.file("pids")))
  }
}
