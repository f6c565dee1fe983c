import ApexOne
import Remote
import Runs

/// What looks at endpoints are held against, and the way to them. The server is read for it; nothing is changed.
struct LookGround: Sendable {
  let place: ServerPlace
  let expectations: LookExpectations
  /// Against the certificate that a repair would deploy.
  let look: GatedLook
  let parallel: Int

  static func read(_ place: ServerPlace, in invocation: Invocation) async throws -> LookGround {
    let reading = try await ServerFactsReader.read(place, in: invocation)
    let settings = try invocation.settings.learning(reading.facts)
    guard let certificate = try settings.certificate.map(CertificateFile.read) ?? reading.certificate else {
      throw CommandError(
        .unusableInput,
        OutputText.visible(reading.facts.certificateProblem ?? "the server has no certificate; see: check server"))
    }
    let connector = try await invocation.connector(place)
    return LookGround(
      place: place,
      expectations: LookExpectations(
        serverName: try settings.needed(\.serverName, .serverName), serverAliases: settings.serverAliases,
        agentPort: settings.agentPort),
      look: GatedLook(
        connector: connector, gate: LogonGate(offersPassword: connector.offersPassword), clock: place.clock,
        readings: CertificateReadings(against: certificate), connectLimit: settings.timeoutConnect,
        workLimit: settings.timeoutCopy),
      parallel: settings.parallel)
  }
}
