import ArgumentParser

/// `exit`, `quit`
struct Leave: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "exit", abstract: "Leave the shell; so does ^D on an empty line.", aliases: ["quit"])
  static let manual = CommandManual(group: .shell, examples: [.init("exit", "ends the session")])

  func run(in invocation: Invocation) async throws -> ExitCode {
    invocation.shell.leave()
    return .success
  }
}
