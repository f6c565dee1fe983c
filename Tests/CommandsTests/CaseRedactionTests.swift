import ApexOne
import Archives
import Foundation
import Lab
import Remote
import Runs
import Testing

@testable import Commands

/// Secrets planted wherever somebody could have put one: none leaves.
@Suite struct CaseRedactionTests {
  private static let unload = "P@ssw0rd-unload"

  @Test(arguments: [["--summary", "we use P@ssw0rd-unload here"], ["--changed-before", "!CRYPT!52ABCD"]])
  func inTheAdministratorsWords(words: [String]) async throws {
    let rig = try CaseRig()
    let form = ["escalate", "WS-001", "--kind", "on-premises", "--output", rig.folder + "/out"]
    let ran = try await rig.run(form + words)
    #expect(ran.code == .unusableInput)
    #expect(ran.error.contains("SUMMARY.txt") && ran.error.contains("no archive was left"))
    #expect(!ran.error.contains("P@ssw0rd") && !ran.error.contains("52ABCD"))
    #expect(rig.made.isEmpty)
    #expect(try rig.journal.cases().isEmpty)
    #expect(try !journalHolds("P@ssw0rd", rig) && !journalHolds("52ABCD", rig))
  }

  @Test func inTheSettings() async throws {
    let rig = try CaseRig()
    await rig.vault.set(.uninstallPassword, .entered, from: .set, secret: Secret("an0ther/one"))
    try rig.set(.user, "an0ther/one")
    let ran = try await rig.escalate("WS-001", "--kind", "on-premises")
    #expect(ran.code == .unusableInput)
    #expect(ran.error.contains("settings.txt") && ran.error.contains("the uninstall-password"))
    #expect(!ran.error.contains("an0ther"))
    #expect(rig.made.isEmpty)
  }

  @Test func theirSourcesAreToldAndNotTheirValues() async throws {
    let rig = try CaseRig()
    await rig.vault.set(.password, .environment("APEX_PASSWORD"), from: .set, secret: Secret("an0ther/one"))
    #expect(try await rig.escalate("WS-001", "--kind", "on-premises").code == .success)
    let text = try rig.text("settings.txt")
    #expect(text.contains("password: set, from the variable APEX_PASSWORD"))
    #expect(text.contains("uninstall-password: not set"))
    #expect(!text.contains("an0ther"))
  }

  @Test func aSecretThatCantBeReadCantBeLookedFor() async throws {
    let rig = try CaseRig()
    await rig.vault.set(.password, .environment("APEXSH_TEST_NOT_SET"), from: .set)
    let ran = try await rig.escalate("WS-001", "--kind", "on-premises")
    #expect(ran.code == .refused)
    #expect(rig.made.isEmpty)
  }

  @Test func inTheList() async throws {
    let rig = try CaseRig()
    try rig.keepList("Host,IP,Domain\r\nWS-001,10.0.0.1,Sales\r\nWS-002,10.0.0.2,P@ssw0rd-unload\r\n")
    let ran = try await rig.escalate("all", "--kind", "on-premises")
    #expect(ran.code == .success, "\(ran.error)")
    #expect(
      ran.console.notes.contains {
        $0.hasPrefix("the list of mismatched agents is left out") && $0.hasSuffix("the unload-password")
      })
    let entries = try rig.entries()
    #expect(entries["mismatched.csv"] == nil)
    #expect(try rig.text("SUMMARY.txt").contains("left out of the archive"))
    let table = try rig.text("agents.csv")
    #expect(table.contains("Sales") && table.contains("left out: it holds the unload-password"))
    #expect(!entries.values.contains { String(decoding: $0, as: UTF8.self).contains(Self.unload) })
    #expect(!ran.console.everything.contains("P@ssw0rd"))
  }

  @Test func inWhatAToolPrinted() async throws {
    let rig = try CaseRig()
    let run = try await rig.transfer()
    let journal = try rig.journal
    journal.note(.executed("usage: -pwd P@ssw0rd-unload"), run: run, position: 0, at: 1)
    try await journal.intend(.begin(nil), run: run, position: 0, at: 2)
    let ran = try await rig.escalate("WS-001", "--kind", "on-premises", "--unlisted")
    #expect(ran.code == .success, "\(ran.error)")
    let tried = try rig.text("tried.txt")
    #expect(tried.contains("executed: (left out: it holds the unload-password)"))
    #expect(!tried.contains("P@ssw0rd"))
  }

  @Test func inTheIni() throws {
    let scanner = RedactionScanner(secrets: [("unload-password", Self.unload)])
    let item = try SupportCase(
      id: "1", kind: .onPremises, created: Date(timeIntervalSince1970: 0), server: "lab:cases")
    let files = CaseFiles(
      item: item, histories: [], server: ServerKnowledge(redactedINI: "[A]\nNote=\(Self.unload)\n"), list: nil,
      settings: "", scanner: scanner)
    let (finished, entries) = files.make()
    #expect(!entries.contains { $0.name == "ofcscan-redacted.ini" })
    #expect(finished.notes.contains { $0.contains("ofcscan.ini is left out") })
  }

  @Test func theArchiveOnDiskIsLookedThrough() throws {
    let rig = try CaseRig()
    let path = rig.folder + "/out/x.zip"
    let scanner = RedactionScanner(secrets: [("password", "P@ssw0rd")])
    let clean = [ZipArchive.Entry(name: "a.txt", bytes: Array("words".utf8))]
    let planted = [ZipArchive.Entry(name: "a.txt", bytes: Array("P@ssw0rd".utf8))]
    try ZipArchive.write(planted, to: path, modified: 0)
    let error = #expect(throws: CommandError.self) { try CaseArchive.verify(path, clean, scanner) }
    #expect(error?.exitCode == .fault)
    #expect(error?.message.contains("a.txt, byte 0: the password") == true)
    try ZipArchive.write(clean, to: path, modified: 0, replacing: true)
    try CaseArchive.verify(path, clean, scanner)
    let other = [ZipArchive.Entry(name: "a.txt", bytes: [])]
    #expect(throws: CommandError.self) { try CaseArchive.verify(path, other, scanner) }
    let refused = #expect(throws: CommandError.self) {
      try CaseArchive.write(planted, to: rig.folder + "/out/y.zip", at: 0, scanner: scanner)
    }
    #expect(refused?.exitCode == .fault)
    #expect(rig.made == ["x.zip"])
  }

  @Test func aShortSecretIsSaid() async throws {
    let rig = try CaseRig()
    await rig.vault.set(.uninstallPassword, .entered, from: .set, secret: Secret("abc"))
    let ran = try await rig.escalate("WS-001", "--kind", "on-premises")
    #expect(ran.code == .success, "\(ran.error)")
    #expect(ran.console.notes.contains { $0.contains("the uninstall-password has under 4 characters") })
  }

  @Test func theJournalHoldsTheCaseAndNoSecret() async throws {
    let rig = try CaseRig(faults: .wrongPassword)
    let run = try await rig.transfer()
    #expect(try await rig.escalate("all", "--kind", "on-premises", "--summary", "words").code == .success)
    let record = try #require(try rig.journal.supportCase(1))
    #expect(record.server == CaseRig.identity && record.closed == nil && record.certificate == nil)
    #expect(record.archive == rig.folder + "/out/apexsh-case-1.zip")
    let item = try CaseStore.value(of: record)
    #expect(item.summary == "words" && item.state == .open && item.product == .apexOne)
    #expect(item.agents.map(\.name) == rig.fleet.names)
    #expect(item.agents[0].run == run && item.agents[0].outcome == .failed && item.agents[0].cause == .toolHadNoEffect)
    #expect(item.agents[0].command?.contains("••••") == true)
    #expect(item.agents[0].exitCode != nil)
    let older = try AuthenticationCertificate(bytes: rig.fleet.olderCertificate)
    #expect(item.agents[0].certificateBefore == older.sha256)
    #expect(!record.value.contains("P@ssw0rd"))
  }

  private func journalHolds(_ text: String, _ rig: CaseRig) throws -> Bool {
    try OwnFile.names(in: rig.folder).filter { $0.hasPrefix("journal") }.contains { name in
      try Data(contentsOf: URL(fileURLWithPath: rig.folder + "/" + name)).firstRange(of: Data(text.utf8)) != nil
    }
  }
}
