import ApexOne
import Foundation
import Lab
import Runs
import Testing

@testable import Commands

/// What comes back from Support, and the end of a case.
@Suite struct CaseAttachmentTests {
  private func rigWithCase(clock: VirtualClock = VirtualClock()) async throws -> CaseRig {
    let rig = try CaseRig(clock: clock)
    #expect(try await rig.escalate("WS-001", "--kind", "on-premises").code == .success)
    return rig
  }

  private func attach(_ rig: CaseRig, _ file: String, _ more: [String] = [], answers: [String?]? = nil) async throws
    -> CaseRig.Ran
  {
    try await rig.run(["escalate", "--attach", "1", "--certificate", file] + more, answers: answers)
  }

  @Test func aPersonTypesYes() async throws {
    let rig = try await rigWithCase()
    let certificate = try AuthenticationCertificate(bytes: rig.fleet.olderCertificate)
    let file = try rig.file("OfcNTCer.dat", certificate.der)
    for (answer, code) in [("no", ExitCode.refused), ("", .refused), (nil, .interrupted)] as [(String?, ExitCode)] {
      #expect(try await attach(rig, file, answers: [answer]).code == code)
      #expect(try rig.journal.supportCase(1)?.certificate == nil)
    }
    let ran = try await attach(rig, file, answers: ["yes"])
    #expect(ran.code == .success, "\(ran.error)")
    for part in [certificate.serial, certificate.sha256, certificate.subject, "not_after"] {
      #expect(ran.console.notes.contains { $0.contains(part) }, "\(part) is not shown before the question")
    }
    #expect(try rig.journal.supportCase(1)?.certificate == Data(certificate.der))
    #expect(try CaseStore.certificate(ofCase: 1, in: rig.journal) == certificate)
    #expect(ran.console.output.contains(#""serial":"\#(certificate.serial)""#))
  }

  @Test func aScriptGivesTheSerial() async throws {
    let rig = try await rigWithCase()
    let certificate = try AuthenticationCertificate(bytes: rig.fleet.olderCertificate)
    let file = try rig.file("OfcNTCer.dat", certificate.der)
    let none = try await attach(rig, file)
    #expect(none.code == .refused)
    #expect(none.error.contains("--confirm \(certificate.serial)"))
    #expect(try await attach(rig, file, ["--confirm", "1234"]).code == .refused)
    #expect(try await attach(rig, file, ["--confirm", String(certificate.serial.dropLast())]).code == .refused)
    #expect(try rig.journal.supportCase(1)?.certificate == nil)
    let colons = certificate.serial.lowercased().enumerated().map { ($0 > 0 && $0 % 2 == 0 ? ":" : "") + String($1) }
    #expect(try await attach(rig, file, ["--confirm", colons.joined()]).code == .success)
    let item = try CaseStore.value(of: #require(try rig.journal.supportCase(1)))
    #expect(item.attached?.sha256 == certificate.sha256)
  }

  @Test func whatIsNoCertificateIsRefused() async throws {
    let rig = try await rigWithCase()
    let key = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"
    let huge = try rig.file("huge.dat", [0x30])
    #expect(truncate(huge, 1 << 30) == 0)
    let files = [
      (try rig.file("key.pem", Array(key.utf8)), "private key"), (try rig.file("empty.dat", []), "empty"),
      (try rig.file("words.dat", Array("certificate".utf8)), "no certificate"), (huge, "over 64 KB"),
      (try rig.file("cut.dat", Array(rig.fleet.serverCertificate.dropLast(9))), "cut short"),
      (rig.folder + "/nothing.dat", "can't be read"), (rig.folder + "/out", "not a plain file"),
    ]
    for (file, reason) in files {
      let ran = try await attach(rig, file, ["--confirm", "00"])
      #expect(ran.code == .unusableInput)
      #expect(ran.error.contains(reason), "\(ran.error)")
    }
    #expect(try rig.journal.supportCase(1)?.certificate == nil)
  }

  @Test(arguments: [(4_000_000_000.0, "expired"), (1_000_000_000.0, "valid from")])
  func onlyAValidOneIsTaken(start: Double, reason: String) async throws {
    let rig = try await rigWithCase(clock: VirtualClock(start: start))
    let certificate = try AuthenticationCertificate(bytes: rig.fleet.serverCertificate)
    let file = try rig.file("OfcNTCer.dat", certificate.der)
    let ran = try await attach(rig, file, ["--confirm", certificate.serial])
    #expect(ran.code == .unusableInput)
    #expect(ran.error.contains(reason), "\(ran.error)")
  }

  @Test func aClosedCaseTakesNothing() async throws {
    let rig = try await rigWithCase()
    let file = try rig.file("OfcNTCer.dat", rig.fleet.serverCertificate)
    let closed = try await rig.run(["escalate", "--close", "1"])
    #expect(closed.code == .success)
    #expect(closed.console.output.hasPrefix(#"{"case":1,"state":"closed","closed":"2026-03-02T"#))
    let ran = try await attach(rig, file, ["--confirm", "00"])
    #expect(ran.code == .unusableInput)
    #expect(ran.error.contains("closed"))
    let again = try await rig.run(["escalate", "--close", "1"])
    #expect(again.code == .success)
    #expect(again.console.output == closed.console.output)
    #expect(again.console.notes == ["case 1 was closed already"])
  }

  @Test func anUnknownCaseIsNamed() async throws {
    let rig = try await rigWithCase()
    for words in [["--close", "9"], ["--attach", "9", "--certificate", "x"]] {
      let ran = try await rig.run(["escalate"] + words)
      #expect(ran.code == .unusableInput)
      #expect(ran.error.contains("no case 9"))
    }
    #expect(try await rig.run(["show", "case", "9"]).code == .unusableInput)
  }

  @Test func aTransferGetsOnlyWhatIsThere() async throws {
    let rig = try await rigWithCase()
    let journal = try rig.journal
    for (number, part) in [(1, "no certificate yet"), (2, "no case 2")] {
      let error = #expect(throws: CommandError.self) { try CaseStore.certificate(ofCase: number, in: journal) }
      #expect(error?.exitCode == .unusableInput)
      #expect(error?.message.contains(part) == true)
    }
    let certificate = try AuthenticationCertificate(bytes: rig.fleet.serverCertificate)
    let file = try rig.file("OfcNTCer.dat", certificate.der)
    #expect(try await attach(rig, file, ["--confirm", certificate.serial]).code == .success)
    #expect(try CaseStore.certificate(ofCase: 1, in: journal, server: CaseRig.identity) == certificate)
    #expect(throws: CommandError.self) { try CaseStore.certificate(ofCase: 1, in: journal, server: "ssh://other") }
  }

  @Test func casesAreListedAndShown() async throws {
    let rig = try CaseRig()
    let none = try await rig.run(["list", "cases"])
    #expect(none.code == .success && none.console.output.isEmpty && none.console.notes.count == 1)
    #expect(try await rig.run(["show", "case"]).code == .unusableInput)
    #expect(try await rig.escalate("WS-001", "--kind", "on-premises").code == .success)
    #expect(try await rig.escalate("WS-[001-003]", "--kind", "on-premises", "--summary", "b").code == .success)
    let certificate = try AuthenticationCertificate(bytes: rig.fleet.serverCertificate)
    let file = try rig.file("OfcNTCer.dat", certificate.der)
    #expect(try await attach(rig, file, ["--confirm", certificate.serial]).code == .success)
    let lines = try await rig.run(["list", "cases"]).console.output.split(separator: "\n")
    #expect(lines.count == 2)
    let start = #"{"case":2,"state":"open","kind":"on-premises","server":"lab:cases","agents":3,"created":"2026-"#
    #expect(lines[0].hasPrefix(start))
    #expect(lines[1].contains(#""certificate":"\#(certificate.serial)","archive":"\#(rig.folder)/out/"#))
    let shows = [(["show", "case"], #""selection":"WS-[001-003]""#), (["show", "case", "1"], certificate.sha256)]
    for (words, part) in shows {
      let shown = try await rig.run(words)
      #expect(shown.code == .success)
      #expect(shown.console.output.contains(part), "\(shown.console.output)")
      #expect(try keys(shown.console.output) == Set(ShowCase.manual.jsonKeys))
    }
    try FileManager.default.removeItem(atPath: rig.folder + "/out/apexsh-case-2.zip")
    #expect(try await rig.run(["show", "case"]).console.notes.contains { $0.contains("no longer there") })
  }

  private func keys(_ line: String) throws -> Set<String> {
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return Set(try #require(object).keys)
  }
}
