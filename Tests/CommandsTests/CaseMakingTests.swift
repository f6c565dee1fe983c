import ApexOne
import Foundation
import Lab
import Runs
import Synchronization
import Testing

@testable import Commands

/// What `escalate SELECTION` writes, keeps and says.
@Suite struct CaseMakingTests {
  private static let secrets = ["P@ssw0rd", "!CRYPT!"]

  @Test func anOnPremisesCase() async throws {
    let rig = try CaseRig(faults: .wrongPassword)
    let run = try await rig.transfer()
    let ran = try await rig.escalate(
      "all", "--kind", "on-premises", "--summary", "after a reinstall", "--since", "2026-02-28", "--changed-before",
      "a new server")
    #expect(ran.code == .success, "\(ran.error)")
    let path = rig.folder + "/out/apexsh-case-1.zip"
    let start = #"{"case":1,"state":"open","kind":"on-premises","server":"lab:cases","agents":3,"archive":"#
    #expect(ran.console.output.hasPrefix(start))
    #expect(ran.console.output.contains(#""archive":"\#(path)""#))
    #expect(ran.console.notes.contains { $0.contains("taking one first") })
    #expect(ran.console.notes.last?.contains("escalate --attach 1 --certificate FILE") == true)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)

    let entries = try rig.entries()
    #expect(
      Set(entries.keys) == [
        "SUMMARY.txt", "agents.csv", "tried.txt", "mismatched.csv", "certificates.txt", "server-OfcNTCer.dat",
        "server.txt", "ofcscan-redacted.ini", "settings.txt", "INDEX.txt",
      ])
    let list = try #require(try rig.journal.lists(server: CaseRig.identity).first)
    #expect(try entries["mismatched.csv"] == rig.journal.bytes(ofList: list.number))
    #expect(entries["server-OfcNTCer.dat"] == rig.fleet.serverCertificate)
    let summary = try rig.text("SUMMARY.txt")
    for part in [
      "apexsh-case-1, made 2026-03-02", "Apex One", "after a reinstall", "Since: 2026-02-28", "a new server",
    ] {
      #expect(summary.contains(part), "\(part)")
    }
    let tried = try rig.text("tried.txt")
    for part in ["WS-001\n  run \(run): transfer", "failed (tool-had-no-effect)", "begin execute: ", "-pwd ••••"] {
      #expect(tried.contains(part), "\(part)")
    }
    let older = try AuthenticationCertificate(bytes: rig.fleet.olderCertificate).sha256
    let certificates = try rig.text("certificates.txt")
    for part in ["  \(older): 1 x: WS-001\n", "  not known: 2 x: WS-[002-003]\n", "itself: server-OfcNTCer.dat"] {
      #expect(certificates.contains(part), "\(part)")
    }
    #expect(try rig.text("ofcscan-redacted.ini").contains("Unload_Pwd=••••"))
    #expect(try rig.text("settings.txt").contains("server: lab:   (set)"))

    for (name, bytes) in entries {
      let text = String(decoding: bytes, as: UTF8.self)
      for secret in Self.secrets { #expect(!text.contains(secret), "\(name) holds \(secret)") }
    }
    for secret in Self.secrets { #expect(!ran.console.everything.contains(secret)) }
  }

  @Test func theAgentsAreATableThatStartsNoFormula() async throws {
    let rig = try CaseRig()
    try rig.keepList("Host,IP,Domain\r\nWS-001,10.0.0.1,=1+1\r\nWS-002,10.0.0.2,@SUM(1)\r\n")
    let ran = try await rig.escalate("WS-*", "--kind", "on-premises")
    #expect(ran.code == .success, "\(ran.error)")
    let rows = try rig.text("agents.csv").split(separator: "\r\n")
    #expect(rows.count == 3)
    #expect(rows[0].hasPrefix("name,address,domain,version,"))
    #expect(rows[1].hasPrefix("WS-001,10.0.0.1,'=1+1,"))
    #expect(rows[2].hasPrefix("WS-002,10.0.0.2,'@SUM(1),"))
    #expect(try rig.text("tried.txt").contains("no run of apexsh named it"))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/unzip"), "unzip is not installed"))
  func otherProgramsReadItAndItsIndex() async throws {
    let rig = try CaseRig()
    #expect(try await rig.escalate("WS-001", "--kind", "on-premises").code == .success)
    #expect(try shell("unzip -tq apexsh-case-1.zip", in: rig) == 0)
    let check = "unzip -q apexsh-case-1.zip -d files && cd files && sha256sum -c --strict INDEX.txt"
    #expect(try shell(check, in: rig) == 0)
    #expect(try rig.text("INDEX.txt").split(separator: "\n").filter { !$0.hasPrefix("#") }.count == 9)
  }

  @Test func aServiceCaseNeedsNoServer() async throws {
    let rig = try CaseRig()
    rig.settings.withLock { $0.unset(.server) }
    let ran = try await rig.escalate(
      "WS-007", "--kind", "service", "--clp-account", "contoso", "--provision-url",
      "https://abc123.manage.trendmicro.com", "--unlisted")
    #expect(ran.code == .success, "\(ran.error)")
    let summary = try rig.text("SUMMARY.txt")
    #expect(summary.contains("CLP account:       contoso"))
    #expect(summary.contains("Apex One as a Service"))
    #expect(summary.contains("Provision URL:     https://abc123.manage.trendmicro.com"))
    #expect(summary.contains("there is no list"))
  }

  @Test func aServerThatIsAwayIsToldFromTheCache() async throws {
    let rig = try CaseRig()
    #expect(try await rig.escalate("WS-001", "--kind", "on-premises").code == .success)
    rig.isReachable.withLock { $0 = false }
    let ran = try await rig.escalate("WS-001", "--kind", "on-premises")
    #expect(ran.code == .success, "\(ran.error)")
    #expect(ran.console.notes.contains { $0.contains("connection refused") && $0.contains("was read on 2026-03-02T") })
    let entries = try rig.entries(2)
    #expect(entries["server-OfcNTCer.dat"] == nil && entries["ofcscan-redacted.ini"] == nil)
    let summary = try rig.text("SUMMARY.txt", 2)
    #expect(summary.contains("connection refused") && summary.contains("SHA-256: "))
    #expect(try rig.text("certificates.txt", 2).contains("the file itself is not here"))
  }

  @Test func withoutServerAndListOnlyUnlistedNamesGo() async throws {
    let rig = try CaseRig()
    rig.isReachable.withLock { $0 = false }
    #expect(try await rig.escalate("WS-001", "--kind", "on-premises").code == .serverUnavailable)
    let ran = try await rig.escalate("WS-001", "--kind", "on-premises", "--unlisted")
    #expect(ran.code == .success, "\(ran.error)")
    #expect(try rig.text("SUMMARY.txt").contains("nothing is known of it"))
    #expect(rig.made == ["apexsh-case-1.zip"])
  }

  @Test func whatMatchesNothingIsNamed() async throws {
    let rig = try CaseRig()
    let ran = try await rig.escalate("WS-001,WS-099,SRV-*", "--kind", "on-premises")
    #expect(ran.code == .unusableInput)
    #expect(ran.error.contains("WS-099") && ran.error.contains("SRV-*") && !ran.error.contains("WS-001"))
    #expect(try await rig.escalate("SRV-*", "--kind", "on-premises", "--unlisted").code == .unusableInput)
    #expect(rig.made.isEmpty)
    #expect(try rig.journal.cases().isEmpty)
  }

  @Test func anEmptySetMakesNothing() async throws {
    let rig = try CaseRig()
    _ = try await rig.transfer()
    let ran = try await rig.escalate("@failed", "--kind", "on-premises")
    #expect(ran.code == .success, "\(ran.error)")
    #expect(ran.console.notes.contains("@failed holds no agents"))
    #expect(ran.console.notes.contains { $0.contains("no case was made") })
    #expect(rig.made.isEmpty && ran.console.output.isEmpty)
    #expect(try rig.journal.cases().isEmpty)
  }

  @Test func nothingIsOverwritten() async throws {
    let rig = try CaseRig()
    let path = rig.folder + "/out/apexsh-case-1.zip"
    try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
    let ran = try await rig.escalate("WS-001", "--kind", "on-premises")
    #expect(ran.code == .ownFiles)
    #expect(ran.error.contains("--output"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    #expect(try rig.journal.cases().isEmpty)
    let away = try await rig.run(["escalate", "WS-001", "--kind", "on-premises", "--output", rig.folder + "/nowhere"])
    #expect(away.code == .ownFiles)
  }

  /// Runs a line in the folder of the archives. Returns its exit code.
  private func shell(_ line: String, in rig: CaseRig) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line + " >/dev/null"]
    process.currentDirectoryURL = URL(fileURLWithPath: rig.folder + "/out")
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
