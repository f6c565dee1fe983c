import ApexOne
import ArgumentParser
import Foundation
import Runs

/// `show case [ID]`
struct ShowCase: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "show case", abstract: "Show a case: what was handed over, and what Support sent.")
  static let manual = CommandManual(
    group: .cases,
    examples: [.init("show case", "the newest"), .init("show case 3 --format json", "case 3, for a program")],
    exitCodes: [.unusableInput, .ownFiles],
    jsonKeys: [
      "case", "state", "kind", "server", "product", "clp_account", "provision_url", "summary", "since",
      "changed_before", "mismatched", "agents", "selection", "created", "closed", "archive", "server_certificate",
      "certificate", "notes",
    ])

  @Argument(help: "The case; the newest of the server where it is left out.") var number: CaseNumber?
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let journal = try invocation.journal()
    let record = try number.map { try CaseStore.record($0.value, in: journal) } ?? newest(in: journal, invocation)
    let item = try CaseStore.value(of: record)
    try invocation.details([
      ("case", .number(record.number)), ("state", .text(item.state.rawValue)), ("kind", .text(item.kind.rawValue)),
      ("server", .text(item.server)), ("product", ResultValue(item.product?.rawValue)),
      ("clp_account", ResultValue(item.clpAccount)), ("provision_url", ResultValue(item.provisionURL)),
      ("summary", ResultValue(item.summary)), ("since", ResultValue(item.since)),
      ("changed_before", ResultValue(item.changedBefore)), ("mismatched", ResultValue(item.mismatchedCount)),
      ("agents", .number(item.agents.count)),
      ("selection", .text(NameFolding.fold(item.agents.compactMap { AgentName($0.name) }))),
      ("created", .text(TimeText.rfc3339(record.created))),
      ("closed", ResultValue(record.closed.map(TimeText.rfc3339))), ("archive", .text(record.archive)),
      ("server_certificate", Self.value(item.serverCertificate)), ("certificate", Self.value(item.attached)),
      ("notes", .list(item.notes.map { .text($0) })),
    ])
    if !FileManager.default.fileExists(atPath: record.archive) {
      invocation.console.note("the archive is no longer there: \(OutputText.visible(record.archive))")
    }
    return .success
  }

  private func newest(in journal: Journal, _ invocation: Invocation) throws -> CaseRecord {
    let server = invocation.settings.server == nil ? nil : try invocation.place().identity
    if let record = try journal.cases(server: server).first { return record }
    throw CommandError(
      .unusableInput, "no case \(server == nil ? "" : "of this server ")yet; see: list cases, help escalate")
  }

  private static func value(_ certificate: CertificateRecord?) -> ResultValue {
    guard let certificate else { return .null }
    return .object([
      .init("subject", .text(certificate.subject)), .init("serial", .text(certificate.serial)),
      .init("sha256", .text(certificate.sha256)),
      .init("not_before", .text(TimeText.rfc3339(certificate.notBefore.timeIntervalSince1970))),
      .init("not_after", .text(TimeText.rfc3339(certificate.notAfter.timeIntervalSince1970))),
    ])
  }
}
