/// A case-folded pattern with `*` (any letters, or none) and `?` (one letter), matched in time linear in the name for
/// each star, whatever the pattern: only the last star is ever tried again.
struct Wildcard {
  private let pattern: [UInt8]
  /// The pattern in lower case where that is not the same, with as many letters as were typed: folding makes two of some,
  /// and `?` stands for one.
  private let plain: [UInt8]?

  init(_ text: String) {
    pattern = Array(AgentName.key(of: text).utf8)
    plain = text.utf8.allSatisfy { $0 < 0x80 } ? nil : Array(text.lowercased().utf8)
  }

  func matches(_ name: AgentName) -> Bool {
    if matches(name.key) { return true }
    guard name.text.utf8.contains(where: { $0 > 127 }) else { return false }
    var text = name.text.lowercased()
    return text.withUTF8 { Wildcard.matches(plain ?? pattern, $0) }
  }

  /// - Parameter key: a case-folded name.
  func matches(_ key: String) -> Bool {
    var key = key
    return key.withUTF8 { Wildcard.matches(pattern, $0) }
  }

  private static func matches(_ pattern: [UInt8], _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    var at = 0
    var place = 0
    var retry: (at: Int, place: Int)?
    while place < name.count {
      if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
        at += 1
        if at == pattern.count { return true }
        retry = (at, place)
      } else if at < pattern.count, pattern[at] == UInt8(ascii: "?"), name[place] & 0xC0 != 0x80 {
        at += 1
        place += 1
        while place < name.count, name[place] & 0xC0 == 0x80 { place += 1 }
      } else if at < pattern.count, pattern[at] == name[place] {
        at += 1
        place += 1
      } else if let last = retry {
        at = last.at
        place = last.place + 1
        retry = (at, place)
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
