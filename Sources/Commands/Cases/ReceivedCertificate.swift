import ApexOne
import Foundation

/// A certificate in a file that somebody gave us: looked at no further than a certificate can be long.
enum ReceivedCertificate {
  /// Throws 65 with the exact reason; a private key is named as such, and nothing of it is kept.
  static func read(_ path: String) throws -> AuthenticationCertificate {
    let shown = OutputText.visible(path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw CommandError(.unusableInput, "\(shown): can't be read: \(LocalPath.errorText())")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw CommandError(.unusableInput, "\(shown): is not a regular file")
    }
    let bytes = LocalPath.readAll(descriptor, limit: AuthenticationCertificate.sizeLimit + 1)
    do throws(CertificateError) {
      if bytes.count > AuthenticationCertificate.sizeLimit { throw .tooLarge(max(bytes.count, Int(status.st_size))) }
      return try AuthenticationCertificate(bytes: bytes)
    } catch {
      throw CommandError(.unusableInput, "\(shown): \(error)")
    }
  }
}
