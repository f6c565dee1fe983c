/// Characters that word processors put in place of ASCII ones.
enum Typography {
  static let dashes: [Character: String] = [
    "\u{2010}": "-", "\u{2011}": "-", "\u{2012}": "-", "\u{2013}": "-", "\u{2212}": "-", "\u{FE63}": "-",
    "\u{FF0D}": "-", "\u{2014}": "--", "\u{2015}": "--",
  ]

  /// An opening quote, and what may close it.
  static let closers: [Character: [Character]] = [
    "\u{201C}": ["\u{201D}", "\u{201C}", "\""], "\u{201D}": ["\u{201D}", "\""],
    "\u{201E}": ["\u{201C}", "\u{201D}", "\""], "\u{00AB}": ["\u{00BB}"],
    "\u{2018}": ["\u{2019}", "\u{2018}", "'"], "\u{2019}": ["\u{2019}", "'"],
    "\u{201A}": ["\u{2018}", "\u{2019}", "'"],
  ]

  static func plainQuote(_ quote: Character) -> String {
    "\u{2018}\u{2019}\u{201A}".contains(quote) ? "'" : "\""
  }
}
