package import Remote

/// A host's public key, as a known_hosts file has it.
package struct TrustKey: Sendable, Hashable {
  /// `ssh-ed25519`, `ssh-rsa`, …
  package let type: String
  package let base64: String
  /// `SHA256:…`, as OpenSSH shows it.
  package let sha256: String

  package init(type: String, base64: String, sha256: String) {
    self.type = type
    self.base64 = base64
    self.sha256 = sha256
  }

  /// `ssh-ed25519 SHA256:…`
  var text: String { "\(type) \(sha256)" }
}

/// One line of a known_hosts file that could be read.
package struct TrustEntry: Sendable {
  package enum Marker: String, Sendable, Hashable { case revoked = "@revoked", authority = "@cert-authority" }
  package var marker: Marker?
  /// As in the file: names and patterns, or one hashed name `|1|…`.
  package var names: [String]
  package var key: TrustKey
  /// Whether it stands for a host's name; nil where its names are plain ones, to be compared as they are.
  package var covers: (@Sendable (String) -> Bool)?

  package init(
    marker: Marker?, names: [String], key: TrustKey, covers: (@Sendable (String) -> Bool)? = nil
  ) {
    self.marker = marker
    self.names = names
    self.key = key
    self.covers = covers
  }
}

/// Reads the keys that endpoints show, and knows under which names they are kept.
package protocol HostKeyScanner: Sendable {
  /// known_hosts files that are honoured besides ours, and never written.
  var otherFiles: [String] { get }
  /// The names of an endpoint in such a file; the first is the one to add keys under.
  func names(of endpoint: Endpoint) throws(RemoteError) -> [String]
  /// The key it shows, without logging on and without trusting it; of a type that is known for it, where there is one.
  func scan(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> TrustKey
}

/// What the program's main file fills in, so that the commands of this folder know no SSH.
package struct TrustServices: Sendable {
  /// Reads one line of a known_hosts file; nil for an empty one, a comment, and one that can't be read.
  package var entry: @Sendable (String) -> TrustEntry?
  /// For the SSH link of a transport chain.
  package var scanner: @Sendable (TransportRequest) throws -> any HostKeyScanner
  /// Why keys can't be worked with on this machine; nil where they can. Asked before anything else.
  package var problem: @Sendable () -> String?

  package init(
    entry: @escaping @Sendable (String) -> TrustEntry?,
    scanner: @escaping @Sendable (TransportRequest) throws -> any HostKeyScanner,
    problem: @escaping @Sendable () -> String? = { nil }
  ) {
    self.entry = entry
    self.scanner = scanner
    self.problem = problem
  }
}

extension Services {
  func trustServices() throws(CommandError) -> TrustServices {
    guard let trust else { throw CommandError(.fault, "no transport here has host keys") }
    if let problem = trust.problem() { throw CommandError(.fault, problem) }
    return trust
  }
}
