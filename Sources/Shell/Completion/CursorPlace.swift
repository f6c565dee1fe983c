import Commands

/// The words of the command that the cursor stands in: those before it, and what is typed of its own.
struct CursorPlace {
  private(set) var before: [String] = []
  private(set) var current = ""
  /// Where the word under the cursor begins, in characters.
  private(set) var start: Int
  /// The word names a file of ours: it stands behind `>`.
  private(set) var isFileName = false
  private var openQuote: Character?

  /// `typed` ends at the cursor. Nil where nothing can be offered: in a comment, in a local command.
  init?(_ typed: String) {
    guard typed.drop(while: { $0 == " " || $0 == "\t" }).first != "!" else { return nil }
    start = typed.count
    var scanner = LineScanner(typed, isPartial: true)
    guard let tokens = try? scanner.scan() else { return nil }
    var lastEnd: Int?
    var words: [Word] = []
    for token in tokens {
      lastEnd = nil
      switch token {
      case .word(let word):
        lastEnd = word.end
        if isFileName && words.isEmpty == false { words = [word] } else { words.append(word) }
      case .semicolon, .and, .or, .background: (words, isFileName) = ([], false)
      case .redirect: (words, isFileName) = ([], true)
      case .pipe: return nil
      }
    }
    if let last = words.last, lastEnd == typed.count {
      current = last.text
      start = last.start
      openQuote = last.openQuote
      words.removeLast()
    } else if scanner.isInComment {
      return nil
    }
    before = words.map(\.text)
    if isFileName && !before.isEmpty { return nil }
  }

  /// The candidate as it must be typed: quoted where it has to be.
  func written(_ candidate: LookupCandidate) -> LookupCandidate {
    var written = candidate
    let quoted = WordText.quoted(candidate.text)
    if let openQuote, quoted == candidate.text {
      written.text = String(openQuote) + candidate.text + (candidate.isFinal ? String(openQuote) : "")
    } else {
      written.text = quoted
      // A folder or a selection goes on inside its quotes.
      if !candidate.isFinal && quoted != candidate.text { written.text.removeLast() }
    }
    return written
  }
}
