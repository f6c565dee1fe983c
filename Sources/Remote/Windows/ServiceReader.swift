/// Reads `sc.exe`'s output line by line, as bytes: see `ServiceOutput`.
struct ServiceReader {
  private(set) var state: ServiceState?
  private(set) var processID: UInt32?
  /// The number of an `[SC] …` line.
  private(set) var failure: UInt32?
  /// The first number before a colon in another line, as a last resort.
  private(set) var otherNumber: UInt32?
  /// Fields seen since the last line that was not indented.
  private var fields = 0

  private typealias Line = UnsafeBufferPointer<UInt8>

  mutating func read(_ bytes: [UInt8]) {
    fields = 0
    ConsoleText.lines(bytes) { line in
      if line[0] == 0x20 || line[0] == 0x09 { readField(line) } else { readUnindented(line) }
      return true
    }
  }

  private mutating func readField(_ line: Line) {
    guard let word = ServiceReader.field(line) else { return }
    fields += 1
    switch fields {
    case 2:
      state = ServiceReader.number(line, word).flatMap(ServiceState.init(rawValue:))
      processID = nil
    case 7: processID = ServiceReader.number(line, word)
    default: break
    }
  }

  private mutating func readUnindented(_ line: Line) {
    fields = 0
    guard let number = ServiceReader.failure(line) else { return }
    if line.starts(with: "[SC]".utf8) {
      failure = failure ?? number
      state = nil
    } else {
      otherNumber = otherNumber ?? number
    }
  }

  /// The word after the colon of an indented line, where it begins with a digit.
  ///
  /// A type is hexadecimal without `0x`, so `e0` is a number there: letters are let in.
  private static func field(_ line: Line) -> Range<Int>? {
    let usual = line.from(1).place(of: UInt8(ascii: ":")).map { $0 + 1 }
    var start = line.upTo(usual).place(of: 0xEF) ?? usual ?? line.count
    while start < line.count, colonLength(line, at: start) == 0 { start += 1 }
    start += start < line.count ? colonLength(line, at: start) : 0
    while start < line.count, !isWord(line[start]) { start += 1 }
    var end = start
    while end < line.count, isWord(line[end]) {
      guard isHexDigit(line[end]) || line[end] == UInt8(ascii: "x") else { return nil }
      end += 1
    }
    let length = end - start
    guard length > 0, length <= 12, isDigit(line[start]) || length == 2 else { return nil }
    return start..<end
  }

  /// The number of `… FAILED 1060:`, whatever the words; French puts a blank before the colon. The last one of a line.
  private static func failure(_ line: Line) -> UInt32? {
    var found: UInt32?
    var start = 0
    while start < line.count {
      guard isDigit(line[start]) else {
        start += 1
        continue
      }
      var end = start
      while end < line.count, isDigit(line[end]) { end += 1 }
      let isWhole = start == 0 || !isWord(line[start - 1])
      if isWhole, hasColon(line, after: end) { found = number(line, start..<end) ?? found }
      start = end
    }
    return found
  }

  /// A colon after nothing but blanks. A no-break space has another byte in each code page: all beyond ASCII are let in.
  private static func hasColon(_ line: Line, after position: Int) -> Bool {
    var position = position
    while position < line.count {
      // The full-width one of code page 932 is two bytes that could stand in a word of UTF-8: it counts only here.
      let isWide = position + 1 < line.count && line[position] == 0x81 && line[position + 1] == 0x46
      if isWide || colonLength(line, at: position) > 0 { return true }
      guard line[position] == 0x20 || line[position] == 0x09 || line[position] >= 0x80 else { return false }
      position += 1
    }
    return false
  }

  /// Bytes of a colon at `position`, 0 where there is none: the usual one, or the full-width one of UTF-8.
  private static func colonLength(_ line: Line, at position: Int) -> Int {
    if line[position] == UInt8(ascii: ":") { return 1 }
    let isWide =
      position + 2 < line.count && line[position] == 0xEF && line[position + 1] == 0xBC && line[position + 2] == 0x9A
    return isWide ? 3 : 0
  }

  /// Decimal only; nil where it doesn't fit.
  private static func number(_ line: Line, _ range: Range<Int>) -> UInt32? {
    var value: UInt32 = 0
    for byte in line[range] {
      guard isDigit(byte) else { return nil }
      let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = product.addingReportingOverflow(UInt32(byte - UInt8(ascii: "0")))
      if isLarge || isLarger { return nil }
      value = sum
    }
    return value
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")) || byte == UInt8(ascii: "_")
  }
}
