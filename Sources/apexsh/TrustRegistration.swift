import ApexOne
import Commands
import Remote
import Transports

/// Fills in whom to trust: the known_hosts form and the keys of endpoints, by the SSH transport.
enum TrustRegistration {
  static let services = TrustServices(
    entry: entry, scanner: { SSHKeyScanner(try connector($0), otherFiles()) }, problem: { LibSSH.problem() })

  private static func entry(_ line: String) -> TrustEntry? {
    let hosts = KnownHosts(line)
    guard let entry = hosts.entries.first, let key = HostKey(type: entry.type, base64: entry.base64) else { return nil }
    let hasPattern = entry.names.contains { name in name.contains { $0 == "*" || $0 == "?" || $0 == "!" } }
    let marker: TrustEntry.Marker? = entry.marker.flatMap { .init(rawValue: $0.rawValue) }
    var found = TrustEntry(marker: marker, names: entry.names, key: TrustKey(key))
    if entry.isHashed || hasPattern { found.covers = { name in !hosts.entries(for: name).isEmpty } }
    return found
  }

  /// As the transport itself finds endpoints; nobody is logged on, so it gets no account and no key.
  private static func connector(_ request: TransportRequest) throws -> SSHConnector {
    var request = request
    (request.user, request.identityFile, request.password) = (nil, nil, nil)
    return try SSHTransport.endpoints(request)
  }

  /// Read, never written.
  private static func otherFiles() -> [String] {
    [LocalPath.home.map { $0 + "/.ssh/known_hosts" }].compactMap(\.self)
  }
}

private struct SSHKeyScanner: HostKeyScanner {
  private let connector: SSHConnector
  let otherFiles: [String]

  init(_ connector: SSHConnector, _ otherFiles: [String]) {
    (self.connector, self.otherFiles) = (connector, otherFiles)
  }

  func names(of endpoint: Endpoint) throws(RemoteError) -> [String] { try connector.knownHostsNames(endpoint) }

  func scan(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> TrustKey {
    TrustKey(try await connector.scanHostKey(endpoint, within: limit))
  }
}

extension TrustKey {
  init(_ key: HostKey) { self.init(type: key.type, base64: key.base64, sha256: key.sha256) }
}
