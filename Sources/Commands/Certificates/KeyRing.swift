import ApexOne
import Runs

/// Whose certificate and whose key is whose, among the servers that the journal knows.
struct KeyRing: Sendable {
  private let servers: [(identity: String, certificate: ServerFacts.Certificate)]
  /// Keys of certificates that servers have or had, by the certificate's SHA-256.
  private let keys: [String: String]

  init(_ journal: Journal) throws(JournalError) {
    let known = try journal.servers()
    servers = known.compactMap { server in server.facts.knownCertificate.map { (server.identity, $0) } }
    let all = known.flatMap { [$0.facts.certificate].compactMap(\.self) + ($0.facts.earlierCertificates ?? []) }
    keys = Dictionary(all.map { ($0.sha256, $0.keySHA256) }, uniquingKeysWith: { first, _ in first })
  }

  /// SHA-256 of the key of a certificate that a server has or had; nil for one that no server is known to have had.
  func key(ofCertificate sha256: String) -> String? { keys[sha256] }

  /// Identities of the servers whose certificate has this public key.
  func owners(ofKey keySHA256: String) -> [String] {
    servers.filter { $0.certificate.keySHA256 == keySHA256 }.map(\.identity)
  }

  /// Identities of the servers whose certificate this is.
  func owners(ofCertificate sha256: String) -> [String] {
    servers.filter { $0.certificate.sha256 == sha256 }.map(\.identity)
  }

  /// How a certificate that was seen at an agent stands to the server's of now, whatever it was held against then. Nil
  /// where it was not looked at, or the server's isn't known.
  func verdict(of facts: AgentFacts, server identity: String) -> CertificateVerdict? {
    guard let verdict = facts.certificate, verdict != .absent, verdict != .unreadable else { return facts.certificate }
    guard let own = certificate(of: identity), let sha256 = facts.certificateSHA256 else { return nil }
    if sha256 == own.sha256 { return .equal }
    if let key = key(ofCertificate: sha256) { return key == own.keySHA256 ? .renewed : .other }
    // No server is known to have had it; that it was what a run deployed says nothing of its key.
    return verdict == .renewed ? .renewed : .other
  }

  func certificate(of identity: String) -> ServerFacts.Certificate? {
    servers.first { $0.identity == identity }?.certificate
  }
}
