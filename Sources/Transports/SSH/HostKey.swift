import CLibssh

/// A server's public key.
package struct HostKey: Sendable, Hashable {
  /// `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`, …
  package let type: String
  package let base64: String
  /// `SHA256:…`, as OpenSSH shows it.
  package let sha256: String

  /// Nil when the text isn't a key of that type.
  package init?(type: String, base64: String) {
    var key: ssh_key?
    let code = ssh_pki_import_pubkey_base64(base64, ssh_key_type_from_name(type), &key)
    guard code == SSH_OK, let key else { return nil }
    defer { ssh_key_free(key) }
    self.init(key)
    guard self.type == type else { return nil }
  }

  init?(_ key: ssh_key) {
    guard let name = ssh_key_type_to_char(ssh_key_type(key)) else { return nil }
    var text: UnsafeMutablePointer<CChar>?
    guard ssh_pki_export_pubkey_base64(key, &text) == SSH_OK, let text else { return nil }
    defer { ssh_string_free_char(text) }
    var hash: UnsafeMutablePointer<UInt8>?
    var size = 0
    guard ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) == 0 else { return nil }
    defer { ssh_clean_pubkey_hash(&hash) }
    guard let fingerprint = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size) else { return nil }
    defer { ssh_string_free_char(fingerprint) }
    type = String(cString: name)
    base64 = String(cString: text)
    sha256 = String(cString: fingerprint)
  }
}
