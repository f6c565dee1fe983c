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
    var last: RemoteError?
    for link in links {
      do {
        return try await link.connect(to: endpoint, within: limit)
      } catch {
        guard error.kind == .unreachable || error.kind == .timedOut, !error.mayHaveRefusedPassword else { throw error }
        last = error
      }
    }
    throw last ?? RemoteError(.unreachable, "\(endpoint.name): no transport")
  }

  package func withoutPassword(for endpoint: Endpoint) -> (any HostConnector)? {
    // A way that has the password only can't be left out: the next one would come before it.
    let keysOnly = links.compactMap { $0.offersPassword ? $0.withoutPassword(for: endpoint) : $0 }
    return keysOnly.count == links.count && offersPassword ? ConnectorChain(keysOnly) : nil
  }

  package func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {
    var last: RemoteError?
    for link in links {
      do { return try await link.probe(endpoint, within: limit) } catch { last = error }
    }
    throw last ?? RemoteError(.unreachable, "\(endpoint.name): no transport")
  }
}
