/// One line of the history file.
package struct HistoryEntry: Sendable, Equatable {
  /// Seconds since 1970, to the second.
  package var time: Double
  package var line: String

  package init(time: Double, line: String) {
    self.time = time
    self.line = line
  }

  private static let beginning = Array(#"{"t":"#.utf8)
  private static let middle = Array(#","line":""#.utf8)
  private static let ending = Array(#""}"#.utf8)

  var json: String { #"{"t":\#(Int(time)),"line":"\#(Self.escaped(line))"}"# }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Reads exactly the form that `json` writes: a general JSON reader takes a hundred times as long, and start-up waits
  /// for this. Nil for anything else.
  init?(json bytes: some Collection<UInt8>) {
    var rest = bytes[...]
    guard rest.starts(with: Self.beginning) else { return nil }
    rest = rest.dropFirst(Self.beginning.count)
    let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
    guard let seconds = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    rest = rest.dropFirst(digits.count)
    guard rest.starts(with: Self.middle), rest.suffix(2).elementsEqual(Self.ending) else { return nil }
    guard let line = Self.unescaped(rest.dropFirst(Self.middle.count).dropLast(2)) else { return nil }
    self.init(time: Double(seconds), line: line)
  }

  private static func unescaped(_ bytes: some Collection<UInt8>) -> String? {
    guard bytes.contains(UInt8(ascii: "\\")) else {
      return bytes.contains(UInt8(ascii: "\"")) ? nil : String(validating: bytes, as: UTF8.self)
    }
    var text: [UInt8] = []
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
      if byte == UInt8(ascii: "\"") { return nil }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      switch iterator.next() {
      case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
      case let byte? where byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\"): text.append(byte)
      case UInt8(ascii: "u"):
        let digits = (0..<4).compactMap { _ in iterator.next() }
        // Only control characters are written so.
        guard digits.count == 4, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), value < 0x80
        else { return nil }
        text.append(value)
      default: return nil
      }
    }
    return String(validating: text, as: UTF8.self)
  }

  /// The newest entries of a file, oldest first, without adjacent duplicates; and how many lines the file has.
  static func all(in file: [UInt8], limit: Int) -> (entries: [HistoryEntry], lines: Int) {
    let lines = file.split(separator: UInt8(ascii: "\n"))
    var entries: [HistoryEntry] = []
    for line in lines.suffix(limit) {
      guard let entry = HistoryEntry(json: line), entry.line != entries.last?.line else { continue }
      entries.append(entry)
    }
    return (entries, lines.count)
  }
}
