import InputText

/// What stands in a list behind `@file:`: names, patterns and networks, as people keep them in a file of their own.
///
/// Blank lines count for nothing, nor does a comment from `#` at a line's start or behind a blank. A name may stand as a
/// spreadsheet or a directory tool writes it: `="WS-001"`, `WS-001.`, `WS-001$`.
struct SelectionFile {
  private(set) var operands: [Selection.Operand] = []

  /// `column`: where the list is named in the selection, for errors.
  init(_ lines: [String], path: String, column: Int) throws(SelectionError) {
    for (index, line) in lines.enumerated() {
      let word = String(Lines.content(line))
      if word.isEmpty { continue }
      guard let found = SelectionFile.read(word) else {
        let isAddress = NetworkRange.isMeant(by: word)
        let fault =
          isAddress
          ? SelectionError.Reason.malformedNetwork(word).sentence : "'\(word)' is not a name, a pattern or a network"
        throw SelectionError(.malformedLine(file: path, line: index + 1, fault: fault), column: column)
      }
      operands += found
    }
  }

  private static func read(_ word: String) -> [Selection.Operand]? {
    if let name = AgentName(word) { return [.init(kind: .name(name), text: word, column: 1)] }
    if let inner = try? Selection(word) {
      let isPlain = inner.terms.allSatisfy { $0.rest.isEmpty && mayStand($0.first.kind) }
      return isPlain ? inner.operands : nil
    }
    return HostField(word).map { [.init(kind: .name($0.name), text: $0.name.text, column: 1)] }
  }

  private static func mayStand(_ kind: Selection.Operand.Kind) -> Bool {
    switch kind {
    case .name, .pattern, .network: true
    case .all, .set, .domain, .file, .first: false
    }
  }
}

extension Selection {
  /// Reads its lists without evaluating it, so that a mistake in one is found before anything is asked of a server.
  package func checkFiles(
    _ lines: (String) throws(SelectionUnavailable) -> [String]
  ) throws(SelectionError) {
    for (operand, isExclusion) in roles {
      guard case .file(let path) = operand.kind else { continue }
      let read: [String]
      do { read = try lines(path) } catch {
        throw SelectionError(.unavailable(error.description), column: operand.column)
      }
      let file = try SelectionFile(read, path: path, column: operand.column)
      if isExclusion { try Selection.checkHoldsNames(file, path, operand) }
    }
  }

  /// A list named for an exclusion leaves somebody out, or it is the wrong one.
  static func checkHoldsNames(_ file: SelectionFile, _ path: String, _ operand: Operand) throws(SelectionError) {
    guard file.operands.isEmpty else { return }
    throw SelectionError(
      .unavailable("\(path): holds no name, so !\(operand.text) would leave nobody out; is it the right file"),
      column: operand.column)
  }

  /// Its operands from left to right, and which of them take agents out.
  var roles: [(operand: Operand, isExclusion: Bool)] {
    terms.flatMap { [($0.first, false)] + $0.rest.map { ($0.operand, $0.operator == .reduce) } }
  }
}
