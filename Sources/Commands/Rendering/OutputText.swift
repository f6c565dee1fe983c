import DisplayText

/// Text from outside, made safe to show.
package enum OutputText {
  /// Characters that would not be seen, or would change how their neighbours are seen, become `\u{202E}`, a newline and a
  /// tab `\n` and `\t`: rows are lines.
  package static func visible(_ text: String) -> String { VisibleText.of(text) }

  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool { VisibleText.isHidden(scalar) }
}
