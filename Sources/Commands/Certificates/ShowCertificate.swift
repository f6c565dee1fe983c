import ApexOne
import ArgumentParser
import Remote
import Runs

/// `show certificate`
struct ShowCertificate: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "show certificate", abstract: "Show the certificate that would be deployed.",
    discussion: """
      That is the file of the setting certificate, else the server's own. Times are UTC. key_of lists the servers \
      known here whose certificate has the same public key.
      """)
  static let manual = CommandManual(
    group: .looking,
    examples: [
      .init("show certificate", "as it was read last"), .init("show certificate --refresh", "as it is now"),
      .init("show certificate --format json", "for a script"),
    ],
    exitCodes: [.unusableInput, .serverUnavailable, .ownFiles, .refused],
    jsonKeys: [
      "subject", "issuer", "serial", "sha256", "not_before", "not_after", "key_sha256", "key_of", "source",
    ])

  @Flag(help: "Read the server again instead of using what is known.") var refresh = false
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let place = invocation.settings.server == nil ? nil : try invocation.place()
    if let path = invocation.settings.certificate {
      let file = ServerFacts.Certificate(try CertificateFile.read(path), place: path)
      try show(file, date: place?.clock.date ?? TimeText.now, try invocation.journal(of: place), invocation)
      if let place, let own = try KeyRing(invocation.journal(of: place)).certificate(of: place.identity) {
        note(file, own, invocation.console)
      }
      return .success
    }
    guard let place else {
      throw CommandError(.misuse, "no server and no certificate is set; set one, or connect ADDRESS")
    }
    let (facts, _) = try await invocation.knownServer(place, afresh: refresh)
    guard let certificate = facts.certificate else {
      throw CommandError(
        .unusableInput,
        OutputText.visible(facts.certificateProblem ?? "the server has no certificate; see: check server"))
    }
    try show(certificate, date: place.clock.date, try invocation.journal(of: place), invocation)
    return .success
  }

  private func show(
    _ certificate: ServerFacts.Certificate, date: Double, _ journal: Journal, _ invocation: Invocation
  ) throws {
    let owners = try KeyRing(journal).owners(ofKey: certificate.keySHA256)
    try invocation.details([
      ("subject", .text(certificate.subject)), ("issuer", .text(certificate.issuer)),
      ("serial", .text(certificate.serial)), ("sha256", .text(certificate.sha256)),
      ("not_before", .text(TimeText.rfc3339(certificate.notBefore))),
      ("not_after", .text(TimeText.rfc3339(certificate.notAfter))), ("key_sha256", .text(certificate.keySHA256)),
      ("key_of", .list(owners.map { .text($0) })), ("source", .text(certificate.place)),
    ])
    let validity = CertificateValidity(certificate, at: date)
    if validity.state != .green { invocation.console.note(validity.detail) }
  }

  /// How the certificate of the setting stands to the server's own.
  private func note(
    _ given: ServerFacts.Certificate, _ own: ServerFacts.Certificate, _ console: any Console
  ) {
    if given.sha256 == own.sha256 {
      console.note("it is the server's own certificate")
    } else if given.keySHA256 == own.keySHA256 {
      console.note("another certificate of the server's own key (the server's serial is \(own.serial))")
    } else {
      console.note("of another key than the server's own (the server's serial is \(own.serial))")
    }
  }
}
