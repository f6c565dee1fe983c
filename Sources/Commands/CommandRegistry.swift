import ArgumentParser

/// All commands there are, and how the first words of a line find one.
package struct CommandRegistry: Sendable {
  package let commands: [any ShellCommand.Type]
  private let byName: [String: any ShellCommand.Type]
  /// First words of two-word commands (`show`, `context`), with what may follow.
  private let followers: [String: [String]]

  package enum Match: Sendable {
    /// A command, and how many words its name took.
    case command(any ShellCommand.Type, consumed: Int)
    /// The first word of several commands, with nothing that fits behind it.
    case incomplete(first: String, wrong: String?, followers: [String])
    case unknown(String)
  }

  /// `lists`: one a folder of commands.
  package init(_ lists: [any ShellCommand.Type]...) {
    commands = lists.flatMap(\.self)
    var byName: [String: any ShellCommand.Type] = [:]
    for command in commands {
      for name in [command.name] + command.configuration.aliases { byName[name] = command }
    }
    self.byName = byName
    var followers: [String: [String]] = [:]
    for command in commands where command.nameWords.count == 2 {
      followers[command.nameWords[0], default: []].append(command.nameWords[1])
    }
    self.followers = followers
  }

  package func command(named name: String) -> (any ShellCommand.Type)? { byName[name] }

  /// First words that can begin a line, in order of declaration.
  package var firstWords: [String] {
    var seen: Set<String> = []
    return commands.map { $0.nameWords[0] }.filter { seen.insert($0).inserted }
  }

  package func secondWords(after first: String) -> [String] { followers[first] ?? [] }

  /// Two words win over one: `show agent` before a command `show`.
  package func match(_ words: [String]) -> Match {
    guard let first = words.first else { return .unknown("") }
    if words.count > 1, let command = byName[first + " " + words[1]] { return .command(command, consumed: 2) }
    if let command = byName[first] { return .command(command, consumed: 1) }
    guard let followers = followers[first] else { return .unknown(first) }
    return .incomplete(first: first, wrong: words.count > 1 ? words[1] : nil, followers: followers)
  }
}
