import Commands
import Remote
import Transports

/// Asks a person, once, whether the server's host key is to be trusted, and keeps the answer `yes`.
struct HostKeyQuestion: Sendable {
  let connector: SSHConnector
  let request: TransportRequest

  /// Returns when the key is trusted. Throws `error`, with the way out, where nobody can be asked or the answer is no.
  func ask(about endpoint: Endpoint, after error: RemoteError) async throws {
    guard let console = request.console, console.traits.isInteractive else {
      throw HostKeyAdvice.add(to: error, server: endpoint.name)
    }
    let name = try connector.knownHostsNames(endpoint)[0]
    // The key that is shown is the key that is kept: the next connection must show the same one.
    let key = try await connector.scanHostKey(endpoint, within: request.settings.timeoutConnect)
    console.note("the server \(OutputText.visible(name)) shows a host key that is not known here:")
    console.note("  \(key.type) \(key.sha256)")
    let answer = try await console.ask("is that its key, and is it to be trusted from now on? (yes/no) ")
    guard answer?.lowercased().filter({ !$0.isWhitespace }) == "yes" else {
      throw RemoteError(.hostKeyUnknown, "the host key of \(name) was not trusted; nothing was sent to the server")
    }
    try KnownKeysFile(folders: request.folders, services: TrustRegistration.services).trust(name, TrustKey(key))
  }
}
