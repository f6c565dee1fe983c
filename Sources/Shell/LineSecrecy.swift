package import Commands

/// What may be kept of a line in the history.
package enum HistoryDecision: Sendable, Hashable {
  case keep
  /// It can be called back in this session, and is not written: it had no meaning.
  case memoryOnly
  /// It may hold a secret.
  case drop
}

/// Decides by the declarations of the commands in a line, not by a list of names.
package enum LineSecrecy {
  /// What may be said of a mistake in a line: an error that repeats a piece of it says nothing where that piece may be
  /// a secret.
  static func sayable(_ error: LineError, of line: String) -> any PresentableError {
    guard error.isQuoting && holdsSecret(line) else { return error }
    return LineError(column: error.column, reason: "a variable is not defined; give it by --var NAME=VALUE")
  }

  package static func decide(_ line: String, in registry: CommandRegistry) -> HistoryDecision {
    guard let parsed = try? ParsedLine(line, variables: { "${\($0)}" }) else {
      return holdsSecret(line) ? .drop : .memoryOnly
    }
    var decision = HistoryDecision.keep
    for step in parsed.steps {
      guard case .command(let words, _, _) = step.body else { continue }
      let texts = words.map(\.text)
      guard case .command(let type, let consumed) = registry.match(texts) else {
        if holdsSecret(line) { return .drop }
        decision = .memoryOnly
        continue
      }
      let rest = Array(texts.dropFirst(consumed))
      if type.secrecy(of: rest) == .secret { return .drop }
      if !CommandParsing.wantsHelp(rest), (try? CommandParsing.parse(type, rest)) == nil { decision = .memoryOnly }
    }
    return decision
  }

  /// A line without meaning, with the name of a secret in it: what stands behind may be the secret.
  static func holdsSecret(_ line: String) -> Bool { line.lowercased().contains("pass") || line.contains("set ") }
}
