import ArgumentParser

/// `source FILE`
struct Source: LeadingCommand {
  static let configuration = CommandConfiguration(
    commandName: "source", abstract: "Run a command file in this session.",
    discussion: "It stops at the first line that ends with another code than 0, unless on-error is 'continue'.")
  static let manual = CommandManual(
    group: .shell, examples: [.init("source repairs.apx", "runs the file's lines")], exitCodes: [.unusableInput])

  @Argument(help: "The command file.") var file: FilePathArgument

  var lead: CommandLead { .commandFile(file.path) }

  func run(in invocation: Invocation) async throws -> ExitCode { try await invocation.shell.source(file.path) }
}
