/// What a command line can't carry, said before anything is sent.
struct CommandLineRules {
  let shell: FarShell

  /// Refuses what would change a line's meaning wherever it stands.
  func check(argument: String) throws(RemoteError) {
    for scalar in argument.unicodeScalars {
      switch scalar {
      case "\0", "\r", "\n":
        throw RemoteError(
          .unsupported, "an argument holds a NUL or a line break, which no Windows command line can carry")
      case _ where CommandLineRules.becomesQuote(scalar):
        throw RemoteError(
          .unsupported,
          "an argument holds \(CommandLineRules.name(scalar)), which a Windows program may read as a quote; "
            + "use another text")
      default: break
      }
    }
  }

  /// Refuses a path that can't be a program's or a folder's, or can't be protected from the shell.
  func check(path: String, what: String) throws(RemoteError) {
    try check(argument: path)
    guard !path.isEmpty else { throw RemoteError(.unsupported, "the \(what) is empty") }
    for scalar in path.unicodeScalars {
      if scalar == "\"" || scalar == "<" || scalar == ">" || scalar == "|" || scalar == "*" || scalar == "?"
        || scalar.value < 0x20
      {
        throw RemoteError(.unsupported, "the \(what) holds \(CommandLineRules.name(scalar)), which no path can hold")
      }
      if shell == .cmd, scalar == "%" {
        throw RemoteError(
          .unsupported, "the \(what) \(path) holds %, which cmd.exe may replace even in quotes; use a path without it")
      }
    }
  }

  func check(folder: WindowsPath) throws(RemoteError) {
    try check(path: folder.text, what: "folder")
    if shell == .cmd, folder.text.hasPrefix("\\\\") {
      throw RemoteError(
        .unsupported,
        "the folder \(folder) is a network path, which cmd.exe can't work in; use one with a drive letter")
    }
  }

  /// The line is a secret as soon as one argument may be one.
  func seal(_ line: String) throws(RemoteError) -> Secret {
    let length = line.utf16.count
    guard length <= shell.limit else {
      throw RemoteError(
        .unsupported,
        "the command line is \(length) characters long, \(shell.rawValue) takes at most \(shell.limit)")
    }
    return Secret(line)
  }

  /// Characters that Windows' best-fit tables turn into `"` for programs that read their arguments in a code page:
  /// after the line was quoted, so they could end an argument.
  static func becomesQuote(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x02BA, 0x030E, 0x2033, 0x2036, 0xFF02: true
    default: false
    }
  }

  private static func name(_ scalar: Unicode.Scalar) -> String {
    let hex = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
  }
}
