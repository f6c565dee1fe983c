/// Splits a command line into a program's arguments, as `CommandLineToArgvW` and the C runtime do.
struct CRTSplitter {
  private let text: [Unicode.Scalar]
  private var position = 0

  init(_ line: String) { text = Array(line.unicodeScalars) }

  mutating func words() -> [String] {
    skipBlanks()
    guard position < text.count else { return [] }
    var words = [programWord()]
    skipBlanks()
    while position < text.count {
      words.append(argument())
      skipBlanks()
    }
    return words
  }

  private var current: Unicode.Scalar? { position < text.count ? text[position] : nil }
  private var isBlank: Bool { current == " " || current == "\t" }

  private mutating func skipBlanks() { while isBlank { position += 1 } }

  /// The first word: quotes only open and close, a backslash is a backslash.
  private mutating func programWord() -> String {
    var word = String.UnicodeScalarView()
    var quoted = false
    while let scalar = current, quoted || !isBlank {
      if scalar == "\"" { quoted.toggle() } else { word.append(scalar) }
      position += 1
    }
    return String(word)
  }

  private mutating func argument() -> String {
    var word = String.UnicodeScalarView()
    var quoted = false
    while let scalar = current, quoted || !isBlank {
      switch scalar {
      case "\\":
        let count = backslashes()
        guard current == "\"" else {
          word.append(contentsOf: repeatElement("\\", count: count))
          continue
        }
        word.append(contentsOf: repeatElement("\\", count: count / 2))
        guard count % 2 == 1 else { continue }
        word.append("\"")
      case "\"":
        // Within quotes, two in a row are one literal quote.
        if quoted, position + 1 < text.count, text[position + 1] == "\"" {
          word.append("\"")
          position += 1
        } else {
          quoted.toggle()
        }
      default:
        word.append(scalar)
      }
      position += 1
    }
    return String(word)
  }

  private mutating func backslashes() -> Int {
    let start = position
    while current == "\\" { position += 1 }
    return position - start
  }
}
