/// What a command, a line or the whole program ends with. The meanings are part of the contract with scripts.
package struct ExitCode: RawRepresentable, Sendable, Hashable {
  package let rawValue: Int32
  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// All asked for was done and proved.
  package static let success = ExitCode(rawValue: 0)
  /// Done, but not every agent is repaired or already matching; a check is red.
  package static let incomplete = ExitCode(rawValue: 1)
  /// Unknown command or option, missing or malformed argument.
  package static let misuse = ExitCode(rawValue: 64)
  /// A file or selection that was given can't be used.
  package static let unusableInput = ExitCode(rawValue: 65)
  /// The server could not be reached, or a tool on it could not be run.
  package static let serverUnavailable = ExitCode(rawValue: 69)
  /// A fault of our own.
  package static let fault = ExitCode(rawValue: 70)
  /// Could not write or open our own: journal, output, state folder.
  package static let ownFiles = ExitCode(rawValue: 74)
  /// Refused: not confirmed, logon refused by the server, secret missing.
  package static let refused = ExitCode(rawValue: 77)
  package static let interrupted = ExitCode(rawValue: 130)

  package var isSuccess: Bool { self == .success }

  /// The code that two results amount to where work goes on after a failure: the larger one.
  package func combined(with other: ExitCode) -> ExitCode { rawValue >= other.rawValue ? self : other }

  /// The codes and their meanings, in order, for `help exit-codes`.
  package static let meanings: [(code: ExitCode, meaning: String)] = [
    (.success, "all asked for was done and proved"),
    (.incomplete, "done, but not every agent is repaired or already-matching; a check is red"),
    (.misuse, "misuse: unknown command or option, missing or malformed argument"),
    (.unusableInput, "a file or selection that was given can't be used"),
    (.serverUnavailable, "the server could not be reached, or a tool on it could not be run"),
    (.fault, "a fault of apexsh itself"),
    (.ownFiles, "could not write or open our own: journal, output, state folder"),
    (.refused, "refused: not confirmed, logon refused by the server, secret missing"),
    (.interrupted, "interrupted"),
  ]
}
