import ArgumentParser

/// `complete LINE`: what Tab would offer, for editors and login shells.
struct Complete: ResultCommand {
  static let configuration = CommandConfiguration(
    commandName: "complete", abstract: "Show what Tab would offer for a line.",
    discussion: """
      Candidates replace the word under the cursor; each stands on a line with its description behind a tab. It looks
      at what is known already, and reaches no machine.
      """)
  static let manual = CommandManual(
    group: .shell,
    examples: [
      .init("complete 'transfer WS-0'", "agents whose names begin so"),
      .init("complete 'set wa' --format json", "one object a line"),
    ],
    jsonKeys: ["candidate", "description", "more"])

  @Argument(help: "The line, as it would stand at the prompt.", completion: CommandCompletion.command.kind)
  var line: String
  @Option(help: "Where the cursor stands, in characters of the line; at its end without this.") var cursor: Int?
  @Flag(help: "The line begins with the program's name, as in a login shell.") var program = false
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    if let cursor, cursor < 0 || cursor > line.count {
      throw CommandError(.misuse, "--cursor must be from 0 to \(line.count), the length of the line")
    }
    var text = String(line.prefix(cursor ?? line.count))
    if program { text = ProgramLine(text).commandText }
    // A process of its own knows nothing yet but what the journal holds.
    if invocation.isOneShot { await invocation.loadLookups() }
    let result = await invocation.shell.complete(line: text, cursor: text.utf8.count)
    for candidate in result.candidates {
      if invocation.format == .json {
        try invocation.console.writeLine(
          JSONText.object([("candidate", .text(candidate.text)), ("description", .text(candidate.description))]))
      } else {
        let description = candidate.description.isEmpty ? "" : "\t" + OutputText.visible(candidate.description)
        try invocation.console.writeLine(OutputText.visible(candidate.text) + description)
      }
    }
    let more = result.total - result.candidates.count
    if more > 0 && invocation.format == .json {
      try invocation.console.writeLine(JSONText.object([("more", .number(more))]))
    }
    return .success
  }
}
