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

  /// The standard spelling: an address without brackets, IPv6 as RFC 5952 writes it; a name without the dot at its end,
  /// its letters as they are. Nil where it is neither, or an address with a zone, which is another on each machine.
  package static func canonical(_ text: String) -> String? {
    if let address = address(text) { return text.contains("%") ? nil : address }
    let name = bare(text)
    return isValid(name) ? name : nil
  }

  /// What names of servers are compared by: the same for one name or address in all its spellings. A zone says nothing
  /// on another machine and is left out; what is neither name nor address is compared as it stands, but for case.
  package static func key(_ text: String) -> String {
    let text = text.trimmingBlanks()
    return address(text) ?? bare(text).lowercased()
  }

  /// Two spellings of one name or address.
  package static func areEqual(_ left: String, _ right: String) -> Bool { key(left) == key(right) }

  /// Without the dot that ends a full name.
  static func bare(_ name: String) -> String {
    name.hasSuffix(".") && !name.hasSuffix("..") && name.utf8.count > 1 ? String(name.dropLast()) : name
  }

  /// The standard spelling of an address, with or without brackets and zone; nil where it is none.
  static func address(_ text: String) -> String? {
    var inner = text[...]
    if inner.hasPrefix("["), inner.hasSuffix("]") { inner = inner.dropFirst().dropLast() }
    let address = String(inner.prefix { $0 != "%" })
    if address.utf8.count < inner.utf8.count {
      guard isZone(inner.dropFirst(address.count + 1)), isIPv6(address) else { return nil }
    }
    if isIPv4(bare(address)) { return bare(address) }
    return isIPv6(address) ? IPv6Text.canonical(address) : nil
  }

  /// Of an address: the name or number of an interface.
  static func isZone(_ text: Substring) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46
          || byte == 95
      }
  }

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

/// IPv6 addresses as RFC 5952 writes them.
private enum IPv6Text {
  /// `text` is one. An IPv4 address that it only wraps is given as that.
  static func canonical(_ text: String) -> String {
    let groups = groups(text)
    if groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
      return [groups[6] >> 8, groups[6] & 255, groups[7] >> 8, groups[7] & 255].map { "\($0)" }.joined(separator: ".")
    }
    let gap = longestGap(groups)
    let hex = groups.map { String($0, radix: 16) }
    if gap.isEmpty { return hex.joined(separator: ":") }
    return hex[..<gap.lowerBound].joined(separator: ":") + "::" + hex[gap.upperBound...].joined(separator: ":")
  }

  private static func groups(_ text: String) -> [UInt16] {
    guard let gap = text.firstRange(of: "::") else { return numbers(text[...]) }
    let (before, after) = (numbers(text[..<gap.lowerBound]), numbers(text[gap.upperBound...]))
    return before + [UInt16](repeating: 0, count: max(0, 8 - before.count - after.count)) + after
  }

  private static func numbers(_ text: Substring) -> [UInt16] {
    text.split(separator: ":").flatMap { part -> [UInt16] in
      guard part.contains(".") else { return [UInt16(part, radix: 16) ?? 0] }
      let bytes = part.split(separator: ".").compactMap { UInt16($0) }
      return [bytes[0] << 8 | bytes[1], bytes[2] << 8 | bytes[3]]
    }
  }

  /// The first of the longest runs of zeros, at least two; empty where there is none.
  private static func longestGap(_ groups: [UInt16]) -> Range<Int> {
    var longest = 0..<0
    var start: Int?
    for index in 0...groups.count {
      if index < groups.count, groups[index] == 0 {
        start = start ?? index
      } else if let first = start {
        if index - first > max(1, longest.count) { longest = first..<index }
        start = nil
      }
    }
    return longest
  }
}
