import ApexOne
import Archives
import Foundation
import Runs

/// Makes the files of a case out of what was gathered.
///
/// What others wrote (the list, the ini, tools' output) may hold a secret that somebody put there: such a file, or such
/// a piece of a file of ours, is left out and that is said. What the administrator wrote is never changed in silence:
/// it is refused when the archive is looked through.
struct CaseFiles: Sendable {
  struct List: Sendable {
    var record: ListRecord
    var bytes: [UInt8]
  }

  static let summaryName = "SUMMARY.txt"
  static let settingsName = "settings.txt"
  static let indexName = "INDEX.txt"

  var item: SupportCase
  let histories: [CaseHistory]
  let server: ServerKnowledge
  let list: List?
  let settings: String
  let scanner: RedactionScanner
  /// What the site has learned its tools to mean.
  var learned = ToolResults.none

  /// The case as it is kept, and the archive's entries, the index last.
  func make() -> (item: SupportCase, entries: [ZipArchive.Entry]) {
    var item = item
    item.agents = records(of: item)
    var files: [(name: String, bytes: [UInt8])] = []
    let known = server.certificateRecord
    files.append(
      ("agents.csv", screened("agents.csv", &item.notes) { CaseTable.csv(histories, known, clean: $0) }))
    files.append(("tried.txt", screened("tried.txt", &item.notes) { TriedText.make(histories, learned, clean: $0) }))
    addList(&files, &item.notes)
    let certificate = server.certificate
    files.append(
      ("certificates.txt", Array(CertificatesText.make(histories, server, certificateFile: certificate != nil).utf8)))
    if let certificate { files.append((CertificatesText.serverFile, certificate.der)) }
    addServer(&files, &item.notes)
    files.append((CaseFiles.settingsName, Array(settings.utf8)))
    files.insert((CaseFiles.summaryName, Array(CaseSummary(item).text().utf8)), at: 0)
    files.append((CaseFiles.indexName, Array(CaseIndex.text(files).utf8)))
    return (item, files.map { ZipArchive.Entry(name: $0.name, bytes: $0.bytes) })
  }

  private func addList(_ files: inout [(name: String, bytes: [UInt8])], _ notes: inout [String]) {
    guard let list else {
      notes.append("there is no list of this server, so none is in the archive")
      return
    }
    if let finding = scanner.scan(list.bytes, name: "").first {
      notes.append("the list of mismatched agents is left out of the archive: it holds \(finding.kind)")
      return
    }
    files.append(("mismatched.csv", list.bytes))
  }

  private func addServer(_ files: inout [(name: String, bytes: [UInt8])], _ notes: inout [String]) {
    if let facts = server.facts {
      files.append(("server.txt", screened("server.txt", &notes) { ServerText.make(facts, clean: $0) }))
    }
    guard let ini = server.redactedINI else { return }
    if let finding = scanner.scan(Array(ini.utf8), name: "").first {
      notes.append("ofcscan.ini is left out of the archive: an ordinary value in it holds \(finding.kind)")
      return
    }
    files.append(("ofcscan-redacted.ini", Array(ini.utf8)))
  }

  private func records(of item: SupportCase) -> [SupportCase.AgentRecord] {
    var whole = item
    whole.agents = histories.map { $0.record { $0 } }
    if scanner.scan(Array(CaseStore.text(of: whole).utf8), name: "").isEmpty { return whole.agents }
    whole.agents = histories.map { $0.record(clean) }
    if scanner.scan(Array(CaseStore.text(of: whole).utf8), name: "").isEmpty { return whole.agents }
    return histories.map { SupportCase.AgentRecord(name: $0.agent.name.text) }
  }

  /// Looks for secrets in the whole, and piece by piece only where there is one. What several pieces hold between them is
  /// left out with all of the file.
  private func screened(
    _ name: String, _ notes: inout [String], _ make: ((String) -> String) -> String
  ) -> [UInt8] {
    let whole = Array(make { $0 }.utf8)
    if scanner.scan(whole, name: name).isEmpty { return whole }
    let cleaned = Array(make(clean).utf8)
    guard let finding = scanner.scan(cleaned, name: name).first else { return cleaned }
    notes.append("what \(name) tells is left out of the archive: it holds \(finding.kind)")
    return Array("(left out: it holds \(finding.kind))\n".utf8)
  }

  private func clean(_ piece: String) -> String {
    guard let finding = scanner.scan(Array(piece.utf8), name: "").first else { return piece }
    return "(left out: it holds \(finding.kind))"
  }
}
