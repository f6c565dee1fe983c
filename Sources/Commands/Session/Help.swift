import ArgumentParser

/// `help [COMMAND|TOPIC]`
struct Help: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "help", abstract: "List the commands, or explain one, or a topic.")
  static let manual = CommandManual(
    group: .shell,
    examples: [
      .init("help", "all commands"), .init("help context use", "one command; the same as context use --help"),
      .init("help outcomes", "a topic"),
    ])

  @Argument(help: "A command or a topic.", completion: CommandCompletion.topic.kind)
  var subject: [String] = []

  func run(in invocation: Invocation) async throws -> ExitCode {
    let traits = invocation.console.traits
    try invocation.console.write(
      HelpText.fitted(try Help.text(for: subject, invocation.registry, traits.width), in: traits))
    return .success
  }

  static func text(for subject: [String], _ registry: CommandRegistry, _ width: Int) throws -> String {
    guard let first = subject.first else { return HelpText.overview(registry) }
    switch registry.match(subject) {
    case .command(let type, let consumed) where consumed == subject.count: return HelpText.of(type, width: width)
    case .incomplete(_, nil, _):
      let members = registry.commands.filter { $0.nameWords[0] == first }
      return members.map { "\($0.name)  \($0.abstract)\n" }.joined()
    default: break
    }
    if subject.count == 1, let topic = HelpTopic(rawValue: first) { return topic.text }
    if let later = NotThereYet.command(first) ?? NotThereYet.setting(first) ?? NotThereYet.scheme(first) { throw later }
    let known = registry.firstWords + HelpTopic.allCases.map(\.rawValue)
    let word = subject.joined(separator: " ")
    throw CommandError(
      .misuse, Suggestion.sentence("no help for", word, among: known, otherwise: "help lists what there is"))
  }
}
