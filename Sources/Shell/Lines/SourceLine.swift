/// One line to run, and where it stood.
package struct SourceLine: Sendable, Hashable {
  package var text: String
  /// `FILE:LINE` in a command file; nil at the prompt and for `-c`.
  package var place: String?

  package init(_ text: String, place: String? = nil) {
    self.text = text
    self.place = place
  }
}

/// Where lines come from: the prompt, a file, an argument, a pipe. All doors feed the interpreter through this.
package protocol LineSource: Sendable {
  /// The next line, with what continues it; nil at the end.
  func next() async throws -> SourceLine?
}
