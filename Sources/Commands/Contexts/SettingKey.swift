/// The name of a setting, as typed after `set`.
package enum SettingKey: String, Sendable, CaseIterable {
  case server
  case serverName = "server-name"
  case serverAliases = "server-aliases"
  case httpPort = "http-port"
  case httpsPort = "https-port"
  case agentPort = "agent-port"
  case product
  case transport
  case user
  case identityFile = "identity-file"
  case certificate
  case parallel
  case retries
  case waves
  case wavePause = "wave-pause"
  case keepTrying = "keep-trying"
  case maxFailures = "max-failures"
  case maxWaveFailures = "max-wave-failures"
  case maxUnprotected = "max-unprotected"
  case logonsInFlight = "logons-in-flight"
  case despiteRefusals = "despite-refusals"
  case timeoutConnect = "timeout-connect"
  case timeoutCopy = "timeout-copy"
  case timeoutExecute = "timeout-execute"
  case timeoutSettle = "timeout-settle"
  case timeoutList = "timeout-list"
  case production
  case pager
  case color
  case onError = "on-error"

  package var definition: SettingDefinition { SettingDefinition.of(self) }
}

/// The name of a secret, as typed after `set`.
package enum SecretKey: String, Sendable, CaseIterable {
  case password
  case unloadPassword = "unload-password"
  case uninstallPassword = "uninstall-password"

  package var help: String {
    switch self {
    case .password: "the password of the account for endpoints"
    case .unloadPassword: "the agents' unload password, which IpXfer asks for"
    case .uninstallPassword: "the agents' uninstall password, for reinstall --uninstall-first"
    }
  }
}

/// Where a value came from, in the order in which one gives way to the next.
package enum SettingSource: Sendable, Hashable, CustomStringConvertible {
  case builtIn
  /// Read from the server at connect: `ofcscan.ini of apexone.contoso.local`.
  case learned(String)
  case context(String)
  case set
  case commandLine
  /// An option of the command that runs.
  case option

  package var description: String {
    switch self {
    case .builtIn: "default"
    case .learned(let origin): origin
    case .context(let name): "context \(name)"
    case .set: "set"
    case .commandLine: "command line"
    case .option: "option"
    }
  }
}
