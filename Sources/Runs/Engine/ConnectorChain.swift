package import Remote

/// Several ways to an endpoint, tried in order. The next one is tried only where the last could make no connection at
/// all: a refused logon or a changed host key is never an invitation to try it another way.
package struct ConnectorChain: HostConnector {
  private let links: [any HostConnector]

  package init(_ links: [any HostConnector]) {
    precondition(!links.isEmpty, "a chain has at least one link")
    self.links = links
  }

  package var kind: String { links.map(\.kind).joined(separator: ",") }
  /// What every link can do: which one serves is known only when it has connected.
  package var abilities: HostAbilities {
    links.dropFirst().reduce(links[0].abilities) { $0.intersection($1.abilities) }
  }
  package var offersPassword: Bool { links.contains(where: \.offersPassword) }

  package var shells: [FarShell] { Array(Set(links.flatMap(\.shells))) }

  package func carries(_ command: RemoteCommand) throws(RemoteError) {
    for link in links { try link.carries(command) }
  }

  package func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Host {
    try await connect(to: endpoint, within: limit, asking: FreeLeave())
  }

  package func connect(
    to endpoint: Endpoint, within limit: Duration, asking leave: any PasswordLeave
  ) async throws(RemoteError) -> any Host {
    var last: RemoteError?
    for link in links {
      do {
        return try await link.connect(to: endpoint, within: limit, asking: leave)
      } catch {
        guard error.kind == .unreachable || error.kind == .timedOut, !error.mayHaveRefusedPassword else { throw error }
        last = error
      }
    }
    throw last ?? RemoteError(.unreachable, "\(endpoint.name): no transport")
  }

  package func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {
    var last: RemoteError?
    for link in links {
      do { return try await link.probe(endpoint, within: limit) } catch { last = error }
    }
    throw last ?? RemoteError(.unreachable, "\(endpoint.name): no transport")
  }
}
