import Commands

/// `apexsh --help`: the doors, the start options, the commands.
enum StartHelp {
  static func text(_ registry: CommandRegistry) -> String {
    var text = """
      Finds Apex One agents whose certificate is not their server's, repairs them in waves, and proves each repair.

        apexsh [OPTIONS]               a prompt; lines of a pipe where standard input is one
        apexsh [OPTIONS] COMMAND …     one command
        apexsh [OPTIONS] -c LINE       one line
        apexsh [OPTIONS] -f FILE       a command file; several -c and -f run in the order given


      """
    let names = StartOptionName.all.map { ($0.name + ($0.value.map { " " + $0 } ?? ""), $0.help) }
    let column = (names.map { $0.0.count }.max() ?? 0) + 2
    text += "Options, before the command\n"
    for (name, help) in names { text += "  \(CellWidth.fit(name, column))\(help)\n" }
    return text + "\n" + HelpText.overview(registry)
  }
}
