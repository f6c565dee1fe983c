/// A word for many names: ranges (`WS-[001-120,200]`), wildcards (`WS-*`, `SRV?`), or both.
package struct NamePattern: Sendable, Hashable {
  /// How many names ranges may stand for.
  package static let mostNames = 1_000_000
  /// How many patterns ranges beside wildcards may stand for: each is held against every agent.
  static let mostGlobs = 1_000

  private enum Piece: Sendable, Hashable {
    case literal(String)
    case numbers([NumberRange])
  }

  private let pieces: [Piece]
  /// How many names, or patterns with wildcards, it stands for.
  let count: Int
  /// It has `*` or `?`.
  let hasWildcard: Bool

  init(_ text: String, column: Int) throws(SelectionError) {
    var pieces: [Piece] = []
    var rest = Substring(text)
    var total = 1
    while !rest.isEmpty {
      let literal = rest.prefix { $0 != "[" }
      if !literal.isEmpty { pieces.append(.literal(String(literal))) }
      rest = rest[literal.endIndex...]
      guard rest.first == "[" else { continue }
      let at = column + text[..<rest.startIndex].count
      guard let close = rest.firstIndex(of: "]") else { throw SelectionError(.openBracket, column: at) }
      let ranges = try NumberRange.list(String(rest[rest.index(after: rest.startIndex)..<close]), column: at + 1)
      for range in ranges where range.count > NamePattern.mostNames {
        throw SelectionError(.tooManyNames, column: at)
      }
      let (product, overflows) = total.multipliedReportingOverflow(by: ranges.reduce(0) { $0 + $1.count })
      guard !overflows, product <= NamePattern.mostNames else { throw SelectionError(.tooManyNames, column: at) }
      total = product
      pieces.append(.numbers(ranges))
      rest = rest[rest.index(after: close)...]
    }
    self.pieces = pieces
    count = total
    hasWildcard = pieces.contains {
      if case .literal(let text) = $0 { text.contains { "*?".contains($0) } } else { false }
    }
    if hasWildcard && total > NamePattern.mostGlobs { throw SelectionError(.tooManyPatterns, column: column) }
    try check(column)
  }

  /// Every name, or every pattern with wildcards, that it stands for, in its order.
  var expanded: [String] {
    var words = [""]
    for piece in pieces {
      switch piece {
      case .literal(let text): words = words.map { $0 + text }
      case .numbers(let ranges):
        words = words.flatMap { word in ranges.flatMap { range in (0..<range.count).map { word + range.text($0) } } }
      }
    }
    return words
  }

  /// Its first and its last name must keep to the grammar; then all do. A wildcard may be any letter.
  private func check(_ column: Int) throws(SelectionError) {
    for isLast in [false, true] {
      var name = ""
      for piece in pieces {
        switch piece {
        case .literal(let text): name += text.replacing("*", with: "x").replacing("?", with: "x")
        case .numbers(let ranges):
          let longest = ranges.max { $0.text($0.count - 1).utf8.count < $1.text($1.count - 1).utf8.count }
          let range = isLast ? longest ?? ranges[0] : ranges[0]
          name += range.text(isLast ? range.count - 1 : 0)
        }
      }
      if let fault = AgentName.fault(in: name) {
        throw SelectionError(.malformedName(name, fault: fault), column: column)
      }
    }
  }
}

/// Numbers between brackets, padded with zeros to a width: `001-120`, `200`.
struct NumberRange: Sendable, Hashable {
  let low: Int
  let high: Int
  /// The fewest digits that a number is written with.
  let width: Int

  var count: Int { high - low + 1 }

  func text(_ offset: Int) -> String {
    let digits = String(low + offset)
    return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
  }

  /// Digits of the longest number.
  static let mostDigits = 18

  /// Reads what stands between two brackets.
  static func list(_ text: String, column: Int) throws(SelectionError) -> [NumberRange] {
    var ranges: [NumberRange] = []
    var column = column
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let range = try NumberRange(part, column: column) else {
        let fault = part.isEmpty ? "it is empty" : "write [001-120] or [7]"
        throw SelectionError(.malformedRange(String(part), fault: fault), column: column)
      }
      ranges.append(range)
      column += part.count + 1
    }
    return ranges
  }

  /// Nil where it isn't one or two numbers.
  private init?(_ text: Substring, column: Int) throws(SelectionError) {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard (1...2).contains(ends.count), let first = ends.first, let last = ends.last,
      ends.allSatisfy({ !$0.isEmpty && $0.utf8.count <= NumberRange.mostDigits }),
      ends.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }),
      let low = Int(first), let high = Int(last)
    else { return nil }
    func fail(_ fault: String) -> SelectionError {
      SelectionError(.malformedRange(String(text), fault: fault), column: column)
    }
    guard low <= high else { throw fail("it runs backwards") }
    let isPadded = [first, last].map { $0.utf8.count > 1 && $0.first == "0" }
    let differs = first.utf8.count != last.utf8.count
    if isPadded[1] && differs { throw fail("its ends are padded differently") }
    if isPadded[0] && first.utf8.count > last.utf8.count { throw fail("its ends are padded differently") }
    self.low = low
    self.high = high
    width = isPadded[0] || isPadded[1] ? first.utf8.count : 1
  }
}
