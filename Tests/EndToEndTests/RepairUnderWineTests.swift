import Foundation
import Testing

/// The whole tool against programs that really run: the built program, OpenSSH servers, and behind `ForceCommand` wine's
/// cmd.exe, reg.exe, sc.exe and service control manager, none of them ours. The product's programs are stand-ins that we
/// wrote: what they prove is which arguments arrive, in what order things happen and what is left behind.
@Suite(.enabled(if: WineLab.isPossible, "needs wine64, gcc-mingw-w64 and sshd: scripts/install tests"))
struct RepairUnderWineTests {
  /// Not changed by any quoting: where this stands, the password stands.
  private let token = "Q" + UUID().uuidString.filter { $0 != "-" }

  /// All that cmd.exe and the C runtime give a meaning to, but for `%NAME%`, which wine's cmd.exe replaces whatever
  /// stands before it.
  private var password: String { #"/-"\^&|<>()!;,=' "# + token + #" "ü€ß" ^^"& echo x>C:\x & \\""# + #" \"# }

  private static let repaired = (1...9).map { "WS-00\($0)" }

  @Test func aFleetIsRepairedAndNothingElse() async throws {
    try await WineLab.with(agents: 13, bare: 1, unloadPassword: password) { lab in
      try await look(lab)
      // Cut before the certificate was replaced, and after it.
      try lab.hold("WS-010", at: "stopped")
      try lab.hold("WS-011", at: "replaced")
      let run = try lab.start([
        "transfer", "WS-[001-011]", "--confirm", "11", "--waves", "100%", "--format", "json",
      ])
      let watch = SecretWatch([token], in: .machine, endpoints: lab.endpoints, everyMilliseconds: 10)
      let (end, seen) = try await watch.watching {
        async let reinstalled: Void = reinstall(lab)
        async let refused: Void = transferWithAnotherPassword(lab)
        async let dropped: Void = drop(["WS-010", "WS-011"], lab, while: run)
        let end = await run.end()
        try await dropped
        try await reinstalled
        try await refused
        return end
      }
      try checkTransfers(end, lab)
      try await checkEndpoints(lab)
      try await checkList(lab)
      #expect(seen.looks > 200)
      #expect(!seen.endpoints.isEmpty, "the password is an argument there: a watch that misses it proves nothing")
      #expect(seen.ours.isEmpty)
      #expect(try SecretWatch.files(in: lab.folder, holding: [token]) == ["unload-password"])
      #expect(!(end.output + end.errors).contains(token))
    }
  }

  /// Connecting, the list, and an agent seen live.
  private func look(_ lab: WineLab) async throws {
    let connected = try await lab.apexsh("connect")
    #expect(connected.code == 0, "\(connected.errors)")
    let list = try await lab.apexsh("list-mismatched", "--format", "json")
    #expect(list.code == 0, "\(list.errors)")
    #expect(list.lines.count == 13)
    let record = lab.lines("certificatemanager.txt", of: "apexone")
    let root = #"C:\Program Files (x86)\Trend Micro\Apex One\PCCSRV"#
    #expect(record.first == #"folder \#(root)\Admin\Utility\CertificateManager"#)
    let path = try #require(record.dropFirst(3).first)
    #expect(path.wholeMatch(of: #/argument C:\\Windows\\apexsh-[a-z0-9]{16}\\mismatched\.csv/#) != nil, "\(path)")
    #expect(record.dropFirst(2).first == "argument -l" && record.last == "end same", "\(record)")
    #expect(try lab.leftovers(on: "apexone") == [])

    let shown = try await lab.apexsh("show", "agent", "WS-003", "--live", "--format", "json")
    #expect(shown.code == 0, "\(shown.errors)")
    for text in ["apexone.contoso.local", "14.0.12737", "9d3c7c1e-0000-4000-8000-000000000003", "running"] {
      #expect(shown.output.contains(text), "\(shown.output)")
    }
  }

  /// An agent that is there and an endpoint without one, by a package, while the others are transferred.
  private func reinstall(_ lab: WineLab) async throws {
    let run = try await lab.apexsh(
      "reinstall", "WS-012,WS-014", "--unlisted", "--package", lab.folder + "/Agent.exe", "--arguments",
      #"/quiet a&b "c^d\ /v"#, "--confirm", "2", "--waves", "100%", "--format", "json")
    #expect(run.code == 0, "\(run.errors)")
    let lines = try ResultLine.all(run.lines)
    for agent in ["WS-012", "WS-014"] {
      let line = try #require(lines.first { $0.agent == agent })
      #expect(line.outcome == "repaired" && line.protected == true, "\(line)")
      let record = lab.lines("package.txt", of: agent)
      let program = try #require(record.dropFirst().first)
      #expect(program.wholeMatch(of: #/program C:\\Windows\\apexsh-[a-z0-9]{16}\\package\.exe/#) != nil, "\(record)")
      let words = ["/quiet", "a&b", #""c^d\"#, "/v"]
      #expect(Array(record.dropFirst(2)) == words.map { "argument \($0)" } + ["end same"], "\(record)")
      #expect(lab.lines("reached.txt", of: agent) == ["stopped", "installed"])
    }
  }

  /// The stand-in's check is one: with another password it does nothing.
  private func transferWithAnotherPassword(_ lab: WineLab) async throws {
    let file = lab.folder + "/other-password"
    try "another\n".write(toFile: file, atomically: true, encoding: .utf8)
    chmod(file, 0o600)
    let run = try await lab.apexsh(
      "--unload-password-from-file", file, "transfer", "WS-013", "--confirm", "1", "--format", "json")
    #expect(run.code == 1, "\(run.errors)")
    let line = try #require(try ResultLine.all(run.lines).first)
    #expect(line.outcome == "failed" && line.cause == "tool-had-no-effect" && line.protected == true, "\(line)")
    #expect(lab.lines("ipxfer.txt", of: "WS-013").last == "end same")
    #expect(lab.lines("reached.txt", of: "WS-013") == [])
  }

  /// Drops the connections of machines in the middle of IpXfer. Windows ends the tool then, and so does wine.
  private func drop(_ machines: [String], _ lab: WineLab, while run: Program) async throws {
    for (machine, word) in zip(machines, ["stopped", "replaced"]) {
      while run.isRunning, lab.lines("reached.txt", of: machine).last != word {
        try await Task.sleep(for: .milliseconds(50))
      }
      try #require(lab.processes("IpXfer_x64.exe", of: machine).count == 1)
      // The session's own: the run looks at the machine again at once, by another.
      let shells = Set(lab.processes("cmd.exe", of: machine))
      try #require(!shells.isEmpty)
      try lab.dropSession(of: machine)
      while run.isRunning, !lab.processes("IpXfer_x64.exe", of: machine).isEmpty {
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(shells.isDisjoint(with: lab.processes("cmd.exe", of: machine)))
    }
  }

  private func checkTransfers(_ end: Program.End, _ lab: WineLab) throws {
    #expect(end.code == 1, "\(end.errors)")
    let lines = try ResultLine.all(end.lines)
    #expect(lines.last?.summary?["repaired"] == 10, "\(end.output)")
    let hash = try #require(lab.passwordHash)
    for line in lines {
      guard let agent = line.agent else { continue }
      let isCut = agent == "WS-010"
      #expect(line.outcome == (isCut ? "failed" : "repaired"), "\(line)")
      #expect(line.cause == (isCut ? "dropped" : nil), "\(line)")
      #expect(line.protected == true, "\(line)")
      let record = lab.lines("ipxfer.txt", of: agent)
      let folder = try #require(record.first?.dropFirst("folder ".count))
      #expect(folder.wholeMatch(of: #/C:\\Windows\\apexsh-[a-z0-9]{16}/#) != nil, "\(record)")
      let words = [
        "-s", "apexone.contoso.local", "-p", "8080", "-sp", "4343", "-c", lab.agentPort, "-e",
        folder + #"\OfcNTCer.dat"#, "-pwd",
      ]
      let expected =
        ["folder \(folder)", #"program \#(folder)\IpXfer_x64.exe"#] + words.map { "argument \($0)" }
        + ["secret \(hash)", "end same"]
      #expect(record == expected, "\(agent)")
    }
  }

  private func checkEndpoints(_ lab: WineLab) async throws {
    let certificate = try #require(lab.serverCertificate)
    for agent in (1...14).map({ String(format: "WS-%03d", $0) }) {
      #expect(try lab.leftovers(on: agent) == [], "\(agent)")
      #expect((lab.certificate(of: agent) == certificate) == !["WS-010", "WS-013"].contains(agent), "\(agent)")
      #expect(!FileManager.default.fileExists(atPath: lab.drive(of: agent) + "/x"), "the password's own command ran")
    }
    for agent in Self.repaired {
      #expect(lab.lines("reached.txt", of: agent) == ["started", "stopped", "replaced", "running"])
    }
    for agent in ["WS-001", "WS-010", "WS-011", "WS-012", "WS-013", "WS-014"] {
      for service in ["tmlisten", "ntrtscan"] {
        let answer = try await query(service, on: agent, lab)
        #expect(answer.contains("RUNNING"), "\(agent) \(service): \(answer)")
      }
    }
  }

  /// What a service's own manager says of it. Under load Wine may give no answer to a query: one that names no state says
  /// nothing of the service, and is asked again; any state that is named stands.
  private func query(_ service: String, on agent: String, _ lab: WineLab) async throws -> String {
    var answer = ""
    for _ in 0..<10 {
      answer = try await lab.ask(agent, "sc.exe query \(service)")
      if answer.contains("STATE") || answer.contains("RUNNING") { return answer }
      try await Task.sleep(for: .seconds(1))
    }
    return answer
  }

  /// The listeners have told the server what they loaded: only what was cut too early and what was refused mismatches.
  private func checkList(_ lab: WineLab) async throws {
    let list = try await lab.apexsh("list-mismatched", "--format", "json")
    #expect(list.code == 0, "\(list.errors)")
    #expect(list.lines.count == 2, "\(list.output)")
    #expect(list.output.contains("WS-010") && list.output.contains("WS-013"), "\(list.output)")
  }
}
