import LineEditor

/// Text from outside as the shell shows it, and its width, for tables.
package enum OutputText {
  /// Control, C1, bidi, zero-width and other invisible characters as `\u{202E}`, newline and tab as `\n` and `\t`:
  /// for names, cells, messages of one line.
  package static func visible(_ text: String) -> String { VisibleText.of(text) }

  /// The same, but newlines and tabs stay: for the output of programs.
  package static func visibleLines(_ text: String) -> String { VisibleText.of(text, layout: .lines) }

  /// Columns that `text` takes.
  package static func width(_ text: String) -> Int { TextWidth.of(text) }

  /// `text` cut to `columns`, an ellipsis where something is left off.
  package static func cut(_ text: String, to columns: Int) -> String { TextWidth.cut(text, columns: columns) }

  /// `text` with blanks behind it up to `columns`.
  package static func padded(_ text: String, to columns: Int) -> String { TextWidth.padded(text, columns: columns) }
}
