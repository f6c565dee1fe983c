import ApexOne
import Remote
import Runs

/// What looks at endpoints are held against, and the way to them. The server is read for it; nothing is changed.
struct LookGround: Sendable {
  let place: ServerPlace
  let expectations: LookExpectations
  /// The server's own certificate; nil where it has none that can be read.
  let serverCertificate: AuthenticationCertificate?
  /// What `look` holds agents' certificates against: the server's own, unless another was asked for; that of the setting
  /// only where the server's can't be read.
  let certificate: AuthenticationCertificate
  let look: GatedLook
  let parallel: Int

  /// - Parameters:
  ///   - wanted: SHA-256 of a certificate to look against, where the server still has it, or the setting; else the
  ///     server's own is taken.
  ///   - command: who looks, as people know it.
  ///   - otherMachines: machines that may answer under an agent's name.
  static func read(
    _ place: ServerPlace, against wanted: String? = nil, for command: String, otherMachines: [String] = [],
    in invocation: Invocation
  ) async throws -> LookGround {
    let reading = try await ServerFactsReader.read(place, in: invocation)
    let settings = try invocation.settings.learning(reading.facts)
    let (set, own) = (try settings.certificate.map(CertificateFile.read), reading.certificate)
    let found = wanted.flatMap { wanted in [set, own].compactMap(\.self).first { $0.sha256 == wanted } }
    guard let certificate = found ?? own ?? set else {
      throw CommandError(
        .unusableInput,
        OutputText.visible(reading.facts.certificateProblem ?? "the server has no certificate; see: check server"))
    }
    let connector = try await invocation.connector(place)
    return LookGround(
      place: place,
      expectations: LookExpectations(
        serverName: try settings.needed(\.serverName, .serverName), serverAliases: settings.serverAliases,
        agentPort: settings.agentPort, otherMachines: otherMachines,
        certificate: CertificateOrigin(of: certificate, beside: reading.facts.knownCertificate)),
      serverCertificate: own, certificate: certificate,
      look: GatedLook(
        connector: connector, gate: try await invocation.logonGate(place, for: connector), clock: place.clock,
        readings: CertificateReadings(against: certificate), connectLimit: settings.timeoutConnect,
        workLimit: settings.timeoutCopy,
        notes: InspectionNotes(
          journal: try invocation.journal(of: place), server: place.identity, command: command, clock: place.clock,
          otherMachines: otherMachines, unkept: invocation.unkept)),
      parallel: settings.parallel)
  }
}
