package import ApexOne
import Foundation

/// The certificate that a repair deploys: of a case, of the setting, or the server's own; and how it stands to that.
package struct DeployedCertificate: Sendable {
  package let certificate: AuthenticationCertificate
  /// The server's own, as it was read now, else as it was read last; nil where none was ever read.
  package let own: ServerFacts.Certificate?

  package var origin: CertificateOrigin { CertificateOrigin(of: certificate, beside: own) }

  /// - Parameters:
  ///   - chosen: of a case or of the setting; nil where the server's own is deployed.
  ///   - isAllowedNow: a person allows now what the recipe allows; else it was allowed when the recipe was made.
  ///   - date: seconds since 1970.
  /// - Throws: where there is none, or none that can be used: not at this time, or not the server's own and not allowed.
  package init(
    _ chosen: AuthenticationCertificate?, on reading: ServerReader.Reading, _ recipe: PlanRecipe, isAllowedNow: Bool,
    at date: Double
  ) throws(PlanningError) {
    guard let certificate = chosen ?? reading.certificate else {
      throw .noCertificate(reading.facts.certificateProblem)
    }
    self.certificate = certificate
    own = reading.facts.knownCertificate
    let now = Date(timeIntervalSince1970: date)
    if certificate.isExpired(at: now) {
      throw .certificateExpired(serial: certificate.serial, at: certificate.notAfter.timeIntervalSince1970)
    }
    if certificate.isNotYetValid(at: now) {
      throw .certificateNotYetValid(serial: certificate.serial, from: certificate.notBefore.timeIntervalSince1970)
    }
    if let own, own.sha256 != certificate.sha256, !recipe.allowsCertificate(besides: own, now: isAllowedNow) {
      throw .otherCertificate(serial: certificate.serial, own: own.serial, ofCase: recipe.caseNumber)
    }
  }

  /// What a repair would deploy later, while it goes on.
  ///
  /// - Parameters:
  ///   - chosen: of the case or the setting, read again; nil where the server's own is deployed.
  ///   - read: the server's own, read again; `unusable` where what is there is no certificate.
  package func current(
    _ chosen: AuthenticationCertificate?, _ read: () async throws -> AuthenticationCertificate
  ) async throws -> AuthenticationCertificate {
    guard let chosen else { return try await read() }
    guard let own else { return chosen }
    let now: AuthenticationCertificate
    do { now = try await read() } catch let error as ServerError {
      // A file that can't be read says nothing of a change.
      guard error.kind == .unusable else { throw error }
      return chosen
    }
    return now.sha256 == own.sha256 || now == certificate ? chosen : now
  }
}

extension CertificateOrigin {
  /// `own`: the server's, as far as it is known.
  package init(of certificate: AuthenticationCertificate, beside own: ServerFacts.Certificate?) {
    self = own.map { $0.sha256 == certificate.sha256 ? .server : .other } ?? .notCompared
  }
}

extension PlanRecipe {
  /// A person allowed a certificate that is not this one of the server's: now, or when the plan was made that is made
  /// again. Then it was allowed beside the certificate that the server was known to have: not beside a later one, and
  /// beside none where none was known.
  func allowsCertificate(besides own: ServerFacts.Certificate, now isAllowedNow: Bool) -> Bool {
    certificateDiffers && (isAllowedNow || ownCertificateSHA256 == own.sha256)
  }
}
