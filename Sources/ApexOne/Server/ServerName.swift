/// The grammar of what agents call the server: a host name or an IP address, since it becomes an argument of a program.
package enum ServerName {
  /// Why `text` can't be one, in a few words that follow "it"; nil where it can.
  package static func problem(with text: String) -> String? {
    if isPlain(text) { return nil }
    if text.isEmpty { return "is empty" }
    if text.utf8.count > 253 { return "is longer than 253 bytes" }
    if text.hasPrefix("-") { return "begins with a dash" }
    if text.contains(":") { return isIPv6(text) ? nil : "holds a colon and is no IPv6 address" }
    let last = text.split(separator: ".").last ?? ""
    if !last.isEmpty, last.utf8.allSatisfy({ (48...57).contains($0) }) {
      return isIPv4(text) ? nil : "ends like an IPv4 address and is none"
    }
    for label in text.split(separator: ".", omittingEmptySubsequences: false) {
      if let problem = problem(withLabel: label) { return problem }
    }
    return nil
  }

  /// ASCII letters, digits, dashes and dots, as they may follow each other in a name whose last part begins with a
  /// letter: what nearly every name is, told without looking at characters. False says nothing.
  private static func isPlain(_ text: String) -> Bool {
    var length = 0
    var before = UInt8(ascii: ".")
    var lastBeginsWithLetter = false
    for byte in text.utf8 {
      let isLetter = (97...122).contains(byte | 0x20) && byte < 128
      switch byte {
      case UInt8(ascii: "."):
        if length == 0 || before == UInt8(ascii: "-") { return false }
        length = 0
      case UInt8(ascii: "-"):
        if length == 0 { return false }
        length += 1
      case _ where isLetter || (48...57).contains(byte):
        if length == 0 { lastBeginsWithLetter = isLetter }
        length += 1
      default: return false
      }
      if length > 63 { return false }
      before = byte
    }
    return length > 0 && before != UInt8(ascii: "-") && lastBeginsWithLetter && text.utf8.count <= 253
  }

  package static func isValid(_ text: String) -> Bool { problem(with: text) == nil }

  /// One part of a host name, between dots.
  static func problem(withLabel label: Substring) -> String? {
    if label.isEmpty { return "has an empty part between dots" }
    if label.utf8.count > 63 { return "has a part longer than 63 bytes" }
    if label.hasPrefix("-") || label.hasSuffix("-") { return "has a part that begins or ends with a dash" }
    let isFine = label.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "-", "_", "0"..."9", "a"..."z", "A"..."Z": true
      default: scalar.value > 127 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      }
    }
    return isFine ? nil : "holds a character that no host name has"
  }

  package static func isIPv4(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }) else { return false }
        return Int(part).map { $0 <= 255 && (part.count == 1 || part.first != "0") } ?? false
      }
  }

  /// Without a zone; an IPv4 address may end it.
  package static func isIPv6(_ text: String) -> Bool {
    guard text.utf8.count <= 45 else { return false }
    let halves = text.split(separator: ":", omittingEmptySubsequences: false)
    var groups = halves.map(String.init)
    let gaps = text.utf8.count >= 2 ? countGaps(text) : 0
    guard gaps <= 1, !text.contains(":::"), groups.count >= 3 else { return false }
    if text.hasPrefix("::") { groups.removeFirst() } else if text.hasPrefix(":") { return false }
    if text.hasSuffix("::") { groups.removeLast() } else if text.hasSuffix(":") { return false }
    var count = 0
    for (index, group) in groups.enumerated() where !group.isEmpty {
      if group.contains(".") {
        guard index == groups.count - 1, isIPv4(group) else { return false }
        count += 2
      } else {
        guard group.utf8.count <= 4, group.utf8.allSatisfy(isHexDigit) else { return false }
        count += 1
      }
    }
    return gaps == 1 ? count <= 7 : count == 8
  }

  private static func countGaps(_ text: String) -> Int {
    zip(text.utf8, text.utf8.dropFirst()).count { $0 == 58 && $1 == 58 }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...70, 97...102: true
    default: false
    }
  }
}
