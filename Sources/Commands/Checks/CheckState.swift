import ApexOne
import Runs

/// The verdict of one check.
enum CheckState: String, Sendable, Hashable, CaseIterable {
  case green
  /// A repair may go on; a person should know.
  case amber
  /// It would stop a repair, or an endpoint is not protected.
  case red
}

/// How a certificate's dates stand to the clock.
struct CertificateValidity: Sendable, Hashable {
  let state: CheckState
  let detail: String

  /// Days before its end from which a certificate is amber.
  private static let soon = 30.0

  init(_ certificate: ServerFacts.Certificate, at date: Double) {
    let from = TimeText.date(certificate.notBefore)
    let to = TimeText.date(certificate.notAfter)
    let days = (certificate.notAfter - date) / 86_400
    if date > certificate.notAfter {
      state = .red
      detail = "the certificate expired on \(to); agents would get one that is no use: renew it on the server first"
    } else if date < certificate.notBefore {
      state = .red
      detail = "the certificate is valid only from \(from); check the clocks of the server and of this machine"
    } else if days < CertificateValidity.soon {
      state = .amber
      detail = "the certificate expires on \(to), in \(TimeText.age(certificate.notAfter - date))"
    } else {
      state = .green
      detail = "valid from \(from) to \(to)"
    }
  }
}
