import DisplayText

/// Where the cursor stands below and right of the prompt's first cell. libedit knows, but doesn't say; this counts as
/// its `re_addc` does.
struct ScreenPosition: Equatable {
  var row = 0
  var column = 0

  /// - Parameters:
  ///   - promptWidth: columns of the prompt, with the blank after it.
  ///   - text: what stands between the prompt and the cursor.
  ///   - columns: of the window.
  init(promptWidth: Int, text: some StringProtocol, columns: Int) {
    let columns = max(2, columns)
    row = promptWidth / columns
    column = promptWidth % columns
    for scalar in text.unicodeScalars { add(scalar, columns) }
  }

  private mutating func add(_ scalar: Unicode.Scalar, _ columns: Int) {
    switch scalar {
    case "\n":  // An incremental search puts one into the line.
      row += 1
      column = 0
    case "\t":
      repeat { put(1, columns) } while column % 8 != 0
    default:
      put(Self.width(of: scalar), columns)
    }
  }

  private mutating func put(_ width: Int, _ columns: Int) {
    if column + width > columns {
      row += 1
      column = 0
    }
    column += width
    if column >= columns {
      row += 1
      column = 0
    }
  }

  /// libedit draws a control character as `^X` and another that can't be printed as `\U+XXXX`.
  private static func width(of scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x20 || value == 0x7f { return 2 }
    if value < 0x7f { return 1 }
    let columns = TextWidth.cell(of: scalar)
    return columns >= 0 ? columns : value > 0xffff ? 8 : 7
  }
}
