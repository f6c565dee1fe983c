/// Why something at a distance did not happen. Callers decide by `kind`, never by text.
package struct RemoteError: Error, Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// No TCP connection: refused, no route, no such name.
    case unreachable
    /// No answer within the time allowed.
    case timedOut
    case hostKeyUnknown
    case hostKeyChanged
    /// The far side refused the account: see `credential`.
    case logonRefused
    /// Logged on, but no right to do this.
    case accessDenied
    /// The connection ended in the middle.
    case dropped
    case notFound
    case alreadyExists
    case noSpace
    case tooLarge
    /// This transport, or the far side, can't do that.
    case unsupported
    /// The far side lets us on and refuses another channel.
    case channelRefused
    /// The far side's SFTP does not begin: refused, ended at once, or something else speaks in its place.
    case noSFTP
    /// The two sides have no algorithm in common to exchange keys with: nothing came about, and nothing will by itself.
    case noCommonAlgorithm
    /// The far side spoke, but not what the protocol asks for.
    case protocolFault
    /// Something on our own machine: a key file that can't be read, a malformed setting.
    case local
  }

  /// What was offered when a logon was refused, or ended without an answer to it. A refused password must not be tried
  /// again, nor one that may have been refused.
  package enum Credential: String, Sendable, Hashable { case password, key, agent, ticket, none }

  package var kind: Kind
  /// One sentence without a full stop, lower case, that names the thing: `WS-001: connection refused`.
  package var message: String
  package var credential: Credential?
  /// What was to be done there was not begun: a program was not started, a file transfer not opened.
  package private(set) var nothingRan = false

  /// Bytes of UTF-8 of a message that are kept: a far side may have chosen the words.
  package static let longestMessage = 1_000

  package init(_ kind: Kind, _ message: String, credential: Credential? = nil) {
    self.kind = kind
    self.message = message.cut(to: RemoteError.longestMessage)
    self.credential = credential
  }

  /// The password was refused, or was sent and nothing came back.
  package var mayHaveRefusedPassword: Bool { credential == .password }

  /// The same, of a program that was not started.
  package func beforeStart() -> RemoteError {
    var error = self
    error.nothingRan = true
    return error
  }

  /// The same, of a program that was started: whatever else the connection failed at says nothing of it.
  package func afterStart() -> RemoteError {
    var error = self
    error.nothingRan = false
    return error
  }
}

extension RemoteError: CustomStringConvertible {
  package var description: String { message }
}

extension String {
  /// The beginning that fits into so many bytes of UTF-8, cut between two characters and marked by `…`; itself where it
  /// fits.
  package func cut(to limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var end = utf8.index(startIndex, offsetBy: limit)
    while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return self[..<end] + "…"
  }
}
