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

  /// The same text in a window: what is longer goes on in the next row, below the beginning of what it says. Examples stay
  /// whole, so that they can be copied.
  package static func fitted(_ text: String, in traits: ConsoleTraits) -> String {
    guard traits.outputIsTerminal else { return text }
    var isExample = false
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      if line == "EXAMPLES:" { isExample = true } else if line.isEmpty { isExample = false }
      let isWhole = isExample && line.hasPrefix("  ") && !line.hasPrefix("      ")
      return isWhole ? String(line) : folded(line, max(40, traits.width))
    }
    return lines.joined(separator: "\n")
  }

  private static func folded(_ line: Substring, _ width: Int) -> String {
    guard CellWidth.of(String(line)) > width else { return String(line) }
    let indent = String(repeating: " ", count: min(column(of: line), width / 2))
    var rows: [String] = []
    var row = String(line.prefix { $0 == " " })
    // Blanks between a name and its meaning stay: they stand at the ends of empty words.
    for word in line.drop(while: { $0 == " " }).split(separator: " ", omittingEmptySubsequences: false) {
      let isFirst = row.allSatisfy { $0 == " " } && (rows.isEmpty || row == indent)
      let longer = isFirst ? row + word : row + " " + word
      if CellWidth.of(longer) > width, !isFirst {
        rows.append(row)
        row = indent + word
      } else {
        row = longer
      }
    }
    return (rows + [row]).joined(separator: "\n")
  }

  /// Where what a line says begins: behind its name, its mark, or the blanks before it.
  private static func column(of line: Substring) -> Int {
    let blanks = line.prefix { $0 == " " }.count
    if line.hasPrefix("USAGE: ") { return 7 }
    let name = line.dropFirst(blanks)
    guard let gap = name.firstRange(of: "  ") else { return blanks }
    let rest = name[gap.lowerBound...].drop { $0 == " " }
    return line.distance(from: line.startIndex, to: rest.startIndex)
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
