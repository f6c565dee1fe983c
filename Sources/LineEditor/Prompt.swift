import DisplayText

/// What stands before the line that is typed: a text of one row, parts of it coloured.
package struct Prompt: Sendable, Equatable {
  package enum Style: String, Sendable {
    case plain = ""
    case bold = "1"
    case faint = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case boldRed = "1;31"
    case boldGreen = "1;32"
    case cyan = "36"
  }

  package struct Span: Sendable, Equatable {
    package var text: String
    package var style: Style

    package init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }
  }

  /// Brackets escape sequences so that libedit doesn't count them; it never stands in a text.
  static let marker: Character = "\u{1}"

  package var spans: [Span]

  package init(_ spans: [Span]) { self.spans = spans }
  package init(_ text: String, style: Style = .plain) { self.init([Span(text, style)]) }

  /// The text without colours, newlines and control characters made visible: rows are counted from it.
  package var text: String { spans.reduce(into: "") { $0 += VisibleText.of($1.text) } }

  /// Columns it takes, the blank after it included.
  var width: Int { TextWidth.of(text) + 1 }

  /// As libedit takes it. It ends in a blank, since libedit drops an escape sequence that is the last thing; and it
  /// keeps only one sequence before a character, so there is one at each change of style.
  func rendered(color: Bool) -> String {
    guard color else { return text + " " }
    var result = ""
    var style = Style.plain
    for span in spans + [Span(" ")] where !span.text.isEmpty {
      if span.style != style {
        let codes = span.style == .plain ? "0" : style == .plain ? span.style.rawValue : "0;" + span.style.rawValue
        result += "\(Self.marker)\u{1b}[\(codes)m\(Self.marker)"
        style = span.style
      }
      result += VisibleText.of(span.text)
    }
    return result
  }
}
