package import ArgumentParser

/// One thing that a person can ask for. The declaration is the single source of everything about it: parsing, help,
/// completion at the prompt and in the login shell, secrecy, exit codes.
///
/// To add a command: write one file with a struct that conforms to this, and put its name in the folder's list
/// (`ContextCommands`, …). `configuration` gives the name (`show agent`: several words are fine) and the abstract.
package protocol ShellCommand: ParsableCommand, Sendable {
  static var manual: CommandManual { get }

  /// Whether a line with these words (the command's own words left out) may be kept in the history and in messages.
  static func secrecy(of words: [String]) -> CommandSecrecy

  /// Does it. `invocation` is a snapshot: settings changed afterwards don't reach a command that runs.
  func run(in invocation: Invocation) async throws -> ExitCode
}

/// A command that gives rows or details, and so takes `--format`.
package protocol ResultCommand: ShellCommand {
  var output: OutputOptions { get }
}

/// A command that changes nothing, neither elsewhere nor here: it works on a full disk and from a read-only state folder.
package protocol LookingCommand: ShellCommand {
  /// False where its options make it change something after all.
  var isLooking: Bool { get }
}

/// A command whose exit code says how things stand: a reader who goes before it has found out leaves it without one, and
/// 0 would be untrue.
package protocol JudgingCommand: ShellCommand {
  /// False where its options leave it nothing to judge.
  var isJudging: Bool { get }
}

extension JudgingCommand {
  package var isJudging: Bool { true }
}

extension LookingCommand {
  package var isLooking: Bool { true }
}

/// A command that reads a file of lines when it runs: `--check` looks into that too.
package protocol LeadingCommand: ShellCommand {
  var lead: CommandLead { get }
}

/// What a command leads to.
package enum CommandLead: Sendable, Hashable {
  case commandFile(String)
  case context(ContextName)
  case savesContext(ContextName)
  case removesContext(ContextName)
}

/// What `help` tells beyond the arguments.
package struct CommandManual: Sendable {
  package var group: CommandGroupName
  package var examples: [Example]
  /// Exit codes beyond 0, 64 and 70 that it may end with.
  package var exitCodes: [ExitCode]
  /// Keys of its JSON objects, in order; empty where it gives none.
  package var jsonKeys: [String]
  /// It may run behind the prompt with `&`.
  package var mayRunInBackground: Bool

  package struct Example: Sendable, Hashable {
    package var line: String
    package var meaning: String
    package init(_ line: String, _ meaning: String) {
      self.line = line
      self.meaning = meaning
    }
  }

  package init(
    group: CommandGroupName, examples: [Example], exitCodes: [ExitCode] = [], jsonKeys: [String] = [],
    mayRunInBackground: Bool = false
  ) {
    self.group = group
    self.examples = examples
    self.exitCodes = exitCodes
    self.jsonKeys = jsonKeys
    self.mayRunInBackground = mayRunInBackground
  }
}

/// The heading that a command stands under in `help`, in the order shown.
package enum CommandGroupName: String, Sendable, CaseIterable {
  case session = "Session"
  case looking = "Looking"
  case repairing = "Repairing"
  case runs = "Runs"
  case cases = "Cases and reports"
  case trust = "Addresses and trust"
  case shell = "Shell"
}

package enum CommandSecrecy: Sendable, Hashable {
  /// May be kept and shown.
  case open
  /// Holds, or may hold, a secret: kept in no history and quoted in no message.
  case secret
}

extension ShellCommand {
  /// `show agent`.
  package static var name: String { configuration.commandName ?? "" }
  package static var abstract: String { configuration.abstract }
  package static var nameWords: [String] { name.split(separator: " ").map(String.init) }

  package static func secrecy(of words: [String]) -> CommandSecrecy { .open }
}

/// A command whose arguments can be wrong in ways that the parser doesn't see, but that need no machine, file or session
/// to be found: `--check` calls this, and so does `run`.
package protocol CheckedCommand: ShellCommand {
  func check() throws
}
