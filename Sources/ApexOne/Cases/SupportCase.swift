package import Foundation

/// A case handed to Trend Micro Support: what was said, which agents, what was tried. A value to keep; its files are
/// made from it.
package struct SupportCase: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    case onPremises = "on-premises"
    case service
  }

  package enum State: String, Sendable, Hashable, Codable { case open, closed }

  /// One agent of the case, and what its runs came to.
  package struct AgentRecord: Sendable, Hashable, Codable {
    package var name: String
    package var outcome: Outcome?
    package var cause: Cause?
    package var detail: String?
    package var run: Int?
    /// Masked, as it was shown.
    package var command: String?
    package var exitCode: UInt32?
    package var certificateBefore: String?
    package var certificateAfter: String?

    package init(
      name: String, outcome: Outcome? = nil, cause: Cause? = nil, detail: String? = nil, run: Int? = nil,
      command: String? = nil, exitCode: UInt32? = nil, certificateBefore: String? = nil, certificateAfter: String? = nil
    ) {
      self.name = name
      self.outcome = outcome
      self.cause = cause
      self.detail = detail
      self.run = run
      self.command = command
      self.exitCode = exitCode
      self.certificateBefore = certificateBefore
      self.certificateAfter = certificateAfter
    }
  }

  package var id: String
  package var kind: Kind
  package var created: Date
  package var state: State
  /// The server's identity, and what it is.
  package var server: String
  package var product: Product?
  /// Customer Licensing Portal account and the service's address; needed for `service`.
  package var clpAccount: String?
  package var provisionURL: String?
  package var summary: String?
  /// Since when, in the administrator's words.
  package var since: String?
  package var changedBefore: String?
  package var serverCertificate: CertificateRecord?
  package var mismatchedCount: Int?
  package var agents: [AgentRecord]
  /// What a reader must know of how the case was made: what was left out, or is not fresh. A sentence each.
  package var notes: [String]
  /// What Support sent back.
  package var attached: CertificateRecord?

  package init(
    id: String, kind: Kind, created: Date, server: String, product: Product? = nil, clpAccount: String? = nil,
    provisionURL: String? = nil, summary: String? = nil, since: String? = nil, changedBefore: String? = nil,
    serverCertificate: CertificateRecord? = nil, mismatchedCount: Int? = nil, agents: [AgentRecord] = [],
    notes: [String] = []
  ) throws(CaseError) {
    self.id = id
    self.kind = kind
    self.created = created
    self.state = .open
    self.server = server
    self.product = product
    self.clpAccount = clpAccount
    self.provisionURL = provisionURL
    self.summary = summary
    self.since = since
    self.changedBefore = changedBefore
    self.serverCertificate = serverCertificate
    self.mismatchedCount = mismatchedCount
    self.agents = agents
    self.notes = notes
    try check()
  }
}

/// A certificate as a case names it.
package struct CertificateRecord: Sendable, Hashable, Codable {
  package var subject: String
  package var serial: String
  package var sha256: String
  package var notBefore: Date
  package var notAfter: Date

  package init(_ certificate: AuthenticationCertificate) {
    subject = certificate.subject
    serial = certificate.serial
    sha256 = certificate.sha256
    notBefore = certificate.notBefore
    notAfter = certificate.notAfter
  }

  package init(subject: String, serial: String, sha256: String, notBefore: Date, notAfter: Date) {
    self.subject = subject
    self.serial = serial
    self.sha256 = sha256
    self.notBefore = notBefore
    self.notAfter = notAfter
  }
}
