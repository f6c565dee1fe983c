import ApexOne
import Foundation
import Lab
import Remote
import Runs
import Testing

@testable import Commands

/// `reinstall` as a person asks for it: what it needs, what it says, and how `resume` goes on after a reboot.
@Suite struct ReinstallCommandTests {
  /// The line of a reinstallation of all with the lab's package.
  private func line(
    _ rig: CommandRig, _ more: String, for machine: AgentSpec.Architecture = .x86
  ) throws -> String {
    let path = rig.folder + "/Agent.msi"
    let package = LabPackage(
      server: rig.fleet.serverName, httpPort: 8080, httpsPort: 4343, agentPort: rig.fleet.agentPort,
      version: "14.0.12980", certificate: rig.fleet.serverCertificate, architecture: machine)
    try FileManager.default.createDirectory(atPath: rig.folder, withIntermediateDirectories: true)
    try Data(package.make()).write(to: URL(fileURLWithPath: path))
    return "reinstall all --package '\(path)' \(more)"
  }

  private func enterPassword(_ rig: CommandRig) async {
    let secret = rig.fleet.secrets.uninstallPassword
    await rig.state.secrets.set(.uninstallPassword, .entered, from: .set, secret: secret)
  }

  @Test func withoutTheUninstallPasswordNothingIsTouched() async throws {
    let rig = try await CommandRig(agents: 3)
    let result = try await rig.run(try line(rig, "--uninstall-first --confirm 3"))
    #expect(result.code == .refused)
    #expect(result.said.contains("no uninstall-password; give it by: set uninstall-password"), "\(result.said)")
    #expect(!result.said.contains("taking one first"), "the server is not put to work for it")
    // Where nothing is removed, none is asked for.
    #expect(try await rig.run(try line(rig, "--dry-run")).code == .success)
    #expect(try rig.journal().runs().isEmpty)
  }

  @Test func aPlanShowsBothCommandsAndNoPassword() async throws {
    let rig = try await CommandRig(agents: 3)
    await enterPassword(rig)
    let path = rig.folder + "/a.plan"
    let planned = try await rig.run(try line(rig, "--uninstall-first --dry-run --plan-out '\(path)' --format json"))
    #expect(planned.code == .success, "\(planned.said)")
    let command = try #require(try planned.objects().first?["command"] as? String)
    #expect(command.contains(#"PccNTMon.exe" -m ••••, then msiexec.exe /i"#), "\(command)")
    #expect(planned.said.contains("the uninstall password is an argument there"))
    #expect(planned.said.contains("one whose installation fails stays so"))
    #expect(!(try String(contentsOfFile: path, encoding: .utf8)).contains("P@ss"))
    let applied = try await rig.run("apply '\(path)' --confirm 3")
    #expect(applied.code == .success, "\(applied.said)")
    #expect(rig.fleet.names.allSatisfy { rig.fleet.installations(of: $0) == (1, 1) })
    // What was planned with the removal is not carried out without it.
    #expect(try rig.journal().plan(ofRun: 1)?.recipe?.uninstallFirst == true)
  }

  /// Five bytes of text removed an agent.
  @Test(arguments: [
    ("Agent.msi", "hello", "no OLE compound file"), ("Agent.exe", "MZ", "no PE file"),
    ("Agent.txt", "x", ".msi or .exe"),
  ])
  func whatIsNoPackageRemovesNothing(name: String, text: String, meant: String) async throws {
    let rig = try await CommandRig(agents: 3)
    await enterPassword(rig)
    try FileManager.default.createDirectory(atPath: rig.folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: rig.folder + "/" + name))
    for more in ["", "--dry-run"] {
      let result = try await rig.run(
        "reinstall all --package '\(rig.folder)/\(name)' --uninstall-first --confirm 3 \(more)")
      #expect(result.code == .unusableInput && result.said.contains(meant), "\(result.said)")
      #expect(result.said.contains(name), "\(result.said)")
    }
    #expect(rig.fleet.names.allSatisfy { rig.fleet.installations(of: $0) == (0, 0) })
    #expect(!FileManager.default.fileExists(atPath: rig.folder + "/state"), "the server is not put to work for it")
  }

  /// `apply` makes the plan again: a package that is none any more is refused there too.
  @Test func aPackageThatWasReplacedIsRefused() async throws {
    let rig = try await CommandRig(agents: 2)
    await enterPassword(rig)
    let plan = rig.folder + "/a.plan"
    #expect(try await rig.run(try line(rig, "--uninstall-first --dry-run --plan-out '\(plan)'")).code == .success)
    let shown = try await rig.run("show plan '\(plan)'")
    #expect(
      shown.said.contains("package Agent.msi, a Windows Installer package for x86, version 14.0.12980"), "\(shown.said)"
    )
    try Data("hello".utf8).write(to: URL(fileURLWithPath: rig.folder + "/Agent.msi"))
    let refused = try await rig.run("apply '\(plan)' --confirm 2")
    #expect(refused.code == .unusableInput && refused.said.contains("no OLE compound file"), "\(refused.said)")
    _ = try line(rig, "", for: .x64)
    let other = try await rig.run("apply '\(plan)' --confirm 2")
    #expect(other.code == .refused && other.said.contains("package.msi is another file"), "\(other.said)")
    #expect(rig.fleet.names.allSatisfy { rig.fleet.installations(of: $0) == (0, 0) })
  }

  @Test func thePackageIsShownBeforeItIsConfirmed() async throws {
    let rig = try await CommandRig(agents: 3)
    await enterPassword(rig)
    let line = try line(rig, "--uninstall-first", for: .x64)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: rig.folder + "/Agent.msi"))
    let dry = try await rig.run(line + " --dry-run --format json")
    let asked = try await rig.run(line)
    #expect(asked.code == .refused && asked.said.contains("not confirmed"))
    for said in [dry.said, asked.said] {
      #expect(said.contains("package Agent.msi, a Windows Installer package for x64, version 14.0.12980"), "\(said)")
      #expect(said.contains("SHA-256 \(Plan.sha256([UInt8](bytes)))") && said.contains("bytes"), "\(said)")
      #expect(said.contains("a second is touched only when that one is proved"))
    }
  }

  /// The lab has x86 machines: what is for x64 is refused there, before anything is removed.
  @Test func aPackageForOtherMachinesIsRefusedThere() async throws {
    let rig = try await CommandRig(agents: 30)
    await enterPassword(rig)
    let narrow = rig.fleet.names.filter { rig.fleet.spec(of: $0)?.architecture == .x86 }
    try #require(!narrow.isEmpty && narrow.count < 30)
    let probed = try await rig.run(try line(rig, "--uninstall-first --dry-run --probe", for: .x64))
    #expect(probed.rows.count { $0.contains { $0.hasPrefix("wrong-package") } } == narrow.count, "\(probed.output)")
    let result = try await rig.run(try line(rig, "--uninstall-first --confirm 30 --format json", for: .x64))
    #expect(result.code == .incomplete, "\(result.said)")
    for object in try result.objects() {
      guard let name = object["agent"] as? String, let outcome = object["outcome"] as? String else { continue }
      #expect(outcome == (narrow.contains(name) ? "refused" : "repaired"), "\(object)")
      #expect(!narrow.contains(name) || object["cause"] as? String == "wrong-package")
      #expect(rig.fleet.installations(of: name) == (narrow.contains(name) ? (0, 0) : (1, 1)))
    }
  }

  @Test(arguments: [
    ("--uninstall-first --method autopcc", "before anything is removed"),
    ("--method autopcc --package Agent.msi", "takes what the server has"),
  ])
  func whatDoesNotGoTogetherIsSaid(options: String, meant: String) async throws {
    let rig = try await CommandRig(agents: 3)
    let result = try await rig.run("reinstall all \(options) --confirm 3")
    #expect(result.code == .misuse && result.said.contains(meant), "\(result.said)")
  }

  @Test func autopccSaysThatNobodyVouchesForIt() async throws {
    let rig = try await CommandRig(agents: 3)
    let planned = try await rig.run("reinstall all --method autopcc --dry-run --format json")
    #expect(planned.code == .success, "\(planned.said)")
    #expect(planned.said.contains("no document of the vendor") && planned.said.contains("one agent goes first"))
    #expect(planned.output.contains(#"\\\\apexone.contoso.local\\ofcscan\\autopcc.exe"#), "\(planned.output)")
    #expect(try await rig.run("reinstall all --method autopcc --confirm 3").code == .success)
    let keyed = try await CommandRig(agents: 3, faults: .keyLogon)
    let refused = try await keyed.run("reinstall all --method autopcc --confirm 0")
    #expect(refused.code == .refused && refused.output.contains("without network credentials"), "\(refused)")
  }

  @Test func resumeGoesOnAfterTheReboot() async throws {
    let rig = try await CommandRig(agents: 3, faults: FaultRecipe(.uninstallWantsReboot))
    await enterPassword(rig)
    let first = try await rig.run(
      try line(rig, "--uninstall-first --confirm 3 --max-unprotected 100% --format json"))
    #expect(first.code == .incomplete && first.said.contains("to carry it on: resume 1"), "\(first.said)")
    let summary = try #require(try first.objects().last?["summary"] as? [String: Int])
    #expect(summary["reboot-required"] == 1 && summary["repaired"] == 2, "\(summary)")
    let early = try await rig.run("resume 1 --format json")
    #expect(early.code == .incomplete && early.output.contains("not rebooted yet"), "\(early.output)")
    try await rig.fleet.clock.living { try await rig.fleet.clock.sleep(for: .seconds(2_000)) }
    let late = try await rig.run("resume 1 --format json")
    #expect(late.code == .success, "\(late.said)")
    #expect(rig.fleet.names.allSatisfy { rig.fleet.installations(of: $0) == (1, 1) })
  }

  @Test func whoHasNoAgentIsNamedFirstAndCanBeTriedAgain() async throws {
    let rig = try await CommandRig(agents: 5, faults: FaultRecipe(.installFails))
    await enterPassword(rig)
    let name = try #require(rig.fleet.names.first { rig.fleet.fault(of: $0) == .installFails })
    let run = try await rig.run(try line(rig, "--uninstall-first --confirm 5 --waves 100%"))
    #expect(run.code == .incomplete && run.said.contains("\(name) HAS NO AGENT now"), "\(run.said)")
    #expect(run.said.contains("1 ENDPOINT IS UNPROTECTED") && run.said.contains("retry 1"))
    let again = try await rig.run("retry 1 \(name) --confirm 1")
    #expect(again.code == .incomplete)
    // It has no agent: there is nothing to remove, and the package is run again.
    let steps = try rig.journal().events(ofRun: 2, position: 0).map(\.word)
    #expect(steps.contains("execute") && !steps.contains("uninstall"), "\(steps)")
  }
}
