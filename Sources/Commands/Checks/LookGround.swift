import ApexOne
import Remote
import Runs

/// What looks at endpoints are held against, and the way to them. The server is read for it; nothing is changed.
struct LookGround: Sendable {
  let place: ServerPlace
  /// The certificate that a repair would deploy.
  let certificate: AuthenticationCertificate
  let expectations: LookExpectations
  let connector: any HostConnector
  /// One for all looks of a command: the first logon with a password runs alone.
  let gate: LogonGate
  let connectLimit: Duration
  let workLimit: Duration
  let parallel: Int

  static func read(_ place: ServerPlace, in invocation: Invocation) async throws -> LookGround {
    let reading = try await ServerFactsReader.read(place, in: invocation)
    var settings = invocation.settings
    for (key, text) in reading.facts.learned { try settings.set(key, text, from: .learned("ofcscan.ini")) }
    guard let certificate = try settings.certificate.map(CertificateFile.read) ?? reading.certificate else {
      throw CommandError(
        .unusableInput,
        OutputText.visible(reading.facts.certificateProblem ?? "the server has no certificate; see: check server"))
    }
    guard let serverName = settings.serverName else {
      throw CommandError(
        .misuse, "server-name is not known: ofcscan.ini has none that can be used; set server-name")
    }
    let connector = try await invocation.connector(place)
    return LookGround(
      place: place, certificate: certificate,
      expectations: LookExpectations(
        serverName: serverName, serverAliases: settings.serverAliases, agentPort: settings.agentPort),
      connector: connector, gate: LogonGate(offersPassword: connector.offersPassword),
      connectLimit: settings.timeoutConnect, workLimit: settings.timeoutCopy, parallel: settings.parallel)
  }

  /// One connection, one look. The caller's task lives on the place's clock. Nil where the password was refused to
  /// somebody else before: this one was not tried.
  func look(at endpoint: Endpoint) async throws(RemoteError) -> AgentFacts? {
    guard let isAlone = await gate.enter(on: place.clock) else { return nil }
    let host: any Host
    do throws(RemoteError) {
      host = try await connector.connect(to: endpoint, within: connectLimit)
      if isAlone { gate.settle(.accepted) }
    } catch {
      if error.kind == .logonRefused, error.credential == .password {
        gate.settle(.refused(error.message))
      } else if isAlone {
        gate.settle(.inconclusive)
      }
      throw error
    }
    let timer = place.clock.schedule(after: workLimit) { host.abort() }
    let result: Result<AgentFacts, RemoteError>
    do throws(RemoteError) {
      result = .success(try await EndpointLook.facts(host, against: CertificateReadings(against: certificate)))
    } catch {
      result = .failure(error)
    }
    timer.cancel()
    await host.close()
    return try result.get()
  }
}
