import ApexOne
import Foundation
import Lab
import Remote
import Runs
import Testing

@testable import Commands

/// What a repair says and takes before and after it touches endpoints.
@Suite struct RepairNotesTests {
  @Test func unlistedNamesNeedNoListButSetsDo() async throws {
    let rig = try await CommandRig(agents: 3)
    let plain = try await rig.run("transfer NEW-1 --unlisted --dry-run")
    #expect(plain.rows.map { $0[0] } == ["NEW-1"] && !plain.said.contains("taking one first"))
    let mixed = try await rig.run("transfer all,NEW-1 --unlisted --dry-run")
    #expect(mixed.said.contains("taking one first"))
    #expect(mixed.rows.count == 4 && mixed.rows.last?.first == "NEW-1")
  }

  @Test func aPlanSaysWhoMayRecordThePassword() async throws {
    let rig = try await CommandRig(agents: 3)
    let said = try await rig.run("transfer all --dry-run").said
    #expect(said.contains("process auditing may record it") && !said.contains("script-block"))
    #expect(!(try await rig.run("transfer all --dry-run --no-unload-password")).said.contains("may record"))
    let plan = try await transferPlan(rig)
    #expect(PlanWarnings(plan, shells: FarShell.overSSH).lines.contains { $0.contains("script-block logging") })
    #expect(PlanWarnings(plan, shells: [.cmd]).lines.allSatisfy { !$0.contains("script-block logging") })
  }

  private func transferPlan(_ rig: CommandRig) async throws -> Plan {
    let certificate = try AuthenticationCertificate(bytes: rig.fleet.serverCertificate)
    return Plan(
      remedy: .transfer, server: "lab:", serverName: "apexone", product: "apex-one", certificate: certificate,
      files: [], command: "IpXfer.exe -pwd ••••", options: RunOptions(), agents: [])
  }

  @Test func aBadCertificateFileCostsNoList() async throws {
    let rig = try await CommandRig(agents: 3)
    try await rig.state.set(.certificate, "/dev/null", from: .set)
    let result = try await rig.run("transfer all --dry-run")
    #expect(result.code == .unusableInput && result.output.isEmpty)
    #expect(!result.said.contains("taking one first"))
  }

  @Test func supportIsNamedForWhatFailedOnly() async throws {
    let refused = try await CommandRig(agents: 30, faults: try #require(FaultRecipe(named: "other-server")))
    let other = try await refused.run("transfer all --confirm 30")
    #expect(other.code == .incomplete && other.said.contains("3 refused"))
    #expect(other.said.contains("more: show run 1") && !other.said.contains("escalate"))
    let broken = try await CommandRig(agents: 30, faults: try #require(FaultRecipe(named: "full-disk")))
    #expect(try await broken.run("transfer all --confirm 30").said.contains("escalate @failed:1"))
  }
}

/// What can be refused by itself costs the server nothing.
@Suite struct EarlyRefusalTests {
  @Test(arguments: [
    ("transfer @file:/nowhere/list.txt --confirm 1", ExitCode.unusableInput),
    ("transfer all --case 7 --confirm 1", .unusableInput),
  ])
  func noListIsTakenForWhatCanNotBe(line: String, code: ExitCode) async throws {
    let rig = try await CommandRig(agents: 5)
    let result = try await rig.run(line)
    #expect(result.code == code, "\(result.said)")
    #expect(!result.said.contains("taking one first"), "\(result.said)")
    // There may be no journal at all yet.
    #expect((try? rig.journal().lists(server: CommandRig.identity))?.isEmpty ?? true)
  }

  @Test func anUnknownTransportIsRefusedFirst() async throws {
    let rig = try await CommandRig(agents: 5)
    try await rig.state.set(.transport, "ssh://{agent}.contoso.local", from: .set)
    let result = try await rig.run("transfer all --confirm 5")
    #expect(result.code == .misuse, "\(result.said)")
    // There may be no journal at all yet.
    #expect((try? rig.journal().lists(server: CommandRig.identity))?.isEmpty ?? true)
  }
}

/// A product whose IpXfer can't do it is refused before the server makes a list.
@Suite struct ProductRefusalTests {
  @Test(arguments: [
    ("officescan-10", "transfer all --confirm 5", "takes no certificate"),
    ("officescan-10", "transfer all --dry-run --no-unload-password", "takes no certificate"),
    ("officescan-11", "transfer all --confirm 5", "is not known for sure"),
  ])
  func aProductThatCanNot(product: String, line: String, words: String) async throws {
    let rig = try await CommandRig(agents: 5)
    try await rig.state.set(.product, product, from: .set)
    let result = try await rig.run(line)
    #expect(result.code == .refused && result.said.contains(words) && result.output.isEmpty, "\(result)")
    #expect(!result.said.contains("taking one first"))
    #expect((try? rig.journal().lists(server: CommandRig.identity))?.isEmpty ?? true)
  }

  @Test func officeScan11WithoutAPasswordIsPlanned() async throws {
    let rig = try await CommandRig(agents: 5)
    try await rig.state.set(.product, "officescan-11", from: .set)
    let plan = try await rig.run("transfer all --dry-run --no-unload-password")
    #expect(plan.code == .success && plan.rows.count == 5, "\(plan)")
    #expect(plan.rows.allSatisfy { !$0[3].contains("-sp") })
  }

  /// No rights on the server: said as that, and no list, no run.
  @Test func noRightsOnTheServer() async throws {
    let rig = try await CommandRig(agents: 5) { AlteredHost($0, ["ofcscan.ini": .error(.accessDenied)]) }
    _ = try await rig.run("list-mismatched")
    for line in ["connect", "check server", "transfer all --confirm 5", "show server"] {
      let result = try await rig.run(line)
      #expect(result.code == .serverUnavailable && result.said.contains("accessDenied"), "\(line): \(result)")
    }
    #expect(try rig.journal().runs(limit: 5).isEmpty)
  }
}
