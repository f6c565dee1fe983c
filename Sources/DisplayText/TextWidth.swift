import CSystem

/// Columns that text takes on a terminal, counted per scalar. There is no table of ours: the C library's is the one that
/// libedit draws by, and tmux with it.
package enum TextWidth {
  package static func of(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text.utf8.count }
    var columns = 0
    for scalar in text.unicodeScalars { columns += of(scalar) }
    return columns
  }

  /// 0 for combining and zero-width characters, 2 for wide ones; a control character counts as none, and one that the C
  /// library does not know yet as one.
  package static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value >= 0x20, value < 0x7f { return 1 }
    let columns = cell(of: scalar)
    return columns >= 0 ? columns : scalar.properties.generalCategory == .control ? 0 : 1
  }

  /// -1 where the C library can't print it.
  package static func cell(of scalar: Unicode.Scalar) -> Int { Int(cs_width(scalar.value)) }

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
    if of(text) <= columns { return text }
    return columns < 1 ? "" : prefix(of: text, columns: columns - 1) + "…"
  }

  /// `text` with blanks up to `columns`, before it where it is `rightAligned`; longer text stays as it is.
  package static func padded(_ text: String, columns: Int, rightAligned: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, columns - of(text)))
    return rightAligned ? blanks + text : text + blanks
  }
}
