import ApexOne
import Foundation
import Remote
import Runs

/// The certificate that a repair deploys: of a case, of the setting, or the server's own; and how it stands to that.
struct DeployedCertificate: Sendable {
  let certificate: AuthenticationCertificate
  /// The server's own, as it was read now, else as it was read last; nil where none was ever read.
  let own: ServerFacts.Certificate?

  var origin: CertificateOrigin { CertificateOrigin(of: certificate, beside: own) }

  /// What a person should know before confirming; nil where it is the server's own.
  var warning: String? {
    guard let own else {
      return "the server's own certificate is not known: whether agents that get this one (serial "
        + "\(certificate.serial)) obey the server can't be told"
    }
    guard origin == .other else { return nil }
    return "the certificate (serial \(certificate.serial)) is NOT the server's own (serial \(own.serial)): agents that "
      + "get it don't obey the server until that is the server's own"
  }

  /// Throws where there is none, or none that can be used: not at this time, or not the server's own and not allowed.
  init(_ maker: PlanMaker, _ reading: ServerReader.Reading, _ settings: Settings, at date: Double) throws {
    let chosen = try maker.given ?? settings.certificate.map(CertificateFile.read)
    guard let certificate = chosen ?? reading.certificate else {
      throw CommandError(
        .unusableInput, reading.facts.certificateProblem ?? "the server has no certificate; see: check server")
    }
    self.certificate = certificate
    own = reading.facts.knownCertificate
    try Self.checkDates(certificate, at: Date(timeIntervalSince1970: date))
    if let own, own.sha256 != certificate.sha256, !maker.allowsCertificate(besides: own) {
      let (what, remedy) = Self.words(maker.recipe)
      throw CommandError(
        .refused,
        "\(what) (serial \(certificate.serial)) is not the server's own (serial \(own.serial)); \(remedy), or give "
          + "--certificate-differs (for apply: to the command that plans anew); nothing was touched")
    }
  }

  private static func words(_ recipe: PlanRecipe) -> (what: String, remedy: String) {
    guard let number = recipe.caseNumber else { return ("the certificate of the setting", "unset certificate") }
    return ("the certificate of case \(number)", "leave --case \(number) out")
  }

  private static func checkDates(_ certificate: AuthenticationCertificate, at now: Date) throws {
    if certificate.isExpired(at: now) {
      throw CommandError(
        .unusableInput,
        "the certificate (serial \(certificate.serial)) expired on \(TimeText.date(certificate.notAfter.timeIntervalSince1970)); repair the server first (check server)"
      )
    }
    if certificate.isNotYetValid(at: now) {
      throw CommandError(
        .unusableInput,
        "the certificate (serial \(certificate.serial)) is valid only from \(TimeText.date(certificate.notBefore.timeIntervalSince1970)); check the clocks"
      )
    }
  }
}

extension CertificateOrigin {
  /// `own`: the server's, as far as it is known.
  init(of certificate: AuthenticationCertificate, beside own: ServerFacts.Certificate?) {
    self = own.map { $0.sha256 == certificate.sha256 ? .server : .other } ?? .notCompared
  }
}

extension PlanMaker {
  /// A person allowed a certificate that is not this one of the server's: now, or when the plan was made that is made
  /// again. Then it was allowed beside the certificate that the server was known to have: not beside a later one, and
  /// beside none where none was known.
  func allowsCertificate(besides own: ServerFacts.Certificate) -> Bool {
    guard recipe.certificateDiffers else { return false }
    return isAllowedNow || recipe.ownCertificateSHA256 == own.sha256
  }
}
