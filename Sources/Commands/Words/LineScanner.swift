/// Cuts a line into words and operators.
///
/// A backslash is an ordinary character (Windows paths); nothing is expanded but `${NAME}`. A quote that follows
/// `@word:` belongs to the selection it stands in, and stays.
package struct LineScanner {
  private let characters: [Character]
  private let variables: (String) -> String?
  /// The line is still being typed: an open quote is no mistake, and no variable is put in.
  private let isPartial: Bool
  private var position = 0
  private var tokens: [LineToken] = []
  /// Where each token begins, in characters.
  package private(set) var starts: [Int] = []
  /// What was read otherwise than typed.
  package private(set) var remarks: [String] = []
  /// The line ended in a comment.
  package private(set) var isInComment = false

  package init(_ line: String, isPartial: Bool = false, variables: @escaping (String) -> String? = { _ in nil }) {
    characters = Array(line)
    self.isPartial = isPartial
    self.variables = variables
  }

  package mutating func scan() throws(LineError) -> [LineToken] {
    while true {
      skipBlanks()
      guard position < characters.count, characters[position] != "#" else {
        isInComment = position < characters.count
        return tokens
      }
      starts.append(position)
      if let token = try scanOperator() { tokens.append(token) } else { tokens.append(.word(try scanWord())) }
    }
  }

  private func character(_ offset: Int = 0) -> Character? {
    position + offset < characters.count ? characters[position + offset] : nil
  }

  private func fault(_ reason: String, at place: Int? = nil) -> LineError {
    LineError(column: (place ?? position) + 1, reason: reason)
  }

  static func isBlank(_ character: Character) -> Bool {
    character == " " || character == "\t" || character == "\u{A0}" || character == "\n"
  }

  private mutating func skipBlanks() {
    while let next = character(), Self.isBlank(next) { position += 1 }
  }

  private mutating func scanOperator() throws(LineError) -> LineToken? {
    switch (character(), character(1)) {
    case (";", _): return take(1, .semicolon)
    case ("&", "&"): return take(2, .and)
    case ("|", "|"): return take(2, .or)
    case ("|", _): return .pipe(try scanLocalCommand())
    case (">", ">"): return take(2, .redirect(appending: true))
    case (">", _): return take(1, .redirect(appending: false))
    case ("<", _): throw fault("input can't be redirected; to run a file: source FILE")
    case ("&", let next) where next == nil || Self.isBlank(next!) || next == "#": return take(1, .background)
    default: return nil
    }
  }

  private mutating func take(_ count: Int, _ token: LineToken) -> LineToken {
    position += count
    return token
  }

  /// The far end of a pipe, as it stands, up to what belongs to us again: `;`, `&&`, `||`, or a last `&`.
  private mutating func scanLocalCommand() throws(LineError) -> String {
    let start = position
    position += 1
    var text = ""
    var quote: Character?
    while let next = character() {
      if next == "\\" && quote != "'", let escaped = character(1) {
        text += [next, escaped]
        position += 2
        continue
      }
      if quote == nil && endsLocalCommand(next) { break }
      if next == quote { quote = nil } else if quote == nil && (next == "'" || next == "\"") { quote = next }
      text.append(next)
      position += 1
    }
    if quote != nil && !isPartial { throw fault("a quote in the local command is not closed", at: start) }
    let trimmed = text.drop(while: Self.isBlank)
    if trimmed.isEmpty && !isPartial { throw fault("'|' needs a local command behind it", at: start) }
    return String(trimmed)
  }

  private func endsLocalCommand(_ next: Character) -> Bool {
    switch next {
    case ";": true
    case "&":
      // `2>&1` belongs to the local shell; `&&` and a last `&` are ours.
      character(1) == "&" || characters[(position + 1)...].allSatisfy(Self.isBlank)
    case "|": character(1) == "|"
    default: false
    }
  }

  private mutating func scanWord() throws(LineError) -> Word {
    var word = Word(text: "", start: position, end: position, isQuoted: false)
    try readTypography(into: &word)
    while let next = character(), !endsWord(next) {
      switch next {
      case "'", "\"":
        try scanQuoted(until: [next], keeping: isSelectionValue(word.text), into: &word)
      case "$" where character(1) == "{":
        word.text += try scanVariable()
      default:
        word.text.append(next)
        position += 1
      }
    }
    word.end = position
    return word
  }

  private func endsWord(_ next: Character) -> Bool {
    switch next {
    case ";", "|", ">": true
    case "&": character(1) == "&"
    default: Self.isBlank(next)
    }
  }

  /// `@domain:` stands right before: what follows in quotes is the selection's to read.
  private func isSelectionValue(_ text: String) -> Bool {
    guard text.hasSuffix(":"), let at = text.lastIndex(of: "@") else { return false }
    return text[text.index(after: at)...].dropLast().allSatisfy { $0.isLetter || $0 == "-" }
  }

  private mutating func scanQuoted(
    until closers: [Character], keeping: Bool, into word: inout Word
  ) throws(LineError) {
    let start = position
    let opener = characters[position]
    word.isQuoted = true
    if keeping { word.text.append(opener) }
    position += 1
    while let next = character(), !closers.contains(next) {
      if next == "$" && character(1) == "{" && opener != "'" {
        word.text += try scanVariable()
      } else {
        word.text.append(next)
        position += 1
      }
    }
    guard position < characters.count else {
      guard isPartial else { throw fault("the quote that opens here is not closed", at: start) }
      // A selection's own quote is in the text already.
      if !keeping { word.openQuote = opener }
      return
    }
    if keeping { word.text.append(opener) }
    position += 1
  }

  private mutating func scanVariable() throws(LineError) -> String {
    let start = position
    let rest = characters[(position + 2)...]
    guard let end = rest.firstIndex(of: "}") else {
      guard isPartial else { throw fault("'${' is not closed by '}'", at: start) }
      defer { position = characters.count }
      return String(characters[start...])
    }
    let name = String(rest[..<end])
    position = end + 1
    if isPartial { return String(characters[start...end]) }
    if let value = variables(name) { return value }
    let shown = OutputText.visible(name)
    throw LineError(
      column: start + 1, reason: "\(shown) is not defined; give it by --var \(shown)=VALUE", isQuoting: true)
  }

  /// Dashes and quotes of word processors at the start of a word, as pasted from an article, become real ones.
  private mutating func readTypography(into word: inout Word) throws(LineError) {
    guard let first = character() else { return }
    if let closers = Typography.closers[first] {
      remark(first, Typography.plainQuote(first))
      try scanQuoted(until: closers, keeping: false, into: &word)
      return
    }
    while let next = character(), let dash = Typography.dashes[next] {
      remark(next, dash)
      word.text += dash
      position += 1
    }
  }

  private mutating func remark(_ typed: Character, _ read: String) {
    remarks.append("column \(position + 1): '\(typed)' was read as '\(read)'")
  }
}
