import Foundation
import Testing

/// A ProxyCommand that takes no notice of signals, at every end of the program: nothing of it is left.
@Suite(.serialized) struct ProxyLeftoverTests {
  private static let stubborn = """
    trap '' TERM HUP INT PIPE
    sleep 1000 &
    echo $$ $! >> "$1"
    while :; do sleep 1; done
    """

  @Test(arguments: [[SIGINT], [SIGTERM], [SIGHUP], [SIGINT, SIGINT, SIGINT], []]) func isEndedWithTheProgram(
    signals: [Int32]
  ) async throws {
    let folder = NSTemporaryDirectory() + "apexsh-proxy-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let config = folder + "/config"
    try FileManager.default.createDirectory(
      atPath: config, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let (script, pids) = (folder + "/stubborn", folder + "/pids")
    try Self.stubborn.write(toFile: script, atomically: true, encoding: .utf8)
    let file = config + "/ssh_config"
    try "Host *\n  ProxyCommand /bin/sh \(script) \(pids)\n".write(toFile: file, atomically: true, encoding: .utf8)
    chmod(file, 0o600)
    let program = try Program(
      Program.apexsh,
      [
        "--config-dir", config, "--state-dir", folder + "/state", "--set",
        "timeout-connect=\(signals.isEmpty ? 2 : 3600)", "--set", "server=ssh://apexone.contoso.local/C:/PCCSRV",
        "connect",
      ], in: folder)
    while program.isRunning, access(pids, F_OK) != 0 { try await Task.sleep(for: .milliseconds(20)) }
    for signal in signals {
      kill(program.id, signal)
      try await Task.sleep(for: .milliseconds(100))
    }
    let end = await program.end()
    let ids = try String(contentsOfFile: pids, encoding: .utf8).split(whereSeparator: \.isWhitespace)
      .compactMap { pid_t($0) }
    #expect(ids.count >= 2, "\(end)")
    var left = ids
    for _ in 0..<500 where !left.isEmpty {
      left = ids.filter { Processes.status(of: $0).map { $0.state != "Z" } ?? false }
      if !left.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
    }
    #expect(left.isEmpty, "\(end)")
  }
}
