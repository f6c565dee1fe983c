/// One word of a line, quotes taken off and variables put in.
package struct Word: Sendable, Hashable {
  package var text: String
  /// Where it begins, in characters of the line, from 0.
  package var start: Int
  /// Where it ends: the place of the character behind it.
  package var end: Int
  /// Any part of it stood in quotes.
  package var isQuoted: Bool
  /// The quote that was never closed; only a line that is still being typed has one.
  package var openQuote: Character?
}

/// What a line is cut into.
package enum LineToken: Sendable, Hashable {
  case word(Word)
  case semicolon, and, or
  /// `|` and the local command behind it, as typed.
  case pipe(String)
  case redirect(appending: Bool)
  /// `&` as the last word.
  case background
}

/// A line that has no meaning: what is wrong, and where.
package struct LineError: PresentableError, Hashable {
  /// From 1, in characters.
  package let column: Int
  package let reason: String
  /// The reason repeats a piece of the line.
  package let isQuoting: Bool

  package init(column: Int, reason: String, isQuoting: Bool = false) {
    self.column = column
    self.reason = reason
    self.isQuoting = isQuoting
  }

  package var message: String { "column \(column): \(reason)" }
  package var exitCode: ExitCode { .misuse }
}

package enum WordText {
  /// `text` written so that a line gives it back as one word.
  package static func quoted(_ text: String) -> String {
    let isPlainWord = !text.isEmpty && text.allSatisfy(isPlain) && !text.hasPrefix("!")
    if isPlainWord && !text.hasPrefix("&") && !text.contains("&&") { return text }
    if holdsSelectionQuotes(text) { return text }
    if !text.contains("'") { return "'" + text + "'" }
    if !text.contains("\"") && !text.contains("${") { return "\"" + text + "\"" }
    let parts = text.split(separator: "'", omittingEmptySubsequences: false).map { "'" + $0 + "'" }
    return parts.joined(separator: "\"'\"")
  }

  /// `@domain:"Sales West"`: its quotes are the selection's own, and a line keeps them as they are.
  private static func holdsSelectionQuotes(_ text: String) -> Bool {
    guard text.contains(":\""), text.hasPrefix("@"), !text.contains("${") else { return false }
    var scanner = LineScanner(text)
    guard let tokens = try? scanner.scan(), tokens.count == 1, case .word(let word) = tokens[0] else { return false }
    return word.text == text
  }

  private static func isPlain(_ character: Character) -> Bool {
    if character.isLetter || character.isNumber { return true }
    return "-_.,:/\\@[]*?!%+={}()~^&".contains(character)
  }
}
