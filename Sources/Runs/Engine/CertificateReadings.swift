package import ApexOne
import Synchronization

/// What agents' certificate files turned out to be, held against one certificate. A fleet's mismatched agents mostly
/// hold one and the same old file: the last few are kept, so that each is parsed once.
package final class CertificateReadings: Sendable {
  package struct Reading: Sendable, Hashable {
    package var verdict: CertificateVerdict
    /// Of the certificate's DER, or of the file's bytes where it is unreadable; lower-case hex.
    package var sha256: String?
  }

  private static let kept = 16
  private let certificate: AuthenticationCertificate
  /// Comparing with a few is quicker than hashing a file, and mostly one that is met again is the first.
  private let known = Mutex<[(bytes: [UInt8], reading: Reading)]>([])

  package init(against certificate: AuthenticationCertificate) { self.certificate = certificate }

  /// `bytes`: a whole file, at most `AuthenticationCertificate.sizeLimit`.
  func reading(_ bytes: [UInt8]) -> Reading {
    // Byte for byte what was deployed: nothing to parse.
    if bytes == certificate.der { return Reading(verdict: .equal, sha256: certificate.sha256) }
    if let known = known.withLock({ known in known.first { $0.bytes == bytes }?.reading }) { return known }
    let own = AgentCertificate(bytes: bytes)
    var reading = Reading(verdict: own.verdict(against: certificate))
    switch own {
    case .present(let certificate): reading.sha256 = certificate.sha256
    case .unreadable: reading.sha256 = Plan.sha256(bytes)
    case .absent: break
    }
    known.withLock { known in
      if known.count >= CertificateReadings.kept { known = [] }
      known.append((bytes, reading))
    }
    return reading
  }
}
