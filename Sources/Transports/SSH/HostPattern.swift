/// Host patterns of OpenSSH files: `*`, `?`, and `!` to exclude.
enum HostPattern {
  /// One must match, and none with `!` may. Names of known_hosts files ignore case; a `Host` line of an ssh_config does
  /// not: OpenSSH compares it with the name as it was typed.
  static func matches(_ host: String, _ patterns: [String], ignoringCase: Bool = true) -> Bool {
    func folded(_ text: String) -> String { ignoringCase ? text.lowercased() : text }
    let host = Array(folded(host).unicodeScalars)
    var found = false
    for pattern in patterns {
      let isNegated = pattern.hasPrefix("!")
      let body = Array(folded(isNegated ? String(pattern.dropFirst()) : pattern).unicodeScalars)
      guard matches(host[...], body[...]) else { continue }
      if isNegated { return false }
      found = true
    }
    return found
  }

  static func isPattern(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0 == "*" || $0 == "?" || $0 == "!" }
  }

  /// Greedy with one place to go back to: no pattern takes more than length times length.
  private static func matches(_ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
    var (at, here) = (text.startIndex, pattern.startIndex)
    var back: (star: Int, text: Int)?
    while at < text.endIndex {
      if here < pattern.endIndex, pattern[here] == "*" {
        back = (here, at)
        here += 1
      } else if here < pattern.endIndex, pattern[here] == "?" || pattern[here] == text[at] {
        here += 1
        at += 1
      } else if let place = back {
        back = (place.star, place.text + 1)
        here = place.star + 1
        at = place.text + 1
      } else {
        return false
      }
    }
    return pattern[here...].allSatisfy { $0 == "*" }
  }
}
