package import Remote

/// How to log on by SSH, and whom to trust.
package struct SSHConfiguration: Sendable {
  /// The account; nil for the config file's, else the local one's name.
  package var user: String?
  /// Private key files, tried in order. One that isn't there is an error.
  package var identityFiles: [String] = []
  /// Tried where neither `identityFiles` nor the config file names any; those that aren't there are passed over.
  package var usualIdentityFiles: [String] = []
  /// For encrypted key files.
  package var passphrase: Secret?
  /// Tried last, once.
  package var password: Secret?
  /// Files in known_hosts form. One that isn't there holds nothing.
  package var knownHostsFiles: [String] = []
  /// An OpenSSH client configuration, `~/.ssh/config`; nil to read none. One that isn't there holds nothing.
  package var configFile: String?
  /// Keys of the agent at `SSH_AUTH_SOCK`.
  package var usesAgent = true
  /// Log on with a Kerberos ticket. This may ask a KDC for a ticket of the host.
  package var gssapi = false
  /// A file operation during which no byte comes for so long is given up.
  package var stall: Duration = .seconds(60)

  package init() {}
}

/// Where an endpoint is, for SSH.
package struct SSHTarget: Sendable, Hashable {
  /// A name or an address; `Host` entries of the config file are looked up by it.
  package var host: String
  package var port: UInt16
  /// The name it has in known_hosts, where that isn't the host.
  package var alias: String?

  package init(host: String, port: UInt16 = 22, alias: String? = nil) {
    self.host = host
    self.port = port
    self.alias = alias
  }
}
