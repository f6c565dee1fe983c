import ArgumentParser

/// The help of one command: what `help NAME` and `NAME --help` both show, made from its declaration.
package enum HelpText {
  package static func of(_ type: any ShellCommand.Type, width: Int) -> String {
    var text = type.helpMessage(columns: max(40, min(width, 100)))
    while text.last?.isNewline == true { text.removeLast() }
    let manual = type.manual
    text += "\n\nEXAMPLES:\n"
    for example in manual.examples { text += "  \(example.line)\n      \(example.meaning)\n" }
    if !manual.jsonKeys.isEmpty { text += "\nJSON KEYS:\n  " + manual.jsonKeys.joined(separator: ", ") + "\n" }
    text += "\nEXIT CODES:\n"
    let codes = Set(manual.exitCodes + [.success, .misuse])
    for (code, meaning) in ExitCode.meanings where codes.contains(code) {
      text += "  \(CellWidth.fit(String(code.rawValue), 4))\(meaning)\n"
    }
    return text
  }

  /// All commands under their headings.
  package static func overview(_ registry: CommandRegistry) -> String {
    let column = (registry.commands.map { $0.name.count }.max() ?? 0) + 4
    var text = ""
    for group in CommandGroupName.allCases {
      let members = registry.commands.filter { $0.manual.group == group && $0.configuration.shouldDisplay }
      if members.isEmpty { continue }
      text += (text.isEmpty ? "" : "\n") + group.rawValue + "\n"
      for command in members {
        text += "  " + CellWidth.fit(command.name, column) + command.abstract + "\n"
      }
    }
    let topics = HelpTopic.allCases.map(\.rawValue).joined(separator: ", ")
    return text + "\nhelp COMMAND, or COMMAND --help, tells more; so does help TOPIC:\n\(topics)\n"
  }
}
