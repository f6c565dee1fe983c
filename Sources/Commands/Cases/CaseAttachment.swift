import ApexOne
import Foundation
import Runs

/// `escalate --attach`: the certificate that Support sent, shown, confirmed and kept with its case.
struct CaseAttachment: Sendable {
  let number: Int
  let file: String
  /// The serial as given with `--confirm`.
  let confirmed: String?

  func run(in invocation: Invocation) async throws -> ExitCode {
    let journal = try invocation.journal()
    let record = try CaseStore.record(number, in: journal)
    var item = try CaseStore.value(of: record)
    let certificate = try CertificateFile.read(file)
    try item.attach(certificate, at: Date(timeIntervalSince1970: try invocation.date()))
    if let confirmed {
      guard Self.digits(confirmed) == Self.digits(certificate.serial) else {
        throw CommandError(
          .refused, "not attached: the certificate's serial is \(certificate.serial), and --confirm says another")
      }
    } else {
      try await confirm(certificate, replacing: record, in: invocation)
    }
    try journal.attach(certificate: Data(certificate.der), value: CaseStore.text(of: item), toCase: number)
    try invocation.details([("case", .number(number))] + Self.details(certificate))
    let own = try journal.serverCertificate(of: record.server)
    let isOther = own.map { $0.sha256 != certificate.sha256 } ?? false
    if isOther, let own {
      invocation.console.note(
        "it is NOT the server's own certificate (serial \(own.serial)): agents that get it don't obey the server until it is"
      )
    }
    invocation.console.note(
      "the certificate is kept with case \(number); deploy it: transfer SELECTION --case \(number)"
        + (isOther ? " --certificate-differs" : ""))
    return .success
  }

  private func confirm(
    _ certificate: AuthenticationCertificate, replacing record: CaseRecord, in invocation: Invocation
  ) async throws {
    guard invocation.console.traits.isInteractive else {
      throw CommandError(
        .refused,
        "not attached: no terminal to confirm at; check the serial with Support, and give "
          + "--confirm \(certificate.serial)")
    }
    for (key, value) in Self.details(certificate) {
      invocation.console.note(CellWidth.fit(key, 10) + "  " + value.cell)
    }
    if record.certificate != nil { invocation.console.note("it replaces the certificate that case \(number) has") }
    let question = "Keep this certificate with case \(number)? Type yes: "
    guard let answer = try await invocation.console.ask(question) else {
      throw CommandError(.interrupted, "not attached: the question was not answered")
    }
    guard answer.lowercased() == "yes" else { throw CommandError(.refused, "not attached: not confirmed") }
  }

  private static func details(_ certificate: AuthenticationCertificate) -> [(String, ResultValue)] {
    [
      ("subject", .text(certificate.subject)), ("issuer", .text(certificate.issuer)),
      ("serial", .text(certificate.serial)), ("sha256", .text(certificate.sha256)),
      ("not_before", .text(TimeText.rfc3339(certificate.notBefore.timeIntervalSince1970))),
      ("not_after", .text(TimeText.rfc3339(certificate.notAfter.timeIntervalSince1970))),
    ]
  }

  /// Other tools write a serial with colons or blanks, and in either case.
  private static func digits(_ serial: String) -> String {
    serial.filter { $0 != ":" && $0 != " " }.uppercased()
  }
}
