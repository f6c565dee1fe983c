import DisplayText

/// Text from outside, made safe to show.
package enum OutputText {
  /// Characters that would not be seen, or would change how their neighbours are seen, become `\u{202E}`, a newline and a
  /// tab `\n` and `\t`: rows are lines.
  package static func visible(_ text: String) -> String { VisibleText.of(text) }

  /// The same, but newlines stay: for texts of several lines.
  package static func visibleLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }.joined(separator: "\n")
  }

  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool { VisibleText.isHidden(scalar) }
}
