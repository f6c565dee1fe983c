/// One command as the line that a far side must be sent, for each kind of shell there.
///
/// Throws `.unsupported`, with the reason and the way out, for what can't be carried; nothing has been sent then. The
/// line is a `Secret`, since an argument may be one.
///
/// No code page loses anything on the way: Windows' OpenSSH server makes UTF-16 of our UTF-8, and cmd.exe and
/// PowerShell start programs by their UTF-16 command line. What a program that asks for its line in a code page makes
/// of it, `CommandLineRules` looks after.
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
    switch shell.kind {
    case .program: return try rules.seal(program(command.program, arguments))
    case .cmd: return try rules.seal(cmd(command.program, arguments, folder: command.folder))
    case .powershell:
      return try rules.seal(PowerShellCommand.line(command.program, arguments: arguments, folder: command.folder))
    }
  }

  /// Throws for a command that none of these shells can be sent: the reason of the first.
  package static func check(_ command: RemoteCommand, shells: [FarShell]) throws(RemoteError) {
    var reason: RemoteError?
    for shell in shells {
      do {
        _ = try line(for: command, shell: shell)
        return
      } catch { reason = reason ?? error }
    }
    if let reason { throw reason }
  }

  /// Without a shell a folder can't stand in the line: the transport sets it.
  private static func program(_ program: String, _ arguments: [String]) -> String {
    ([CRTQuoting.program(program)] + arguments.map { CRTQuoting.quote($0) }).joined(separator: " ")
  }

  /// `cd /d "FOLDER" && PROGRAM ARGUMENTS`: the only operator that is sent with what changes an endpoint. Looks go
  /// together (`CommandSequence`).
  private static func cmd(_ program: String, _ arguments: [String], folder: WindowsPath?) -> String {
    let words = [CmdEscaping.path(program)] + arguments.map(CmdEscaping.argument)
    let call = words.joined(separator: " ")
    guard let folder else { return call }
    return "cd /d \"\(folder.text)\" && \(call)"
  }
}
