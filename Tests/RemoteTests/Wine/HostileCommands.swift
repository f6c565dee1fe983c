import Remote

/// Hostile commands of the shape that a transfer sends: a path, names and a password made of what command lines trip
/// over, at most 120 characters each.
struct HostileCommands {
  private var random: Hostile
  /// Folders of `C:\apexsh` from which the program is started.
  static let folders = [
    #"plain"#, #"two words (x86)"#, #"a&b"#, #"c^d^^"#, #"it's;=,~"#, #"Ünï çode"#, #"日本😀"#, #"-dash!OS!"#,
    #"[x] {y} `z`"#, #"@#$+"#,
  ]

  init(seed: UInt64) { random = Hostile(seed: seed) }

  private static let words = [
    "&", "&&", "|", "||", "<", ">", ">>", "2>&1", "^", "^^", "\"", "\"\"", "\\", "\\\\", "\\\"", "'", "`", "!", "!!",
    "!OS!", "%", "(", ")", "=", ";", ",", " ", "  ", "\t", "~", "*", "?", "/", ":", "@", "#", "$", "$(x)", "${x}", "[",
    "]", "{", "}", "+", ".", "-", "--", "/?", "/c", "\u{2013}", "\u{2014}", "\u{2212}", "ä", "ß", "é", "ő", "¥a", "€",
    "日本", "한", "😀", "\u{301}", "\u{200D}", "\u{A0}", "\u{2019}", "P@ssw0rd", "calc", "echo", "rem", "exit", "x", "0",
    "%PATH%", "%OS:a=b%", "%~dp0", "%%", "%1", "con", "nul", "C:", "..", "&echo x>stolen", "|more", "\" & ver & \"",
  ]

  private mutating func text(percent: Bool) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...14, using: &random) {
      let word = HostileCommands.words.randomElement(using: &random) ?? ""
      if percent || !word.contains("%") { text += word }
    }
    var scalars = String.UnicodeScalarView(text.unicodeScalars.prefix(120))
    // At an end it is refused, and may be cut there.
    if scalars.last == "¥" { scalars.removeLast() }
    return String(scalars)
  }

  mutating func next() -> RemoteCommand {
    let folder = #"C:\apexsh\"# + (HostileCommands.folders.randomElement(using: &random) ?? "plain")
    // Most without percent signs: those are refused where cmd replaces them in spite of carets.
    let percent = Int.random(in: 0..<4, using: &random) == 0
    let path = #"C:\"# + text(percent: percent) + (Bool.random(using: &random) ? #"\"# : "")
    return RemoteCommand(
      folder + #"\argv.exe"#,
      [
        "-s", .plain("-" + text(percent: false)), .plain(text(percent: percent)), "-e", .plain(path), "-pwd",
        .secret(Secret(text(percent: percent))),
      ], in: WindowsPath(folder))
  }
}
