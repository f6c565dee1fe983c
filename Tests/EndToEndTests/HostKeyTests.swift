import Foundation
import Lab
import Testing

/// Whom the program trusts: nobody whose key it does not know, and never a key that has changed.
@Suite(.enabled(if: SSHLab.isPossible, "needs sshd and ssh-keygen")) struct HostKeyTests {
  /// The known_hosts file's lines by host.
  private func change(_ lab: SSHLab, _ edit: (inout [String]) -> Void) throws {
    let file = lab.folder + "/config/known_hosts"
    var lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
    edit(&lines)
    try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
  }

  @Test func endpointsWithUnknownAndChangedKeysAreRefusedUntouched() async throws {
    try await SSHLab.with(agents: 2) { lab in
      let other = try String(contentsOfFile: lab.folder + "/sshd/user.pub", encoding: .utf8).split(separator: " ")
      try change(lab) { lines in
        lines.removeAll { $0.hasPrefix("ws-00") }
        lines.append("ws-002.contoso.local \(other[0]) \(other[1])")
      }
      let run = try await lab.apexsh(
        "transfer", "WS-[001-002]", "--confirm", "2", "--waves", "100%", "--timeout-connect", "60", "--format", "json")
      #expect(run.code == 1, "\(run.errors)")
      let lines = try ResultLine.all(run.lines)
      for (agent, cause, advice) in [
        ("WS-001", "host-key-unknown", "trust learn WS-001"), ("WS-002", "host-key-changed", "trust remove WS-002"),
      ] {
        let line = try #require(lines.first { $0.agent == agent })
        #expect(line.outcome == "refused" && line.cause == cause, "\(line)")
        #expect(line.detail?.contains(advice) == true, "\(line)")
        #expect(lab.certificate(of: agent) == lab.fleet.olderCertificate)
        #expect(try lab.leftovers(on: agent) == [])
      }
    }
  }

  @Test func aServerWithAnUnknownOrChangedKeyIsRefusedInScripts() async throws {
    try await SSHLab.with(agents: 1) { lab in
      let other = try String(contentsOfFile: lab.folder + "/sshd/user.pub", encoding: .utf8).split(separator: " ")
      try change(lab) { $0.removeAll { $0.hasPrefix("apexone.") } }
      let unknown = try await lab.apexsh("connect")
      #expect(unknown.code == 77 && unknown.output.isEmpty)
      #expect(unknown.errors.contains("trust import FILE"), "\(unknown.errors)")
      try change(lab) { $0.append("apexone.contoso.local \(other[0]) \(other[1])") }
      let changed = try await lab.apexsh("connect")
      #expect(changed.code == 77 && changed.output.isEmpty)
      #expect(changed.errors.contains("has changed"), "\(changed.errors)")
    }
  }

  @Test func aKeyThatNoMachineTakesIsADeniedLogonAndNotTriedFurther() async throws {
    try await SSHLab.with(agents: 1) { lab in
      let made = try await Program(
        "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", lab.folder + "/stranger"], in: lab.folder
      ).end()
      #expect(made.code == 0)
      let refused = try await lab.apexsh("--set", "identity-file=\(lab.folder)/stranger", "connect")
      #expect(refused.code == 77)
      #expect(refused.errors.contains("the key of") && refused.errors.contains("was refused"), "\(refused.errors)")
    }
  }
}
