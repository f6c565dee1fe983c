/// How many columns of a terminal a text takes.
package enum CellWidth {
  package static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + width($1) }
  }

  /// `text` in exactly `width` columns: cut with `…`, or filled with blanks.
  package static func fit(_ text: String, _ width: Int, rightAligned: Bool = false) -> String {
    let own = of(text)
    if own > width { return cut(text, width) }
    let blanks = String(repeating: " ", count: width - own)
    return rightAligned ? blanks + text : text + blanks
  }

  package static func cut(_ text: String, _ width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
      let own = self.width(character)
      guard used + own <= width - 1 else { break }
      result.append(character)
      used += own
    }
    return result + "…" + String(repeating: " ", count: width - 1 - used)
  }

  /// East Asian wide characters and emoji take two columns, marks none of their own.
  private static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default:
      return scalar.properties.generalCategory == .nonspacingMark ? 0 : 1
    }
  }
}
