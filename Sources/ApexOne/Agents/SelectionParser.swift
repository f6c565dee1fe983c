/// Reads the text of a selection into its terms. Only what was typed is checked; nothing is looked up.
struct SelectionParser {
  private let bytes: [UInt8]
  private var position = 0
  /// Characters before `counted`: columns are counted as parsing goes on, not from the start each time.
  private var counted = (position: 0, characters: 0)
  private var total = SelectionTotal()

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func parse() throws(SelectionError) -> [Selection.Term] {
    skipBlanks()
    guard position < bytes.count else { throw SelectionError(.empty, column: 1) }
    var terms: [Selection.Term] = []
    while true {
      terms.append(try term())
      guard position < bytes.count else { return terms }
      position += 1
    }
  }

  private mutating func term() throws(SelectionError) -> Selection.Term {
    skipBlanks()
    if current == UInt8(ascii: "!") { throw SelectionError(.nothingToReduce, column: column(of: position)) }
    var term = Selection.Term(first: try operand())
    while let byte = current, byte == UInt8(ascii: "&") || byte == UInt8(ascii: "!") {
      position += 1
      skipBlanks()
      term.rest.append(.init(operator: byte == UInt8(ascii: "&") ? .narrow : .reduce, operand: try operand()))
    }
    return term
  }

  /// One operand and the blanks behind it; stands at an operator or the end afterwards.
  private mutating func operand() throws(SelectionError) -> Selection.Operand {
    let start = position
    let column = column(of: start)
    let kind = try current == UInt8(ascii: "@") ? set(column) : name(column)
    try total.add(kind, column: column)
    let text = string(start..<position)
    skipBlanks()
    if let byte = current, !SelectionParser.isOperator(byte) {
      throw SelectionError(.unexpected(character(at: position)), column: self.column(of: position))
    }
    return Selection.Operand(kind: kind, text: text, column: column)
  }

  // MARK: Names, patterns, networks

  private mutating func name(_ column: Int) throws(SelectionError) -> Selection.Operand.Kind {
    if let quote = current, quote == 0x22 || quote == 0x27 {
      let text = try quoted(quote)
      // Programs put quotes around everything.
      if AgentName(text) == nil, let network = NetworkRange(text) { return .network(network) }
      return .name(try agentName(text, column))
    }
    let start = position
    while let byte = current, !SelectionParser.isOperator(byte), byte != 0x20, byte != 0x09 {
      if byte == UInt8(ascii: "[") { try skipBracket() } else { position += 1 }
    }
    let text = string(start..<position)
    if text.isEmpty { throw SelectionError(.missingOperand, column: column) }
    return try SelectionParser.kind(ofWord: text, column: column)
  }

  /// What an unquoted word without operators means.
  static func kind(ofWord word: String, column: Int) throws(SelectionError) -> Selection.Operand.Kind {
    let text = AgentName.narrowed(word)
    if let name = AgentName(text) { return name.key == "all" ? .all : .name(name) }
    if let network = NetworkRange(text) { return .network(network) }
    let isAddress = text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }
    if isAddress || NetworkRange.isMeant(by: text) { throw SelectionError(.malformedNetwork(text), column: column) }
    if text.utf8.contains(where: { [0x2A, 0x3F, 0x5B].contains($0) }) {
      return .pattern(try NamePattern(text, column: column))
    }
    throw SelectionError(.malformedName(text, fault: AgentName.fault(in: text) ?? "it is malformed"), column: column)
  }

  private mutating func skipBracket() throws(SelectionError) {
    let open = position
    while let byte = current, byte != UInt8(ascii: "]") { position += 1 }
    guard current != nil else { throw SelectionError(.openBracket, column: column(of: open)) }
    position += 1
  }

  private func agentName(_ text: String, _ column: Int) throws(SelectionError) -> AgentName {
    guard let name = AgentName(text) else {
      throw SelectionError(.malformedName(text, fault: AgentName.fault(in: text) ?? "it is malformed"), column: column)
    }
    return name
  }

  // MARK: Sets

  private mutating func set(_ column: Int) throws(SelectionError) -> Selection.Operand.Kind {
    position += 1
    let start = position
    while let byte = current, !SelectionParser.isOperator(byte), byte != 0x3A, byte > 0x20 { position += 1 }
    let word = string(start..<position)
    var value: String?
    var valueColumn = column
    if current == UInt8(ascii: ":") {
      position += 1
      valueColumn = self.column(of: position)
      value = try self.value()
      if value?.isEmpty == true { throw SelectionError(.missingValue(word), column: valueColumn) }
    }
    return try kind(word.lowercased(), value, column, valueColumn)
  }

  private func kind(
    _ word: String, _ value: String?, _ column: Int, _ valueColumn: Int
  ) throws(SelectionError) -> Selection.Operand.Kind {
    switch word {
    case "mismatched", "unprotected", "no-agent":
      if value != nil { throw SelectionError(.needlessValue(word), column: valueColumn) }
      return .set(word == "mismatched" ? .mismatched : word == "unprotected" ? .unprotected : .noAgent)
    case "domain", "file", "first":
      guard let value else { throw SelectionError(.missingValue(word), column: column) }
      if word == "domain" { return .domain(value) }
      if word == "file" { return .file(value) }
      guard let count = SelectionParser.number(value) else {
        throw SelectionError(.malformedCount(value), column: valueColumn)
      }
      return .first(count)
    default:
      guard let outcome = Outcome(rawValue: word) else { throw SelectionError(.unknownSet(word), column: column) }
      guard let value else { return .set(.outcome(outcome, run: nil)) }
      guard let run = SelectionParser.number(value) else {
        throw SelectionError(.malformedRun(value), column: valueColumn)
      }
      return .set(.outcome(outcome, run: run))
    }
  }

  /// The value behind a colon: quoted, or up to the next operator. Blanks at its end don't belong to it.
  private mutating func value() throws(SelectionError) -> String {
    if let quote = current, quote == 0x22 || quote == 0x27 { return try quoted(quote) }
    let start = position
    while let byte = current, !SelectionParser.isOperator(byte) { position += 1 }
    while position > start, bytes[position - 1] == 0x20 || bytes[position - 1] == 0x09 { position -= 1 }
    return string(start..<position)
  }

  /// A number from 1, in digits only.
  private static func number(_ text: String) -> Int? {
    guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(text), number > 0 else { return nil }
    return number
  }

  // MARK: Bytes

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private static func isOperator(_ byte: UInt8) -> Bool { byte == 0x2C || byte == 0x26 || byte == 0x21 }

  private mutating func skipBlanks() { while let byte = current, byte == 0x20 || byte == 0x09 { position += 1 } }

  private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func character(at position: Int) -> Character {
    String(decoding: bytes[position...].prefix(64), as: UTF8.self).first ?? "?"
  }

  /// Text between quotes; a doubled quote is one, a backslash is itself.
  private mutating func quoted(_ quote: UInt8) throws(SelectionError) -> String {
    let open = position
    var value: [UInt8] = []
    position += 1
    while let byte = current {
      position += 1
      if byte == quote {
        guard current == quote else { return String(decoding: value, as: UTF8.self) }
        position += 1
      }
      value.append(byte)
    }
    throw SelectionError(.openQuote, column: column(of: open))
  }

  /// The character that begins at a byte, from 1.
  private mutating func column(of position: Int) -> Int {
    if position < counted.position { counted = (0, 0) }
    counted = (position, counted.characters + string(counted.position..<position).count)
    return counted.characters + 1
  }
}
