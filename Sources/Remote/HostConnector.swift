/// A machine to reach: an agent's endpoint or the server.
package struct Endpoint: Sendable, Hashable, Codable {
  /// The host name, as the list has it.
  package var name: String
  /// An address to use instead of the name (`address add`, `--by-address`); nil to use the transport's template.
  package var address: String?

  package init(name: String, address: String? = nil) {
    self.name = name
    self.address = address
  }
}

/// Makes connections of one kind. One value serves a whole run.
package protocol HostConnector: Sendable {
  /// The transport's scheme: `ssh`, `lab`, `file`.
  var kind: String { get }
  var abilities: HostAbilities { get }
  /// A password would be offered at logon, where nothing else is taken.
  var offersPassword: Bool { get }

  /// Connects and logs on. Dial, host key check and logon together take at most `limit`.
  func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Host
  /// The same; `leave` is asked at the last moment before a password is sent, and its wait does not count for `limit`.
  /// Throws `.logonRefused` where it gives none: nothing was sent then.
  func connect(
    to endpoint: Endpoint, within limit: Duration, asking leave: any PasswordLeave
  ) async throws(RemoteError) -> any Host
  /// The shells that its endpoints may have. Which one an endpoint has is known once it is connected (`Host.shell`).
  var shells: [FarShell] { get }
  /// Throws `.unsupported`, with the reason and the way out, for a command that no endpoint can be sent unchanged.
  /// Asked while planning, before anything is touched; what only some can't be sent, they refuse at the look.
  func carries(_ command: RemoteCommand) throws(RemoteError)
  /// Is anything listening there? A TCP connection only, no logon.
  func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError)
}

extension HostConnector {
  /// For a connector that can't ask in the middle: it asks before it dials.
  package func connect(
    to endpoint: Endpoint, within limit: Duration, asking leave: any PasswordLeave
  ) async throws(RemoteError) -> any Host {
    if offersPassword, !(await leave.mayBeSent()) { throw .passwordNotSent(to: endpoint) }
    return try await connect(to: endpoint, within: limit)
  }

  package func carries(_ command: RemoteCommand) throws(RemoteError) {
    try CommandLineQuoting.check(command, shells: shells)
  }
}
