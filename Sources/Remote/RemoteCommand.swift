/// An argument of a program: text, or a secret that shows as dots wherever the command is shown.
package enum RemoteArgument: Sendable, Hashable, ExpressibleByStringLiteral {
  case plain(String)
  case secret(Secret)

  package init(stringLiteral value: String) { self = .plain(value) }

  /// The argument as it may be shown.
  package var masked: String {
    switch self {
    case .plain(let text): text
    case .secret(let secret): secret.description
    }
  }

  /// The argument as the program must get it.
  package func reveal<T>(_ use: (String) throws -> T) rethrows -> T {
    switch self {
    case .plain(let text): return try use(text)
    case .secret(let secret): return try secret.reveal(use)
    }
  }
}

/// One program to run on a Windows machine, with typed arguments; never a shell string.
package struct RemoteCommand: Sendable, Hashable {
  /// A full path, or the bare name of a system tool (`reg.exe`, `sc.exe`, `msiexec.exe`).
  package var program: String
  package var arguments: [RemoteArgument]
  /// The folder to run in; nil for the login folder.
  package var folder: WindowsPath?

  package init(_ program: String, _ arguments: [RemoteArgument], in folder: WindowsPath? = nil) {
    self.program = program
    self.arguments = arguments
    self.folder = folder
  }

  /// The command line as it may be shown: secrets are dots, words with blanks are quoted.
  package var masked: String {
    ([program] + arguments.map(\.masked))
      .map { $0.utf8.contains(where: { $0 == 0x20 || $0 == 0x09 }) || $0.isEmpty ? "\"\($0)\"" : $0 }
      .joined(separator: " ")
  }
}

package struct CommandResult: Sendable, Hashable {
  /// The whole 32-bit exit code; nil where the far side ended without one (killed, or the channel closed).
  package var exitCode: UInt32?
  /// The signal's name, where the far side says that one ended the program.
  package var signal: String?
  package var output: [UInt8]
  package var errors: [UInt8]
  /// More came than `RemoteLimits.output` and was dropped.
  package var isCut: Bool

  package init(
    exitCode: UInt32?, signal: String? = nil, output: [UInt8] = [], errors: [UInt8] = [], isCut: Bool = false
  ) {
    self.exitCode = exitCode
    self.signal = signal
    self.output = output
    self.errors = errors
    self.isCut = isCut
  }
}
