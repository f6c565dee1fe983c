package import Remote

/// A host that stands before another one and hands everything on but what it does itself.
package protocol ForwardingHost: Remote.Host {
  var base: any Remote.Host { get }
}

extension ForwardingHost {
  package var abilities: HostAbilities { base.abilities }
  package var credential: RemoteError.Credential? { base.credential }
  package func shell() async throws(RemoteError) -> FarShell { try await base.shell() }
  package func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult { try await base.run(command) }
  package func makeFolder(_ folder: WindowsPath) async throws(RemoteError) { try await base.makeFolder(folder) }
  package func put(_ bytes: [UInt8], to file: WindowsPath) async throws(RemoteError) {
    try await base.put(bytes, to: file)
  }
  package func get(_ file: WindowsPath, limit: Int) async throws(RemoteError) -> [UInt8] {
    try await base.get(file, limit: limit)
  }
  package func list(_ folder: WindowsPath) async throws(RemoteError) -> [RemoteEntry] { try await base.list(folder) }
  package func removeFile(_ file: WindowsPath) async throws(RemoteError) { try await base.removeFile(file) }
  package func removeFolder(_ folder: WindowsPath) async throws(RemoteError) { try await base.removeFolder(folder) }
  package func abort() { base.abort() }
  package func close() async { await base.close() }
}

/// A connector that stands before another one, in the same way.
package protocol ForwardingConnector: HostConnector {
  var base: any HostConnector { get }
}

extension ForwardingConnector {
  package var kind: String { base.kind }
  package var abilities: HostAbilities { base.abilities }
  package var offersPassword: Bool { base.offersPassword }
  package var shells: [FarShell] { base.shells }
  package func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {
    try await base.probe(endpoint, within: limit)
  }
}

/// A connector whose hosts stand behind another one.
package struct WrappingConnector: ForwardingConnector {
  package let base: any HostConnector
  package let wrap: @Sendable (any Remote.Host) -> any Remote.Host

  package init(base: any HostConnector, wrap: @escaping @Sendable (any Remote.Host) -> any Remote.Host) {
    (self.base, self.wrap) = (base, wrap)
  }

  package func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
    wrap(try await base.connect(to: endpoint, within: limit))
  }
}

/// A machine whose registry doesn't say what it calls itself.
package final class NamelessHost: ForwardingHost {
  package let base: any Remote.Host
  package init(base: any Remote.Host) { self.base = base }

  package func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    let asks = command.arguments.contains("Hostname") || command.arguments.contains("ComputerName")
    return asks ? CommandResult(exitCode: 1) : try await base.run(command)
  }
}
