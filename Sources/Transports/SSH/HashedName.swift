import CLibssh

/// A hashed name of a known_hosts line, `|1|SALT|HMAC-SHA1`. libssh computes it: its reader matches one line at a time.
enum HashedName {
  static func matches(_ name: String, _ entry: KnownHosts.Entry) -> Bool {
    guard let hashed = entry.names.first else { return false }
    var found: UnsafeMutablePointer<ssh_knownhosts_entry>?
    let code = ssh_known_hosts_parse_line(name, "\(hashed) \(entry.type) \(entry.base64)", &found)
    guard code == SSH_OK, let found else { return false }
    ssh_knownhosts_entry_free(found)
    return true
  }
}
