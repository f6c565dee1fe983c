package import Remote

/// Why a server could not be read, or a tool on it not be run. Callers decide by `kind`.
package struct ServerError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, Hashable {
    /// No connection, or it broke; or a tool could not be run there.
    case unavailable
    /// The logon or the host key was refused.
    case refused
    /// What was found there is not a server's folder, or a file in it can't be used.
    case unusable
  }

  package var kind: Kind
  package var description: String
  /// The connection was lost or never made: what was read until then is not all there is.
  package var isOfConnection = false

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// No connection came about: what listens there and speaks nonsense is no server to be reached, either.
  package init(connecting error: RemoteError) {
    self.init(error, doing: "")
    if error.kind == .protocolFault { kind = .unavailable }
  }

  package init(_ error: RemoteError, doing what: String) {
    switch error.kind {
    case .logonRefused, .hostKeyUnknown, .hostKeyChanged: kind = .refused
    case .tooLarge, .protocolFault: kind = .unusable
    default: kind = .unavailable
    }
    isOfConnection = [.unreachable, .timedOut, .dropped].contains(error.kind)
    // A transport names the file where it knows one.
    description = what.isEmpty || error.message.contains(what) ? error.message : "\(what): \(error.message)"
  }
}
