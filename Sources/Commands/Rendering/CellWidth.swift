import DisplayText

/// Text in the cells of a table.
package enum CellWidth {
  package static func of(_ text: String) -> Int { TextWidth.of(text) }

  /// `text` in exactly `width` columns: cut with `…`, or filled with blanks.
  package static func fit(_ text: String, _ width: Int, rightAligned: Bool = false) -> String {
    TextWidth.padded(TextWidth.cut(text, columns: width), columns: width, rightAligned: rightAligned)
  }

  package static func cut(_ text: String, _ width: Int) -> String { TextWidth.cut(text, columns: width) }
}
