package import Foundation

/// The public certificate that agents check the server's commands with (`OfcNTCer.dat`): the server's, or an agent's.
package struct AuthenticationCertificate: Sendable, Hashable {
  /// The certificate's DER, whatever form the file had.
  package let der: [UInt8]
  package let subject: String
  package let issuer: String
  /// Upper-case hex without separators.
  package let serial: String
  /// SHA-256 of the DER, lower-case hex.
  package let sha256: String
  package let notBefore: Date
  package let notAfter: Date
}
