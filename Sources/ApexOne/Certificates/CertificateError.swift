/// Why a file is not used as an authentication certificate. Each says what is wrong and what to do about it.
package enum CertificateError: Error, Sendable, Hashable {
  case empty
  /// More than `AuthenticationCertificate.sizeLimit` bytes; the size that was met.
  case tooLarge(Int)
  /// A private key of this kind is in the file: it must never be deployed, kept or handed on.
  case privateKey(String)
  /// A PEM file with this many certificates: which one is meant can't be told.
  case several(Int)
  /// DER with this many bytes after its end.
  case trailingBytes(Int)
  /// Neither DER nor PEM, or broken; why, in a few words.
  case notACertificate(String)
}

extension CertificateError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty:
      "the certificate file is empty; fetch OfcNTCer.dat from the server again"
    case .tooLarge(let size):
      "the certificate file has \(size) bytes, more than \(AuthenticationCertificate.sizeLimit); "
        + "an OfcNTCer.dat has about 1 KB, so this is another file"
    case .privateKey(let kind):
      "the certificate file holds a private key (\(kind)); keep it where it is safe, and give the public OfcNTCer.dat"
    case .several(let count):
      "the certificate file holds \(count) certificates; give a file with the server's alone"
    case .trailingBytes(let count):
      "the certificate file has \(count) bytes after the certificate's end; fetch OfcNTCer.dat from the server again"
    case .notACertificate(let reason):
      "the file is no certificate: \(reason); give an X.509 certificate in DER or PEM form"
    }
  }

  /// Never overridable: a private key must not travel, whatever the options.
  package var isPrivateKey: Bool {
    if case .privateKey = self { true } else { false }
  }
}
