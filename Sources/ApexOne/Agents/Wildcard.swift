/// A case-folded pattern with `*` (any letters, or none) and `?` (one letter), matched in time linear in the name for
/// each star, whatever the pattern: only the last star is ever tried again.
struct Wildcard {
  private let pattern: [UInt8]

  init(_ text: String) { pattern = Array(text.lowercased().utf8) }

  /// - Parameter key: a case-folded name.
  func matches(_ key: String) -> Bool {
    var key = key
    return key.withUTF8 { matches($0) }
  }

  private func matches(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
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
