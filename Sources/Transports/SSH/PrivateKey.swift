import CLibssh
import Foundation
import Remote

/// A private key read from a file, for the time of a logon.
final class PrivateKey {
  let handle: ssh_key

  init(_ path: String, passphrase: Secret?, label: String) throws(RemoteError) {
    guard access(path, R_OK) == 0 else {
      throw RemoteError(.local, "\(label): the identity file \(path) can't be read: \(systemText(errno))")
    }
    try PlainFile.check(path, "\(label): the identity file")
    // libssh asks this only where the key is encrypted and no passphrase was given.
    var wasAsked = false
    var key: ssh_key?
    let code = withUnsafeMutablePointer(to: &wasAsked) { asked in
      PrivateKey.reveal(passphrase) { text in
        ssh_pki_import_privkey_file(
          path, text,
          { _, _, _, _, _, asked in
            asked?.assumingMemoryBound(to: Bool.self).pointee = true
            return -1
          }, asked, &key)
      }
    }
    guard code == SSH_OK, let key else {
      let reason =
        wasAsked
        ? "is encrypted; give its passphrase, or add it to the agent"
        : passphrase == nil
          ? "is not a private key that libssh can read"
          : "can't be read: it is no private key, or the passphrase is wrong"
      throw RemoteError(.local, "\(label): the identity file \(path) \(reason)")
    }
    handle = key
  }

  deinit { ssh_key_free(handle) }

  private static func reveal<T>(_ secret: Secret?, _ use: (String?) -> T) -> T {
    guard let secret else { return use(nil) }
    return secret.reveal { use($0) }
  }
}
