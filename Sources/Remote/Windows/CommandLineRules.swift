/// What a command line can't carry, said before anything is sent.
struct CommandLineRules {
  let shell: FarShell

  /// Refuses what would change a line's meaning wherever it stands.
  func check(argument: String) throws(RemoteError) {
    if isHarmless(argument) { return }
    for scalar in argument.unicodeScalars {
      switch scalar {
      case "\0", "\r", "\n": throw refusal("a NUL or a line break, which no Windows command line can carry")
      case "\t": break
      case _ where scalar.value < 0x20:
        throw refusal("\(CommandLineRules.name(scalar)), a control character that a shell may act on; use another text")
      case "!" where shell.manner.contains(.delayedExpansion):
        throw refusal(
          "!, and cmd.exe there has delayed expansion on, which replaces it; "
            + #"turn it off: DelayedExpansion in Software\Microsoft\Command Processor of HKCU and HKLM"#)
      case _ where BestFit.isQuote(scalar):
        throw refusal("\(CommandLineRules.name(scalar)), which a Windows program may read as a quote; use another text")
      default: break
      }
    }
    if let scalar = BestFit.backslashBeforeQuote(in: argument) {
      throw refusal(
        "\(CommandLineRules.name(scalar)), which a Windows program may read as a backslash that takes the quote after "
          + "it along; use another text")
    }
  }

  /// Letters and whatever else of ASCII no shell and no program reads as more than itself. False says nothing.
  private func isHarmless(_ text: String) -> Bool {
    text.utf8.allBytes { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "!") }
  }

  private func refusal(_ what: String) -> RemoteError { RemoteError(.unsupported, "an argument holds \(what)") }

  /// Refuses a path that can't be a program's or a folder's, or can't be protected from the shell.
  func check(path: String, what: String) throws(RemoteError) {
    try check(argument: path)
    guard !path.isEmpty else { throw RemoteError(.unsupported, "the \(what) is empty") }
    if CRTQuoting.isBare(path) { return }
    for scalar in path.unicodeScalars {
      if scalar == "\"" || scalar == "<" || scalar == ">" || scalar == "|" || scalar == "*" || scalar == "?"
        || scalar.value < 0x20
      {
        throw RemoteError(.unsupported, "the \(what) holds \(CommandLineRules.name(scalar)), which no path can hold")
      }
      if shell.kind == .cmd, scalar == "%" {
        throw RemoteError(
          .unsupported, "the \(what) \(path) holds %, which cmd.exe may replace even in quotes; use a path without it")
      }
    }
  }

  func check(folder: WindowsPath) throws(RemoteError) {
    try check(path: folder.text, what: "folder")
    if shell.kind == .cmd, folder.text.hasPrefix("\\\\") {
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
        "the command line is \(length) characters long, \(shell) takes at most \(shell.limit); use shorter arguments")
    }
    // Two percent signs are a pair wherever they stand, whatever stands between.
    if shell.manner.contains(.replacesAnyway), line.utf8.count(where: { $0 == UInt8(ascii: "%") }) > 1 {
      throw RemoteError(
        .unsupported,
        "the arguments hold more than one %, and cmd.exe there replaces what stands between two; "
          + "make PowerShell the SSH server's default shell there, or use a text without %")
    }
    return Secret(line)
  }

  private static func name(_ scalar: Unicode.Scalar) -> String {
    let hex = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
  }
}
