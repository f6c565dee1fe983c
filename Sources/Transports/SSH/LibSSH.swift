import CLateLibraries
import Remote

/// libssh, which the program is not linked to: it is loaded for the first connection.
enum LibSSH {
  static func load(for label: String) throws(RemoteError) {
    if let failure = late_libssh() { throw RemoteError(.local, "\(label): \(String(cString: failure))") }
  }
}
