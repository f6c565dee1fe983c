import Crypto
package import Foundation

/// The public certificate that agents check the server's commands with (`OfcNTCer.dat`): the server's, or an agent's.
/// Two are equal when their DER is.
package struct AuthenticationCertificate: Sendable {
  /// The certificate's DER, whatever form the file had.
  package let der: [UInt8]
  /// Names as RFC 4514 text, raw: whoever shows them makes control characters visible.
  package let subject: String
  package let issuer: String
  /// Upper-case hex without separators.
  package let serial: String
  /// SHA-256 of the DER, lower-case hex.
  package let sha256: String
  /// SHA-256 of the public key (SubjectPublicKeyInfo), lower-case hex: whose key it is, over renewals.
  package let keySHA256: String
  package let notBefore: Date
  package let notAfter: Date

  /// Bytes of a file that is looked at at all.
  package static let sizeLimit = 64 << 10

  /// Reads DER, or PEM with or without text around it.
  package init(bytes: [UInt8]) throws(CertificateError) {
    try self.init(checked: AuthenticationCertificate.der(in: bytes))
  }

  private init(checked der: [UInt8]) throws(CertificateError) {
    let fields: CertificateFields
    do { fields = try CertificateFields(der: der) } catch {
      throw .notACertificate("its contents are broken, or of a kind that is not supported")
    }
    self.der = der
    subject = fields.subject
    issuer = fields.issuer
    serial = Hex.upper(fields.serial)
    sha256 = Hex.lower(SHA256.hash(data: der))
    keySHA256 = Hex.lower(SHA256.hash(data: fields.key))
    notBefore = fields.notBefore
    notAfter = fields.notAfter
  }

  package func isExpired(at date: Date) -> Bool { date > notAfter }
  package func isNotYetValid(at date: Date) -> Bool { date < notBefore }
}

extension AuthenticationCertificate: Hashable {
  package static func == (left: Self, right: Self) -> Bool { left.der == right.der }
  package func hash(into hasher: inout Hasher) { hasher.combine(sha256) }
}

extension AuthenticationCertificate {
  /// The DER of the one certificate in a file, after everything that must not be in it has been looked for.
  private static func der(in bytes: [UInt8]) throws(CertificateError) -> [UInt8] {
    if bytes.isEmpty { throw .empty }
    if bytes.count > sizeLimit { throw .tooLarge(bytes.count) }
    if bytes[0] == DERItem.sequence {
      try checkDER(bytes)
      return bytes
    }
    guard let text = PEMText(bytes) else { throw .notACertificate("it begins like neither DER nor PEM") }
    if let key = text.blocks.first(where: { $0.label.contains("PRIVATE KEY") }) {
      throw .privateKey("PEM \(key.label)")
    }
    for case let block? in text.blocks.map(\.bytes) {
      if let kind = PrivateKeyShape.kind(block, at: 0) { throw .privateKey(kind) }
    }
    let certificates = text.blocks.filter { $0.label == "CERTIFICATE" || $0.label == "X509 CERTIFICATE" }
    if certificates.count > 1 { throw .several(certificates.count) }
    guard let only = certificates.first else {
      throw .notACertificate("its PEM block is \(text.blocks[0].label.prefix(40)), not CERTIFICATE")
    }
    guard let der = only.bytes else { throw .notACertificate("its PEM block is cut short or is not base64") }
    try checkDER(der)
    return der
  }

  private static func checkDER(_ bytes: [UInt8]) throws(CertificateError) {
    if let kind = PrivateKeyShape.kind(bytes, at: 0) { throw .privateKey(kind) }
    guard let whole = DERItem(bytes, at: 0, limit: bytes.count), whole.tag == DERItem.sequence else {
      throw .notACertificate("it is cut short, or is not DER")
    }
    guard whole.end < bytes.count else { return }
    if let kind = PrivateKeyShape.kind(bytes, at: whole.end) { throw .privateKey(kind) }
    if let text = PEMText(Array(bytes[whole.end...])), text.blocks.contains(where: { $0.label.contains("PRIVATE KEY") })
    {
      throw .privateKey("PEM")
    }
    throw .trailingBytes(bytes.count - whole.end)
  }
}
