/// Text from outside as it may be shown: nothing in it moves the cursor, changes the colour, hides, or turns other text
/// around, nor does a heap of marks run over the rows about it.
package enum VisibleText {
  /// Which characters that lay out text stay as they are.
  package enum Layout: Sendable {
    /// None: newlines and tabs are shown too. For a cell, a name, a prompt.
    case oneLine
    /// Newline and tab stay, and the carriage return of a Windows line end goes. For the output of a program.
    case lines
  }

  /// Marks on one letter: no script has more, and hundreds run over the rows above and below.
  package static let mostMarks = 8

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x300 else { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return false
    }
  }

  /// Control, C1, bidi, zero-width and other invisible characters as `\u{202E}`; newline, carriage return and tab as
  /// `\n`, `\r` and `\t` where `layout` doesn't keep them.
  package static func of(_ text: String, layout: Layout = .oneLine) -> String {
    guard text.utf8.contains(where: needsLook) else { return text }
    var shown = String.UnicodeScalarView()
    let scalars = text.unicodeScalars
    var marks = 0
    for index in scalars.indices {
      let scalar = scalars[index]
      marks = isMark(scalar) ? marks + 1 : 0
      if marks > mostMarks {
        if marks == mostMarks + 1 { shown.append("…") }
        continue
      }
      if layout == .lines, scalar == "\n" || scalar == "\t" {
        shown.append(scalar)
      } else if layout == .lines, scalar == "\r", scalars[index...].dropFirst().first == "\n" {
        continue
      } else if isHidden(scalar) {
        shown.append(contentsOf: escape(scalar).unicodeScalars)
      } else {
        shown.append(scalar)
      }
    }
    return String(shown)
  }

  /// Most text is plain ASCII and leaves here.
  private static func needsLook(_ byte: UInt8) -> Bool { byte < 0x20 || byte >= 0x7f }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }

  /// By general category, so that new Unicode versions are covered: control, format (bidi, zero-width, tags), line and
  /// paragraph separators, private use, unassigned; and the invisible ones that are letters or marks to Unicode.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value >= 0x20, scalar.value < 0x7f { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
    default: return scalar.properties.isDefaultIgnorableCodePoint || scalar == "\u{2800}"
    }
  }
}
