/// One harmless question whose answer tells the shells of SSH servers apart, asked before anything with arguments that
/// matter.
///
/// To every shell it is a call of `echo` with plain words. cmd puts `%OS%` in and leaves `$…`; PowerShell and Unix
/// shells do the reverse, PowerShell a line for each word. Two words more show how this cmd.exe treats what we rely on:
/// carets that keep `%…%`, and `!…!` left alone. What came before the first word (a message of the day, what a
/// profile or AutoRun prints) is passed over.
package enum ShellProbe {
  package static let line =
    "echo apexsh-probe %OS% ^%^OS^% !OS! $PSHOME $ExecutionContext.SessionState.LanguageMode"

  private static let mark = "apexsh-probe"
  /// How to make it a shell that can be used.
  private static let wayOut = #"make cmd.exe its default shell: remove DefaultShell from HKLM\SOFTWARE\OpenSSH there"#

  /// Throws `.unsupported`, with the reason and the way out, for a shell that lines can't be quoted for.
  package static func read(_ result: CommandResult) throws(RemoteError) -> FarShell {
    let text = ConsoleText.decode(result.output)
    guard let start = text.ranges(of: mark).last?.upperBound else {
      let said = shown(text + " " + ConsoleText.decode(result.errors))
      throw RemoteError(
        .unsupported,
        "the SSH server's shell answers as neither cmd.exe nor PowerShell\(said.isEmpty ? "" : " (\(said))"); \(wayOut)"
      )
    }
    let words = text[start...].split { $0.isWhitespace }.map(String.init)
    if let shell = cmd(words) { return shell }
    if words.starts(with: ["%OS%", "^%^OS^%", "!OS!"]) { return try unreplaced(Array(words.dropFirst(3))) }
    throw RemoteError(
      .unsupported, "the SSH server's shell is neither cmd.exe nor PowerShell: asked, it said \(shown(text)); \(wayOut)"
    )
  }

  private static func cmd(_ words: [String]) -> FarShell? {
    guard words.count == 5, words[3] == "$PSHOME", words[4] == "$ExecutionContext.SessionState.LanguageMode",
      !words[0].contains("%")
    else { return nil }
    var manner: FarShell.Manner = []
    if words[1] != "%OS%" { manner.insert(.replacesAnyway) }
    if words[2] != "!OS!" { manner.insert(.delayedExpansion) }
    return FarShell(.cmd, manner)
  }

  /// A shell that leaves `%OS%` and carets. `words`: what it made of the variables.
  private static func unreplaced(_ words: [String]) throws(RemoteError) -> FarShell {
    guard let mode = words.last, words.count > 1, words[0].contains(":\\") else {
      throw RemoteError(
        .unsupported, "the SSH server's shell is a Unix shell (bash, Cygwin, WSL); \(wayOut)")
    }
    guard mode == "FullLanguage" else {
      throw RemoteError(
        .unsupported,
        "the SSH server's shell is PowerShell in \(shown(mode)), where no program can be given exact arguments; \(wayOut)"
      )
    }
    return .powershell
  }

  /// The beginning of what a far side said, on one line, fit for a sentence.
  private static func shown(_ text: String) -> String {
    let words = text.split { $0.isWhitespace || $0 == "\0" }.joined(separator: " ")
    return words.count > 80 ? words.prefix(80) + "…" : words
  }
}
