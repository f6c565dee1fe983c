package import ApexOne
import Foundation

/// What was learned of a server, with where each value came from; cached in the journal. Holds no secret.
package struct ServerFacts: Sendable, Hashable, Codable {
  package struct Value: Sendable, Hashable, Codable {
    package var text: String
    /// `ofcscan.ini:12 [SECTION] Key`
    package var place: String
  }

  package struct Certificate: Sendable, Hashable, Codable {
    package var subject: String
    package var issuer: String
    package var serial: String
    package var sha256: String
    package var keySHA256: String
    /// Seconds since 1970.
    package var notBefore: Double
    package var notAfter: Double
    /// Where it was read.
    package var place: String

    package init(_ certificate: AuthenticationCertificate, place: String) {
      subject = certificate.subject
      issuer = certificate.issuer
      serial = certificate.serial
      sha256 = certificate.sha256
      keySHA256 = certificate.keySHA256
      notBefore = certificate.notBefore.timeIntervalSince1970
      notAfter = certificate.notAfter.timeIntervalSince1970
      self.place = place
    }
  }

  /// The folder, as the server names it.
  package var root: String
  package var serverName: Value?
  package var httpPort: Value?
  package var httpsPort: Value?
  package var agentPort: Value?
  package var product: Product?
  package var patternVersion: Value?
  package var certificate: Certificate?
  /// Why there is no certificate, where there is none.
  package var certificateProblem: String?
  package var hasCertificateManager: Bool
  package var tools: [PlannedFile]
  package var toolsProblem: String?
  /// What the ini lacks or has wrong, and what in it was odd: a sentence each.
  package var problems: [String]

  package init?(json: String) {
    guard let facts = try? JSONDecoder().decode(ServerFacts.self, from: Data(json.utf8)) else { return nil }
    self = facts
  }

  init(root: String) {
    self.root = root
    hasCertificateManager = false
    tools = []
    problems = []
  }

  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { preconditionFailure("facts are always encodable") }
    return String(decoding: data, as: UTF8.self)
  }
}
