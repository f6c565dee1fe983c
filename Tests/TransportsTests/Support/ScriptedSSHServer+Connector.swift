import Remote

@testable import Transports

extension KnownHosts {
  /// A line of such a file.
  static func line(_ name: String, _ key: HostKey) -> String { "\(name) \(key.type) \(key.base64)\n" }
}

extension ScriptedSSHServer {
  /// A connector that leads every endpoint here and logs on by password, with the server's key as known under the name
  /// of `endpoint`, in a file of `folder`.
  func connector(
    _ endpoint: Endpoint, trustedIn folder: TestFolder, user: String? = "CONTOSO\\admin", password: String = "P@ssw0rd",
    shell: FarShell? = .program
  ) async throws -> SSHConnector {
    var configuration = SSHConfiguration()
    configuration.user = user
    configuration.usesAgent = false
    configuration.password = Secret(password)
    configuration.knownHostsFiles = [folder.file("known")]
    let port = listener.port
    let connector = SSHConnector(configuration, shell: shell) { _ in SSHTarget(host: "127.0.0.1", port: port) }
    let key = try await connector.scanHostKey(endpoint, within: .seconds(120))
    try folder.write(KnownHosts.line(try connector.knownHostsNames(endpoint)[0], key), to: "known")
    return connector
  }
}
