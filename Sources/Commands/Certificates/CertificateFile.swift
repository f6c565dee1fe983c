package import ApexOne

/// Reads a certificate file that a person names.
package enum CertificateFile {
  package static func read(_ path: String) throws -> AuthenticationCertificate {
    let bytes = try InputFile.read(path, limit: AuthenticationCertificate.sizeLimit, takesPipes: false)
    do throws(CertificateError) {
      return try AuthenticationCertificate(bytes: bytes)
    } catch {
      throw CommandError(.unusableInput, "\(OutputText.visible(path)): \(error)")
    }
  }
}
