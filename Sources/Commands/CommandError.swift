package import Remote

/// An error that a person reads: one sentence (lower case, no full stop) and the exit code it leads to.
package protocol PresentableError: Error {
  var message: String { get }
  var exitCode: ExitCode { get }
}

/// A command could not do what was asked. Callers decide by `exitCode`, never by text.
package struct CommandError: PresentableError, Hashable {
  package let exitCode: ExitCode
  package let message: String

  package init(_ exitCode: ExitCode, _ message: String) {
    self.exitCode = exitCode
    self.message = message
  }
}

extension CommandError: CustomStringConvertible {
  package var description: String { message }
}

extension RemoteError: PresentableError {
  package var exitCode: ExitCode {
    switch kind {
    case .logonRefused, .hostKeyUnknown, .hostKeyChanged: .refused
    case .local: .unusableInput
    default: .serverUnavailable
    }
  }
}

/// The one place that turns any error into text and an exit code.
package struct RenderedError: Sendable, Hashable {
  package let message: String
  package let exitCode: ExitCode

  package init(_ error: any Error) {
    switch error {
    case let error as any PresentableError:
      self.init(message: error.message, exitCode: error.exitCode)
    case is CancellationError:
      self.init(message: "interrupted", exitCode: .interrupted)
    default:
      self.init(message: "a fault of apexsh itself: \(error)", exitCode: .fault)
    }
  }

  private init(message: String, exitCode: ExitCode) {
    self.message = message
    self.exitCode = exitCode
  }
}
