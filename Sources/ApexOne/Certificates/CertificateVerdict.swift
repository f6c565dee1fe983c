/// How an agent's certificate stands to the server's.
package enum CertificateVerdict: String, Sendable, Hashable, Codable, CaseIterable {
  /// The same DER.
  case equal
  /// Another certificate of the server's own key: renewed on one side only.
  case renewed
  /// Another key.
  case other
  /// No `OfcNTCer.dat` in the agent's folder.
  case absent
  /// It is there, and no certificate can be read from it.
  case unreadable

  /// Everything but the same DER is a mismatch, and repaired.
  package var isMatch: Bool { self == .equal }

  package var meaning: String {
    switch self {
    case .equal: "the certificate is the server's"
    case .renewed: "another certificate of the server's key: one side was renewed, the other was not"
    case .other: "the certificate is of another key than the server's"
    case .absent: "the agent has no certificate file"
    case .unreadable: "the agent's certificate file holds no certificate"
    }
  }
}

/// What is in the agent's folder under the name `OfcNTCer.dat`.
package enum AgentCertificate: Sendable, Hashable {
  case present(AuthenticationCertificate)
  case absent
  case unreadable(CertificateError)

  /// From a file's bytes; nil where there is no such file.
  package init(bytes: [UInt8]?) {
    guard let bytes else {
      self = .absent
      return
    }
    do { self = .present(try AuthenticationCertificate(bytes: bytes)) } catch { self = .unreadable(error) }
  }

  package func verdict(against server: AuthenticationCertificate) -> CertificateVerdict {
    switch self {
    case .absent: .absent
    case .unreadable: .unreadable
    case .present(let own): own.verdict(against: server)
    }
  }
}

extension AuthenticationCertificate {
  /// This one as an agent's, held against the server's.
  package func verdict(against server: AuthenticationCertificate) -> CertificateVerdict {
    if self == server { return .equal }
    return keySHA256 == server.keySHA256 ? .renewed : .other
  }
}
