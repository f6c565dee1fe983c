import Remote

/// A host that stands before another one and hands everything on but what it does itself.
protocol ForwardingHost: Remote.Host {
  var base: any Remote.Host { get }
}

extension ForwardingHost {
  var abilities: HostAbilities { base.abilities }
  var credential: RemoteError.Credential? { base.credential }
  func shell() async throws(RemoteError) -> FarShell { try await base.shell() }
  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult { try await base.run(command) }
  func makeFolder(_ folder: WindowsPath) async throws(RemoteError) { try await base.makeFolder(folder) }
  func put(_ bytes: [UInt8], to file: WindowsPath) async throws(RemoteError) { try await base.put(bytes, to: file) }
  func get(_ file: WindowsPath, limit: Int) async throws(RemoteError) -> [UInt8] {
    try await base.get(file, limit: limit)
  }
  func list(_ folder: WindowsPath) async throws(RemoteError) -> [RemoteEntry] { try await base.list(folder) }
  func removeFile(_ file: WindowsPath) async throws(RemoteError) { try await base.removeFile(file) }
  func removeFolder(_ folder: WindowsPath) async throws(RemoteError) { try await base.removeFolder(folder) }
  func abort() { base.abort() }
  func close() async { await base.close() }
}

/// A connector that stands before another one, in the same way.
protocol ForwardingConnector: HostConnector {
  var base: any HostConnector { get }
}

extension ForwardingConnector {
  var kind: String { base.kind }
  var abilities: HostAbilities { base.abilities }
  var offersPassword: Bool { base.offersPassword }
  var shells: [FarShell] { base.shells }
  func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {
    try await base.probe(endpoint, within: limit)
  }
}

/// A connector whose hosts stand behind another one.
struct WrappingConnector: ForwardingConnector {
  let base: any HostConnector
  let wrap: @Sendable (any Remote.Host) -> any Remote.Host
  func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
    wrap(try await base.connect(to: endpoint, within: limit))
  }
}
