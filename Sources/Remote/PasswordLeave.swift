/// What a logon asks before it sends the account's password.
package protocol PasswordLeave: Sendable {
  /// Waits until the password may be sent to the machine that is being logged on to. False: it must not be.
  ///
  /// Asked when nothing else let the account in: dialling, key exchange, keys and tickets hold up nobody, and are held up
  /// by nobody. May be asked again in the same logon; a leave that was given holds to its end.
  func mayBeSent() async -> Bool
}

/// For whoever logs on to one machine alone.
package struct FreeLeave: PasswordLeave {
  package init() {}
  package func mayBeSent() async -> Bool { true }
}

extension RemoteError {
  /// The logon got no leave to send the password; nothing was offered.
  package static func passwordNotSent(to endpoint: Endpoint) -> RemoteError {
    RemoteError(.logonRefused, "\(endpoint.name): the password was refused elsewhere, and is not sent here")
  }
}
