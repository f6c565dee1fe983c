import ArgumentParser

/// Words to a command: the only place that calls the parser and reads its errors.
package enum CommandParsing {
  /// `--help` or `-h` before a `--`: help is asked for, whatever else stands there.
  package static func wantsHelp(_ words: [String]) -> Bool {
    words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
  }

  /// Reads what follows the command's own words. Every mistake is misuse (64); words that may hold a secret are quoted
  /// in no message.
  package static func parse(
    _ type: any ShellCommand.Type, _ words: [String]
  ) throws(CommandError) -> any ShellCommand {
    let isSecret = type.secrecy(of: words) == .secret
    if isSecret, let key = words.first.flatMap({ SecretKey(rawValue: $0) }) { throw SetSetting.refusal(key) }
    if let hidden = words.first(where: { libraryOptions.contains($0) }) {
      throw CommandError(.misuse, "\(type.name): unknown option '\(hidden)'; see: help \(type.name)")
    }
    let command: any ShellCommand
    do { command = try type.parse(words) } catch {
      if let later = NotThereYet.option(words) { throw later }
      if isSecret { throw CommandError(.misuse, "\(type.name): can't be understood; see: help \(type.name)") }
      let message = sentence(type.message(for: error))
      // Whoever lists names as for a shell's command.
      let isList = message.hasPrefix("unexpected argument") && type.usageString().contains("<selection>")
      throw CommandError(
        .misuse, "\(type.name): \(message)\(isList ? "; names are joined by ," : ""); see: help \(type.name)")
    }
    try checkOnce(type, words)
    return command
  }

  /// Of two values for an option that takes one, the parser drops the first without a word: it may be the budget that was
  /// meant.
  private static func checkOnce(_ type: any ShellCommand.Type, _ words: [String]) throws(CommandError) {
    let words = words.prefix { $0 != "--" }
    var seen: Set<Substring> = []
    for word in words where word.hasPrefix("--") {
      let name = word.prefix { $0 != "=" }
      if seen.insert(name).inserted { continue }
      let option = CommandShape.of(type).options.first { $0.names.contains(String(name)) }
      if let option, option.takesValue, !option.isRepeating {
        throw CommandError(.misuse, "\(type.name): \(name) is given twice; give it once")
      }
    }
  }

  /// Options of the parser library itself, which mean nothing to a person.
  private static let libraryOptions: Set<String> = [
    "--generate-completion-script", "--experimental-dump-help", "---completion", "--help-hidden",
  ]

  /// The library's message in our style: lower case, one line, no full stop.
  static func sentence(_ message: String) -> String {
    var text = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? "can't be understood"
    for (theirs, ours) in [(". Did you mean", "; did you mean"), (". Please", "; please")] {
      guard let range = text.firstRange(of: theirs) else { continue }
      text.replaceSubrange(range, with: ours)
    }
    while text.last == "." { text.removeLast() }
    return OutputText.visible(text.prefix(1).lowercased() + text.dropFirst())
  }

  /// Why no command was found.
  package static func unknown(_ match: CommandRegistry.Match, in registry: CommandRegistry) -> CommandError? {
    switch match {
    case .command: return nil
    case .unknown(let word):
      if let later = NotThereYet.command(word) { return later }
      let names = registry.firstWords
      return CommandError(
        .misuse, Suggestion.sentence("no command", word, among: names, otherwise: "help lists them"))
    case .incomplete(let first, let wrong?, let followers) where !wrong.hasPrefix("-"):
      return CommandError(
        .misuse,
        Suggestion.sentence(
          "\(first): nothing called", wrong, among: followers,
          otherwise: "it takes one of: \(followers.joined(separator: ", "))"))
    case .incomplete(let first, _, let followers):
      return CommandError(.misuse, "\(first): say what: \(followers.joined(separator: ", "))")
    }
  }
}
