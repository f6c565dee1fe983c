import ApexOne
import Runs

/// The certificate that Support sent for a case.
enum CaseCertificate {
  static func read(_ number: Int, in invocation: Invocation) throws -> AuthenticationCertificate {
    guard let record = try invocation.journal().supportCase(number) else {
      throw CommandError(.unusableInput, "there is no case \(number); see: list cases")
    }
    guard let bytes = record.certificate else {
      throw CommandError(
        .unusableInput, "case \(number) holds no certificate yet: escalate --attach \(number) --certificate FILE")
    }
    do throws(CertificateError) {
      return try AuthenticationCertificate(bytes: [UInt8](bytes))
    } catch {
      throw CommandError(.unusableInput, "the certificate of case \(number): \(error)")
    }
  }
}
