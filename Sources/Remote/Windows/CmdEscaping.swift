/// What `cmd.exe` does to a line before a program sees it, undone beforehand.
///
/// An argument is quoted for the C runtime first, then every character that means something to cmd gets a caret. The
/// quotes get one too, so cmd never sees a quoted region, in which carets would stay and `%` could not be protected.
///
/// `%`: cmd replaces `%NAME%` and `%NAME:…%` before it takes the carets away. So the caret before the *second* `%` is
/// not enough (`%PATH:a=b^%` is still a replacement): the character after every `%` gets a caret as well, and the name
/// that cmd looks up always begins with `^`. No such variable exists, and on a command line cmd leaves an unknown one
/// as it stands. Whether that holds is asked at each connection (`ShellProbe`): wine's cmd takes the carets away first,
/// and a registry setting turns delayed expansion on.
enum CmdEscaping {
  static func argument(_ argument: String) -> String {
    if isLiteral(argument) { return argument }
    let quoted = CRTQuoting.quote(argument)
    var line = String.UnicodeScalarView()
    var afterPercent = false
    for scalar in quoted.unicodeScalars {
      if afterPercent || isSpecial(scalar) { line.append("^") }
      line.append(scalar)
      afterPercent = scalar == "%"
    }
    return String(line)
  }

  /// Nothing in it means anything to cmd or to the C runtime: ASCII without blanks. False says nothing.
  private static func isLiteral(_ argument: String) -> Bool {
    !argument.isEmpty
      && argument.utf8.allBytes {
        (0x21..<0x7F).contains($0) && !isSpecial(Unicode.Scalar($0))
      }
  }

  static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "(", ")", "%", "!", "^", "\"", "<", ">", "&", "|": true
    default: false
    }
  }

  /// A program or a folder stands in real quotes: with carets cmd would cut a program's name at its first blank.
  /// Within real quotes nothing protects `%`, so the caller has refused it (`CommandLineRules`).
  static func path(_ path: String) -> String { CRTQuoting.program(path) }
}
