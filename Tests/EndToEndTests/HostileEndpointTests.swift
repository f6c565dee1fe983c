import Foundation
import Lab
import LocalSystem
import Testing

/// Endpoints that flood us, talk in the place of SFTP, or refuse a channel: through the built program, by real SSH.
@Suite(.enabled(if: SSHLab.isPossible, "needs sshd and ssh-keygen"), .serialized) struct HostileEndpointTests {
  private static let sftp = "/usr/lib/openssh/sftp-server"

  /// A script in the place of the SFTP server; the server machine of the lab has the real one.
  private func script(_ lines: String) throws -> String {
    let folder = TemporaryFolder.newPath("sftp")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/sftp"
    try """
    #!/bin/sh
    case "$*" in */apexone*) exec \(Self.sftp) "$@" ;; esac
    \(lines)
    """.write(toFile: path + ".text", atomically: true, encoding: .utf8)
    // Copied by a program of its own: what others start here meanwhile may inherit a file that we write, and one that is
    // held open for writing can't be run.
    _ = try ChildProcess("/bin/cp", [path + ".text", path], descriptors: []).wait()
    chmod(path, 0o755)
    return path
  }

  private static let transfer = [
    "transfer", "@mismatched", "--waves", "100%", "--max-unprotected", "100%",
    "--timeout-settle", "20", "--timeout-connect", "60", "--retries", "0", "--format", "json",
  ]

  private func list(_ lab: SSHLab) async throws {
    let listed = try await lab.apexsh("-c", "connect; list-mismatched")
    #expect(listed.code == 0, "\(listed)")
  }

  /// The most memory that a program has held until now, in bytes.
  private func peak(_ program: Program) -> Int? {
    let status = Processes.contents("status", of: program.id).map { String(decoding: $0, as: UTF8.self) }
    return status?.firstMatch(of: /VmHWM:\s*([0-9]+) kB/).flatMap { Int($0.1) }.map { $0 << 10 }
  }

  /// Runs the transfer of all; its end and the most memory that it was seen to hold.
  private func run(_ lab: SSHLab, meanwhile: () throws -> Void) async throws -> (Program.End, peak: Int) {
    let program = try lab.start(Self.transfer + ["--max-failures", "100%", "--confirm", "8"])
    var most = 0
    while program.isRunning {
      most = max(most, peak(program) ?? 0)
      try meanwhile()
      try await Task.sleep(for: .milliseconds(5))
    }
    return (await program.end(), most)
  }

  /// All endpoints write into their file channels as fast as they can while their tools run and nobody reads.
  @Test func aFloodCostsFourMegabytesAConnectionAndNoOtherRepair() async throws {
    let agents = 8
    var peaks: [Int] = []
    for floods in [false, true] {
      let gate = TemporaryFolder.newPath("gate")
      let flood = "(until test -e \(gate); do sleep 0.02; done; exec cat /dev/zero) 2> /dev/null &"
      let path = try script("\(floods ? flood : "")\nexec \(Self.sftp) \"$@\"")
      defer { try? FileManager.default.removeItem(atPath: gate) }
      try await SSHLab.with(agents: agents, faults: [.slow], speed: 20, environment: ["SFTP_SERVER": path]) { lab in
        try await list(lab)
        let journal = lab.folder + "/state/journal.sqlite"
        let (end, peak) = try await run(lab) {
          guard floods, access(gate, F_OK) != 0, access(journal, F_OK) == 0 else { return }
          // Every tool was staged whole and is about to run, or runs.
          let staged = try lab.fleet.names.count { name in
            try lab.leftovers(on: name).contains { folder in
              access(lab.drive(of: name) + "/Windows/\(folder)/IpXfer_x64.exe", F_OK) == 0
            }
          }
          if staged >= agents / 2 { try Data().write(to: URL(fileURLWithPath: gate)) }
        }
        let lines = try ResultLine.all(end.lines)
        #expect(lines.count >= agents, "\(end)")
        if floods { #expect(access(gate, F_OK) == 0, "the flood never began") }
        #expect(end.code == (floods ? end.code : 0), "\(end.errors)")
        #expect(![nil, 70].contains(end.code), "\(end)")
        peaks.append(peak)
      }
    }
    // What a run without a flood holds differs by a few megabytes, too.
    #expect(peaks[1] - peaks[0] < (agents * 4 + 16) << 20, "\(peaks)")
  }

  @Test func textInThePlaceOfSFTPIsRefusedQuotedAndSpendsNothing() async throws {
    let path = try script("echo 'Welcome to this machine'\nexec \(Self.sftp) \"$@\"")
    try await SSHLab.with(agents: 2, environment: ["SFTP_SERVER": path]) { lab in
      try await list(lab)
      let end = try await lab.start(Self.transfer + ["--confirm", "2", "--max-failures", "1"]).end()
      #expect(end.code == 1, "\(end)")
      for line in try ResultLine.all(end.lines) {
        guard line.agent != nil else { continue }
        #expect(line.outcome == "refused" && line.cause == "no-sftp", "\(line)")
        #expect(line.detail?.contains("Welcome to this machine") == true, "\(line)")
      }
    }
  }

  @Test func aRefusedSecondChannelIsAFailureWithNothingDone() async throws {
    try await SSHLab.with(agents: 2, environment: ["MAX_SESSIONS": "1"]) { lab in
      try await list(lab)
      let end = try await lab.start(Self.transfer + ["--max-failures", "100%", "--confirm", "2"]).end()
      #expect(end.code == 1, "\(end)")
      for line in try ResultLine.all(end.lines) {
        guard let agent = line.agent else { continue }
        #expect(line.outcome == "failed" && line.cause == "channel-refused", "\(line)")
        #expect(line.detail?.contains("nothing was done") == true && line.protected == true, "\(line)")
        #expect(lab.certificate(of: agent) == lab.fleet.olderCertificate)
        #expect(try lab.leftovers(on: agent) == [])
      }
    }
  }
}
