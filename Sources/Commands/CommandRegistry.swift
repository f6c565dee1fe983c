import ArgumentParser

/// All commands there are, and how the first words of a line find one.
package struct CommandRegistry: Sendable {
  private let lists: @Sendable () -> [[any ShellCommand.Type]]

  package enum Match: Sendable {
    /// A command, and how many words its name took.
    case command(any ShellCommand.Type, consumed: Int)
    /// The first word of several commands, with nothing that fits behind it.
    case incomplete(first: String, wrong: String?, followers: [String])
    case unknown(String)
  }

  /// `lists`: one a folder of commands. No command is touched before one is looked for: the first prompt doesn't wait
  /// for all their declarations.
  package init(lists: @escaping @Sendable () -> [[any ShellCommand.Type]]) { self.lists = lists }

  package init(_ lists: [any ShellCommand.Type]...) { self.init(lists: { lists }) }

  /// Every command of the program.
  package static let all = CommandRegistry {
    [
      ServerCommands.all, AgentCommands.all, CertificateCommands.all, CheckCommands.all, RepairCommands.all,
      RunCommands.all, BackgroundCommands.all, CaseCommands.all, ContextCommands.all, SessionCommands.all,
      TrustCommands.all,
    ]
  }

  package var commands: [any ShellCommand.Type] { lists().flatMap(\.self) }

  package func command(named name: String) -> (any ShellCommand.Type)? {
    commands.first { $0.name == name || $0.configuration.aliases.contains(name) }
  }

  /// First words that can begin a line, in order of declaration.
  package var firstWords: [String] {
    var seen: Set<String> = []
    return commands.map { $0.nameWords[0] }.filter { seen.insert($0).inserted }
  }

  /// What may follow the first word of two-word commands (`show`, `context`).
  package func secondWords(after first: String) -> [String] {
    commands.map { $0.nameWords }.filter { $0.count == 2 && $0[0] == first }.map { $0[1] }
  }

  /// Two words win over one: `show agent` before a command `show`.
  package func match(_ words: [String]) -> Match {
    guard let first = words.first else { return .unknown("") }
    if words.count > 1, let command = command(named: first + " " + words[1]) { return .command(command, consumed: 2) }
    if let command = command(named: first) { return .command(command, consumed: 1) }
    let followers = secondWords(after: first)
    if followers.isEmpty { return .unknown(first) }
    return .incomplete(first: first, wrong: words.count > 1 ? words[1] : nil, followers: followers)
  }
}
