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
  /// Certificates that the server had before, as it was read then: the last one first. Nil in facts of older versions.
  package var earlierCertificates: [Certificate]?
  /// Why there is no certificate, where there is none.
  package var certificateProblem: String?
  package var hasCertificateManager: Bool
  package var tools: [PlannedFile]
  package var toolsProblem: String?
  /// What the ini lacks or has wrong, and what in it was odd: a sentence each.
  package var problems: [String]

  /// How many earlier certificates are kept.
  private static let earlierKept = 16

  /// The server's certificate: as it was read now, else as it was last read.
  package var knownCertificate: Certificate? { certificate ?? earlierCertificates?.first }

  /// Takes over what was known of the server before these facts.
  mutating func follow(_ before: ServerFacts) {
    var earlier: [Certificate] = []
    let all = [before.certificate].compactMap(\.self) + (before.earlierCertificates ?? [])
    for known in all where known.sha256 != certificate?.sha256 {
      if !earlier.contains(where: { $0.sha256 == known.sha256 }) { earlier.append(known) }
    }
    earlierCertificates = earlier.isEmpty ? nil : Array(earlier.prefix(ServerFacts.earlierKept))
  }

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
