import Remote
import Transports

/// SSH connections to endpoints, whose refusals say what to do next in this program's commands.
struct SSHEndpoints: HostConnector {
  private let connector: SSHConnector

  init(_ connector: SSHConnector) { self.connector = connector }

  var kind: String { connector.kind }
  var abilities: HostAbilities { connector.abilities }
  var offersPassword: Bool { connector.offersPassword }
  var shells: [FarShell] { connector.shells }

  func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Host {
    try await connect(to: endpoint, within: limit, asking: FreeLeave())
  }

  func connect(
    to endpoint: Endpoint, within limit: Duration, asking leave: any PasswordLeave
  ) async throws(RemoteError) -> any Host {
    do throws(RemoteError) {
      return try await connector.connect(to: endpoint, within: limit, asking: leave)
    } catch {
      throw HostKeyAdvice.add(to: error, agent: endpoint.name)
    }
  }

  func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {
    try await connector.probe(endpoint, within: limit)
  }
}

/// The way out of a host key that is not trusted.
enum HostKeyAdvice {
  static func add(to error: RemoteError, agent name: String) -> RemoteError {
    switch error.kind {
    case .hostKeyUnknown: saying("trust it by: trust learn \(name), or trust import FILE", error)
    case .hostKeyChanged:
      saying("if that is right: trust remove \(name) (--revoked for a mark), then trust learn \(name)", error)
    default: error
    }
  }

  static func add(to error: RemoteError, server host: String) -> RemoteError {
    switch error.kind {
    case .hostKeyUnknown:
      saying("trust it by: trust import FILE (known_hosts form), or connect at a prompt, which asks", error)
    case .hostKeyChanged:
      saying(
        "if that is right: trust remove \(host) (--revoked for a mark), then connect at a prompt, which asks", error)
    default: error
    }
  }

  private static func saying(_ advice: String, _ error: RemoteError) -> RemoteError {
    var error = error
    error.message += "; " + advice
    return error
  }
}
