package import ApexOne

/// The server as agents are to know it, as far as it is known.
package struct ServerTarget: Sendable, Hashable {
  /// What a repair can't be planned without.
  package enum Value: String, Sendable, Hashable { case serverName, httpPort, agentPort }

  /// Its address without account.
  package var identity: String
  package var product: Product?
  package var serverName: String?
  package var serverAliases: [String]
  package var httpPort: Int?
  package var httpsPort: Int?
  package var agentPort: Int?

  package init(
    identity: String, product: Product?, serverName: String?, serverAliases: [String] = [], httpPort: Int? = nil,
    httpsPort: Int? = nil, agentPort: Int? = nil
  ) {
    self.identity = identity
    self.product = product
    self.serverName = serverName
    self.serverAliases = serverAliases
    self.httpPort = httpPort
    self.httpsPort = httpsPort
    self.agentPort = agentPort
  }

  func needed<Wanted>(_ path: KeyPath<ServerTarget, Wanted?>, _ value: Value) throws(PlanningError) -> Wanted {
    guard let found = self[keyPath: path] else { throw .targetUnknown(value) }
    return found
  }
}
