/// One command as the line that a far side must be sent, for each kind of shell there.
///
/// Throws `.unsupported`, with the reason and the way out, for what can't be carried; nothing has been sent then. The
/// line is a `Secret`, since an argument may be one.
package enum CommandLineQuoting {
  package static func line(for command: RemoteCommand, shell: FarShell) throws(RemoteError) -> Secret {
    let rules = CommandLineRules(shell: shell)
    try rules.check(path: command.program, what: "program")
    if let folder = command.folder { try rules.check(folder: folder) }
    var arguments: [String] = []
    for argument in command.arguments {
      let text = argument.reveal { $0 }
      try rules.check(argument: text)
      arguments.append(text)
    }
    switch shell {
    case .program:
      guard command.folder == nil else {
        throw RemoteError(.unsupported, "a line without a shell can't name a folder; give it to the transport")
      }
      return try rules.seal(program(command.program, arguments))
    case .cmd:
      return try rules.seal(cmd(command.program, arguments, folder: command.folder))
    case .powershell:
      return try rules.seal(PowerShellCommand.line(command.program, arguments: arguments, folder: command.folder))
    }
  }

  private static func program(_ program: String, _ arguments: [String]) -> String {
    ([CRTQuoting.program(program)] + arguments.map { CRTQuoting.quote($0) }).joined(separator: " ")
  }

  /// `cd /d "FOLDER" && PROGRAM ARGUMENTS`: that `&&` is the only operator that is ever sent.
  private static func cmd(_ program: String, _ arguments: [String], folder: WindowsPath?) -> String {
    let words = [CmdEscaping.path(program)] + arguments.map(CmdEscaping.argument)
    let call = words.joined(separator: " ")
    guard let folder else { return call }
    return "cd /d \"\(folder.text)\" && \(call)"
  }
}
