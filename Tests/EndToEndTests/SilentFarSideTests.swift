import Foundation
import Lab
import Testing

/// A server and an endpoint that stop answering, at each point of each command: the command ends when its time is over,
/// and at ^C at once.
@Suite(.enabled(if: SSHLab.isPossible, "needs sshd and ssh-keygen"), .serialized) struct SilentFarSideTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var command: [String]
    /// Which machine falls silent.
    var machine = "apexone"
    /// Exit codes of a command whose time was over.
    var codes: [Int32] = [69]
    var testDescription: String { command.joined(separator: " ") }
  }

  private static let cases = [
    Case(command: ["connect"]), Case(command: ["list-mismatched"]), Case(command: ["check", "server"]),
    Case(command: ["show", "server", "--refresh"]), Case(command: ["show", "certificate", "--refresh"]),
    Case(command: ["transfer", "WS-002", "--dry-run"]),
    Case(command: ["check", "agent", "WS-002"], machine: "WS-002", codes: [1]),
    Case(command: ["show", "agent", "WS-002", "--live"], machine: "WS-002"),
    Case(command: ["trust", "learn", "WS-002", "--confirm", "0"], machine: "WS-002", codes: [1, 69]),
    Case(command: ["verify", "1"], machine: "WS-001", codes: [1]),
    Case(command: ["transfer", "WS-002", "--dry-run", "--probe"], machine: "WS-002", codes: [0, 1]),
  ]

  /// The port of a machine, as the configuration has it.
  private func port(_ machine: String, _ lab: SSHLab) throws -> UInt16 {
    let text = try String(contentsOfFile: lab.folder + "/config/ssh_config", encoding: .utf8)
    let block = try #require(text.range(of: "Host \(machine).contoso.local\n"))
    let line = try #require(text[block.upperBound...].firstMatch(of: /Port ([0-9]+)/))
    return try #require(UInt16(line.1))
  }

  /// Leads the way to a machine through a port.
  private func lead(_ machine: String, through port: UInt16, _ lab: SSHLab) throws {
    let path = lab.folder + "/config/ssh_config"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let head = "Host \(machine).contoso.local\n  HostName 127.0.0.1\n  Port "
    let block = try #require(text.range(of: head))
    let rest = text[block.upperBound...].drop { $0 != "\n" }
    try (text[..<block.upperBound] + "\(port)" + rest).write(toFile: path, atomically: true, encoding: .utf8)
  }

  private func options(_ seconds: Int) -> [String] {
    ["connect", "copy", "list"].flatMap { ["--set", "timeout-\($0)=\(seconds)"] }
  }

  /// Waits until it is so; false where the program ended before.
  private func wait(_ program: Program, until condition: () -> Bool) async throws -> Bool {
    while !condition() {
      if !program.isRunning { return false }
      try await Task.sleep(for: .milliseconds(10))
    }
    return true
  }

  private func check(_ test: Case, _ lab: SSHLab, _ target: UInt16) async throws {
    let open = try StallingRelay(to: target)
    try lead(test.machine, through: open.port, lab)
    let whole = try await lab.start(test.command).end()
    #expect([0, 1].contains(whole.code), "\(whole)")
    open.end()
    let bytes = open.passed
    #expect(bytes > 0)
    // Before the version, in the key exchange, then at two points of the work and at its last bytes.
    for limit in [0, 30, min(2_000, bytes / 2), (2_000 + bytes) / 2, bytes - 40] {
      let relay = try StallingRelay(to: target, limit: max(0, limit))
      try lead(test.machine, through: relay.port, lab)
      let program = try lab.start(options(3_600) + test.command)
      guard try await wait(program, until: { relay.isSilent }) else {
        relay.end()
        continue
      }
      try await Task.sleep(for: .milliseconds(150))
      // Its last bytes may be those of a farewell that nobody waits for.
      guard program.isRunning else {
        relay.end()
        continue
      }
      let asked = ContinuousClock.now
      kill(program.id, SIGINT)
      let end = await program.end()
      // Within a second, where nothing else is done on the machine; its limits are minutes.
      #expect(ContinuousClock.now - asked < .seconds(20), "\(test.testDescription) after \(limit) bytes")
      #expect(end.code == 130, "\(test.testDescription) after \(limit) of \(bytes) bytes: \(end)")
      relay.end()
    }
    let relay = try StallingRelay(to: target, limit: bytes / 2)
    try lead(test.machine, through: relay.port, lab)
    let end = try await lab.start(options(2) + test.command).end()
    #expect(test.codes.contains(end.code ?? -1), "\(test.testDescription): \(end)")
    relay.end()
    try lead(test.machine, through: target, lab)
  }

  @Test func everyCommandEndsWhateverTheFarSideDoes() async throws {
    try await SSHLab.with(agents: 2) { lab in
      let connected = try await lab.apexsh("-c", "connect; list-mismatched")
      #expect(connected.code == 0, "\(connected)")
      let run = try await lab.apexsh("transfer", "WS-001", "--confirm", "1")
      #expect(run.code == 0, "\(run)")
      for test in Self.cases { try await check(test, lab, try port(test.machine, lab)) }
    }
  }
}
