import CEditline

/// Columns that text takes on a terminal, counted per scalar as libedit does.
package enum TextWidth {
  package static func of(_ text: String) -> Int {
    var columns = 0
    for scalar in text.unicodeScalars { columns += of(scalar) }
    return columns
  }

  /// 0 for combining and zero-width characters, 2 for wide ones; a control character counts as none.
  package static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value >= 0x20, value < 0x7f { return 1 }
    return max(0, cell(of: scalar))
  }

  /// -1 if it can't be printed.
  static func cell(of scalar: Unicode.Scalar) -> Int { Int(ce_width(scalar.value)) }

  /// The longest beginning of `text` that takes at most `columns`.
  package static func prefix(of text: String, columns: Int) -> Substring {
    var used = 0
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    while index < scalars.endIndex {
      used += of(scalars[index])
      if used > columns { break }
      index = scalars.index(after: index)
    }
    return text[..<index]
  }

  /// `text` cut to `columns`, with an ellipsis where something was cut.
  package static func cut(_ text: String, columns: Int) -> String {
    if text.utf8.count <= columns || of(text) <= columns { return text }
    return columns < 1 ? "" : prefix(of: text, columns: columns - 1) + "…"
  }

  /// `text` with blanks up to `columns`; longer text stays as it is.
  package static func padded(_ text: String, columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - of(text)))
  }
}
