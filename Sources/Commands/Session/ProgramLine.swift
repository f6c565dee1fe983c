/// A line as it stands in a login shell: the program's name, its start options, and a command.
package struct ProgramLine: Sendable {
  /// Whole words between the program's name and the command.
  package let options: [String]
  /// What would stand at apexsh's own prompt; the start options themselves where no command has begun.
  package let commandText: String

  package init(_ line: String) {
    var scanner = LineScanner(line, isPartial: true)
    let words = ((try? scanner.scan()) ?? []).compactMap { token in
      if case .word(let word) = token { word } else { nil }
    }
    var index = 1
    while index < words.count, words[index].text.hasPrefix("-"), words[index].end < line.count {
      let takesValue = StartOptionName.takesValue(words[index].text)
      index += takesValue ? 2 : 1
    }
    options = words.dropFirst().prefix(max(0, index - 1)).map(\.text)
    guard index < words.count else {
      commandText = ""
      return
    }
    commandText = String(line.dropFirst(words[index].start))
  }
}
