/// What a site has learned the vendor's programs to mean by their exit codes and words, which are documented nowhere: the
/// file `tool-results` of the config folder. It explains what is shown; no outcome follows from it.
///
/// A line each: `ipxfer exit 5 MEANING`, `installer output "1603" MEANING`; `#` begins a comment line.
package struct ToolResults: Sendable, Hashable {
  package enum Tool: String, Sendable, Hashable, CaseIterable {
    case ipxfer
    /// A package, or autopcc.
    case installer
    case uninstaller
  }

  enum Sign: Hashable {
    case exitCode(UInt32)
    /// In lower case.
    case output(String)
  }

  struct Entry: Hashable {
    let tool: Tool
    let sign: Sign
    let meaning: String
    let line: Int
  }

  private let entries: [Entry]

  package static let none = ToolResults()
  private init() { entries = [] }
  private init(_ entries: [Entry]) { self.entries = entries }

  /// With each meaning as it may be shown: the file is a person's, who may have pasted what a tool printed.
  package func screened(_ shown: (String) -> String) -> ToolResults {
    ToolResults(entries.map { Entry(tool: $0.tool, sign: $0.sign, meaning: shown($0.meaning), line: $0.line) })
  }

  /// Throws the first line that is not of the form, with its number.
  package init(_ text: String) throws(ToolResultsError) {
    var entries: [Entry] = []
    var number = 0
    let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let line = line.drop { $0.isWhitespace }
      if line.isEmpty || line.hasPrefix("#") { continue }
      let entry = try ToolResults.entry(line, number)
      if let first = entries.first(where: { $0.tool == entry.tool && $0.sign == entry.sign }) {
        throw ToolResultsError(number, "says the same as line \(first.line); take one of them out")
      }
      entries.append(entry)
    }
    self.entries = entries
  }

  private static let form = #"a line is TOOL exit CODE MEANING, or TOOL output "TEXT" MEANING"#
  private static let meaningLimit = 200

  private static func entry(_ line: Substring, _ number: Int) throws(ToolResultsError) -> Entry {
    var rest = line
    let name = word(&rest)
    guard let tool = Tool(rawValue: name.lowercased()) else {
      throw ToolResultsError(
        number,
        "there is no tool \(name.debugDescription); there are \(Tool.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let sign: Sign
    switch word(&rest) {
    case "exit":
      let text = word(&rest)
      guard let code = code(text) else {
        throw ToolResultsError(number, "\(text.debugDescription) is no exit code: a number such as 5, -1 or 0x643")
      }
      sign = .exitCode(code)
    case "output":
      guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else {
        throw ToolResultsError(number, "after output comes the text, in double quotes; \(form)")
      }
      let text = rest[rest.index(after: rest.startIndex)..<end]
      guard text.count >= 3 else {
        throw ToolResultsError(number, "the text in quotes has under 3 characters, and would stand anywhere")
      }
      rest = rest[rest.index(after: end)...].drop { $0.isWhitespace }
      sign = .output(text.lowercased())
    default: throw ToolResultsError(number, form)
    }
    var meaning = rest
    while meaning.last?.isWhitespace == true { meaning.removeLast() }
    guard !meaning.isEmpty else { throw ToolResultsError(number, "says no meaning; \(form)") }
    guard meaning.count <= meaningLimit, !meaning.unicodeScalars.contains(where: { $0.value < 32 }) else {
      throw ToolResultsError(number, "the meaning has over \(meaningLimit) characters, or a control character")
    }
    return Entry(tool: tool, sign: sign, meaning: String(meaning), line: number)
  }

  private static func word(_ rest: inout Substring) -> String {
    let word = rest.prefix { !$0.isWhitespace }
    rest = rest[word.endIndex...].drop { $0.isWhitespace }
    return String(word)
  }

  /// Decimal, as Windows shows it with or without a sign, or hexadecimal.
  private static func code(_ text: String) -> UInt32? {
    if text.hasPrefix("0x") || text.hasPrefix("0X") { return UInt32(text.dropFirst(2), radix: 16) }
    return UInt32(text) ?? Int32(text).map { UInt32(bitPattern: $0) }
  }

  /// What the first line that fits says; nil where none does. `output`: what was kept of it.
  package func meaning(_ tool: Tool, exitCode: UInt32?, output: String) -> String? {
    if entries.isEmpty { return nil }
    let output = output.lowercased()
    return entries.first { entry in
      guard entry.tool == tool else { return false }
      switch entry.sign {
      case .exitCode(let code): return code == exitCode
      case .output(let text): return output.contains(text)
      }
    }?.meaning
  }

  /// The same for what the journal keeps of a tool's end: `exit code 5: what it printed`.
  package func meaning(_ tool: Tool, end detail: String) -> String? {
    if entries.isEmpty { return nil }
    let mark = "exit code "
    let code = detail.hasPrefix(mark) ? UInt32(detail.dropFirst(mark.count).prefix { $0.isNumber }) : nil
    let output = detail.firstIndex(of: ":").map { String(detail[detail.index(after: $0)...]) } ?? ""
    return meaning(tool, exitCode: code, output: output)
  }
}

/// Which line of `tool-results` is not of its form, and why.
package struct ToolResultsError: Error, Sendable, Hashable, CustomStringConvertible {
  package let line: Int
  package let description: String

  init(_ line: Int, _ description: String) {
    self.line = line
    self.description = description
  }
}
