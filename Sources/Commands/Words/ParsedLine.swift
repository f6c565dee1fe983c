/// A line as the interpreter runs it: steps, each behind the sign that decides whether it runs.
package struct ParsedLine: Sendable, Hashable {
  package enum Connector: Sendable, Hashable {
    /// The first step, or one behind `;`.
    case always
    /// Behind `&&`.
    case ifSucceeded
    /// Behind `||`.
    case ifFailed
  }

  package struct Redirect: Sendable, Hashable {
    package var path: String
    package var isAppending: Bool
  }

  package enum Body: Sendable, Hashable {
    /// `pipe`: the local command that gets the results.
    case command(words: [Word], redirect: Redirect?, pipe: String?)
    /// `!cmd`
    case local(String)
  }

  package struct Step: Sendable, Hashable {
    package var connector: Connector
    package var body: Body
  }

  package var steps: [Step] = []
  /// The line ended in `&`: its last step goes behind the prompt.
  package var isBackground = false
  /// What was read otherwise than typed, to be said once.
  package var remarks: [String] = []
}

extension ParsedLine {
  package init(_ line: String, variables: @escaping (String) -> String? = { _ in nil }) throws(LineError) {
    let start = line.drop(while: LineScanner.isBlank)
    if start.first == "!" {
      let command = start.dropFirst().drop(while: LineScanner.isBlank)
      let column = line.distance(from: line.startIndex, to: start.startIndex) + 1
      if command.isEmpty { throw LineError(column: column, reason: "'!' needs a local command behind it") }
      steps = [Step(connector: .always, body: .local(String(command)))]
      return
    }
    var scanner = LineScanner(line, variables: variables)
    var builder = LineBuilder(length: line.count)
    let tokens = try scanner.scan()
    for (token, start) in zip(tokens, scanner.starts) { try builder.add(token, at: start) }
    self = try builder.finish()
    remarks = scanner.remarks
  }
}

/// Puts tokens together to steps.
private struct LineBuilder {
  private var line = ParsedLine()
  private var connector = ParsedLine.Connector.always
  private var words: [Word] = []
  private var redirect: ParsedLine.Redirect?
  private var pendingRedirect: Bool?
  private var pipe: String?
  /// `&&` and `||` need a command behind them, `;` doesn't.
  private var needsCommand = false
  private let end: Int

  init(length: Int) { end = length + 1 }

  /// Of the token that is being added.
  private var column = 1

  mutating func add(_ token: LineToken, at start: Int) throws(LineError) {
    column = start + 1
    if line.isBackground { throw LineError(column: column, reason: "'&' must be the last word of the line") }
    if pendingRedirect != nil, case .word = token {
    } else if pendingRedirect != nil {
      throw LineError(column: column, reason: "'>' needs a file behind it")
    }
    switch token {
    case .word(let word): try add(word)
    case .redirect(let appending):
      guard redirect == nil, pipe == nil else {
        throw LineError(column: column, reason: "results can go to one place only")
      }
      try requireWords("'>'")
      pendingRedirect = appending
    case .pipe(let command):
      try requireWords("'|'")
      guard redirect == nil else { throw LineError(column: column, reason: "results can go to one place only") }
      pipe = command
    case .background:
      try requireWords("'&'")
      line.isBackground = true
    case .semicolon: try close(next: .always)
    case .and: try close(next: .ifSucceeded)
    case .or: try close(next: .ifFailed)
    }
  }

  private mutating func add(_ word: Word) throws(LineError) {
    if let appending = pendingRedirect {
      redirect = ParsedLine.Redirect(path: word.text, isAppending: appending)
      pendingRedirect = nil
      return
    }
    words.append(word)
  }

  private func requireWords(_ sign: String) throws(LineError) {
    if words.isEmpty { throw LineError(column: column, reason: "\(sign) needs a command before it") }
  }

  private mutating func close(next: ParsedLine.Connector) throws(LineError) {
    if words.isEmpty {
      guard next == .always, !needsCommand, redirect == nil else {
        throw LineError(column: column, reason: "a command is missing before this")
      }
      return
    }
    let body = ParsedLine.Body.command(words: words, redirect: redirect, pipe: pipe)
    line.steps.append(ParsedLine.Step(connector: connector, body: body))
    (words, redirect, pipe, connector) = ([], nil, nil, next)
    needsCommand = next != .always
  }

  mutating func finish() throws(LineError) -> ParsedLine {
    if pendingRedirect != nil { throw LineError(column: end, reason: "'>' needs a file behind it") }
    if words.isEmpty && needsCommand {
      throw LineError(column: end, reason: "'&&' and '||' need a command behind them")
    }
    if !words.isEmpty { try close(next: .always) }
    return line
  }
}
