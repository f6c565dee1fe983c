import ApexOne
import Archives
import Foundation
import Lab
import Remote
import Runs
import Testing

@testable import Commands

/// `tool-results`: what a site has learned its tools to mean, shown wherever a tool's end is, and believed nowhere.
@Suite struct ToolResultsTests {
  private static let text =
    "# learned in May\r\n\r\nipxfer exit 5 self-protection was on\r\nipxfer output \"Denied\"   no rights there\r\n"
    + "installer exit 0x643 a reboot was pending\r\nuninstaller exit -1 it gave up\r\n"

  @Test func itIsRead() throws {
    let known = try ToolResults("\u{FEFF}" + Self.text)
    #expect(known.meaning(.ipxfer, exitCode: 5, output: "") == "self-protection was on")
    #expect(known.meaning(.ipxfer, exitCode: 0, output: "access DENIED") == "no rights there")
    #expect(known.meaning(.installer, exitCode: 1603, output: "") == "a reboot was pending")
    #expect(known.meaning(.uninstaller, exitCode: .max, output: "") == "it gave up")
    #expect(
      known.meaning(.installer, exitCode: 5, output: "") == nil
        && known.meaning(.ipxfer, exitCode: nil, output: "") == nil)
    #expect(known.meaning(.ipxfer, end: "exit code 5: words") == "self-protection was on")
    #expect(
      known.meaning(.ipxfer, end: "exit code 55") == nil
        && known.meaning(.ipxfer, end: "no exit code: denied") == "no rights there")
    #expect(try ToolResults("") == .none && ToolResults("#\n\n") == .none)
  }

  @Test(arguments: [
    ("ipxfre exit 5 x", "no tool \"ipxfre\""), ("ipxfer exit five x", "is no exit code"),
    ("ipxfer exit 4294967296 x", "no exit code"),
    ("ipxfer exit 5", "says no meaning"), ("ipxfer", "a line is TOOL exit"), ("ipxfer said x", "a line is TOOL exit"),
    ("ipxfer output Denied x", "in double quotes"), ("ipxfer output \"ab\" x", "under 3"),
    ("ipxfer output \"abc x", "in double quotes"),
    ("ipxfer exit 7 a\u{1B}[31m", "control"), ("ipxfer exit 5 again\nipxfer exit 5 and again", "line 2"),
  ])
  func anotherFormIsRefusedWithItsLine(line: String, meant: String) throws {
    let error = #expect(throws: ToolResultsError.self) { try ToolResults("# first\n" + line) }
    #expect(error?.line ?? 0 >= 2 && error?.description.contains(meant) == true, "\(String(describing: error))")
  }

  private func write(_ text: String, _ rig: CommandRig) throws {
    try FileManager.default.createDirectory(
      atPath: rig.folders.config, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let path = rig.folders.config + "/tool-results"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  }

  @Test func itIsShownInEveryAccountAndChangesNoOutcome() async throws {
    let rig = try await CommandRig(agents: 20, faults: FaultRecipe(.saysZeroRepairsNothing))
    let struck = rig.fleet.names.filter { rig.fleet.fault(of: $0) == .saysZeroRepairsNothing }
    // Learned before: in the result itself.
    try write("ipxfer exit 0 said by a tool that did nothing\n", rig)
    let ran = try await rig.run("transfer all --confirm 20 --max-failures 100% --format json")
    #expect(ran.code == .incomplete, "\(ran.said)")
    for object in try ran.objects() {
      guard let name = object["agent"] as? String else { continue }
      #expect(
        (object["detail"] as? String)?.contains("tool-results: said by a tool that did nothing") == true, "\(object)")
      #expect(object["outcome"] as? String == (struck.contains(name) ? "failed" : "repaired"))
    }
    // Learned since: beside what the journal has, and once.
    try write("ipxfer exit 0 nothing to be believed\n", rig)
    let shown = try await rig.run("show run 1 --format json")
    let detail = try #require(try shown.objects().first { $0["agent"] as? String == struck[0] }?["detail"] as? String)
    #expect(
      detail.contains("said by a tool that did nothing") && detail.contains("tool-results: nothing to be believed"),
      "\(detail)")
    let steps = try await rig.run("show run 1 --agent \(struck[0])")
    #expect(steps.output.contains("exit code 0 (tool-results: nothing to be believed)"), "\(steps.output)")
    let report = try await rig.run("report 1 --format json")
    let said = try #require(try report.objects().first { $0["section"] as? String == "tool-results" })
    #expect(said["detail"] as? String == "nothing to be believed" && said["agents"] as? Int == 20)
    #expect(try await rig.run("report 1", format: .table).output.contains("20 × nothing to be believed"))
  }

  @Test func aLineOfAnotherFormStopsARepairAndNotALook() async throws {
    let rig = try await CommandRig(agents: 2)
    #expect(try await rig.run("transfer WS-001 --confirm 1").code == .success)
    try write("ipxfer exit 0 fine\nipxfer exit nil fine\n", rig)
    let ran = try await rig.run("transfer WS-002 --confirm 1")
    #expect(ran.code == .unusableInput && ran.said.contains("tool-results:2: "), "\(ran.said)")
    #expect(try rig.journal().runs().count == 1)
    let shown = try await rig.run("show run 1")
    #expect(shown.code == .success && shown.said.contains("tool-results:2: "), "\(shown.said)")
  }

  @Test func itStandsInACase() async throws {
    let rig = try CaseRig(agents: 2)
    _ = try await rig.transfer()
    let folder = try rig.invocation().folders.config
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Data("ipxfer exit 0 nothing to be believed\n".utf8).write(to: URL(fileURLWithPath: folder + "/tool-results"))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/tool-results")
    #expect(try await rig.escalate("WS-001", "--kind", "on-premises", "--unlisted").code == .success)
    #expect(try rig.text("tried.txt").contains("(tool-results: nothing to be believed)"))
  }

  /// Somebody pasted a command line into the file.
  @Test func aSecretInAMeaningIsShownNowhere() async throws {
    let rig = try await CommandRig(agents: 2)
    let secret = rig.fleet.secrets.unloadPassword.reveal { $0 }
    let hex = secret.utf8.map { String($0, radix: 16) }.joined(separator: ".")
    try write("ipxfer exit 0 was run with -pwd \(secret) by hand\n", rig)
    let ran = try await rig.run("transfer WS-001 --confirm 1 --format json")
    #expect(ran.code == .success && ran.output.contains("tool-results: was run with -pwd ••••"), "\(ran.said)")
    var said = [ran]
    for meaning in [secret, hex] {
      try write("ipxfer exit 0 again -pwd \(meaning) by hand\n", rig)
      for line in ["show run 1 --format json", "show run 1 --agent WS-001", "report 1 --format json"] {
        said.append(try await rig.run(line))
        #expect(said.last?.output.contains("tool-results") == true, "\(line)")
      }
    }
    for one in said {
      #expect(!one.said.contains(secret) && !one.said.contains(hex) && !one.output.contains(secret), "\(one.said)")
      #expect(!one.output.contains(hex), "\(one.output)")
    }
    for event in try rig.journal().events(ofRun: 1, position: 0) { #expect(event.detail?.contains(secret) != true) }
    #expect(try rig.journal().results(ofRun: 1).allSatisfy { $0.detail?.contains(secret) != true })
  }
}
