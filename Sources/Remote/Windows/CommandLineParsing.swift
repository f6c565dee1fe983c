/// The other side of `CommandLineQuoting`, for endpoints of our own: what a program on Windows would get.
package enum CommandLineParsing {
  package struct Call: Sendable, Hashable {
    /// The folder of a leading `cd /d`.
    package var folder: String?
    /// The program first.
    package var words: [String]
    /// What it writes to standard error goes where its output goes.
    package var mergesErrors = false

    package init(folder: String?, words: [String]) {
      self.folder = folder
      self.words = words
    }
  }

  package struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String
  }

  /// Splits a line as the C runtime does: `words[0]` by the program's rule, the others by the arguments'.
  package static func program(_ line: String) -> [String] {
    var splitter = CRTSplitter(line)
    return splitter.words()
  }

  /// Reads a line as `cmd.exe /c` does: variables, then carets and quotes, then at most one `cd /d FOLDER &&`.
  ///
  /// Any other operator is a fault: our side never sends one, so one that is seen got out of an argument.
  package static func cmd(_ line: String, variables: [String: String] = [:]) throws(Fault) -> Call {
    try call(CmdReader.expand(line, variables: variables))
  }

  /// The same for a line that may hold several programs, as `CommandSequence` makes it: each with its errors merged and
  /// its mark behind it. Any other `&` is a fault.
  package static func calls(_ line: String, variables: [String: String] = [:]) throws(Fault) -> [Call] {
    let parts = CmdReader.sequence(CmdReader.expand(line, variables: variables))
    if parts.count == 1 { return [try call(parts[0])] }
    var calls: [Call] = []
    var mark: Substring?
    for (place, part) in parts.enumerated() {
      if place % 2 == 1 {
        calls.append(try call(part))
        let words = calls[place].words
        let own = words.last?.dropLast(String(place / 2 + 1).count)
        guard words.count == 2, words[0] == "echo", words[1].hasPrefix(CommandSequence.opening), own == mark ?? own,
          words[1].hasSuffix("-\(place / 2 + 1)")
        else {
          throw Fault(description: "an & stands unprotected, or a mark is missing: \(part)")
        }
        mark = own
      } else {
        guard part.hasSuffix(CommandSequence.merging) else { throw Fault(description: "not merged: \(part)") }
        calls.append(try call(String(part.dropLast(CommandSequence.merging.count))))
        calls[place].mergesErrors = true
      }
    }
    guard calls.count % 2 == 0 else { throw Fault(description: "the last mark is missing") }
    return calls
  }

  private static func call(_ line: String) throws(Fault) -> Call {
    let parts = try CmdReader.parts(line)
    guard let last = parts.last, parts.count <= 2 else { throw Fault(description: "more than one && in the line") }
    guard parts.count == 2 else { return Call(folder: nil, words: program(last)) }
    return Call(folder: try folder(ofChange: parts[0]), words: program(last))
  }

  private static func folder(ofChange text: String) throws(Fault) -> String {
    let text = Array(text.unicodeScalars)
    let start = Array("cd /d ".unicodeScalars)
    guard text.starts(with: start) else { throw Fault(description: "only cd /d may stand before &&") }
    var rest = text.dropFirst(start.count)
    while rest.last == " " { rest.removeLast() }
    if rest.first == "\"", rest.last == "\"", rest.count > 1 { rest = rest.dropFirst().dropLast() }
    var folder = String.UnicodeScalarView()
    folder.append(contentsOf: rest)
    return String(folder)
  }
}
