import ApexOne
import Runs

/// Whose certificate and whose key is whose, among the servers that the journal knows.
struct KeyRing: Sendable {
  private let servers: [(identity: String, certificate: ServerFacts.Certificate)]

  init(_ journal: Journal) throws(JournalError) {
    servers = try journal.servers().compactMap { server in
      server.facts.certificate.map { (server.identity, $0) }
    }
  }

  /// Identities of the servers whose certificate has this public key.
  func owners(ofKey keySHA256: String) -> [String] {
    servers.filter { $0.certificate.keySHA256 == keySHA256 }.map(\.identity)
  }

  /// Identities of the servers whose certificate this is.
  func owners(ofCertificate sha256: String) -> [String] {
    servers.filter { $0.certificate.sha256 == sha256 }.map(\.identity)
  }

  func certificate(of identity: String) -> ServerFacts.Certificate? {
    servers.first { $0.identity == identity }?.certificate
  }
}
