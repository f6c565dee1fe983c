/// Names as Windows compares them, letter case ignored, without making a text for each comparison.
extension String {
  func isSame(as other: String) -> Bool {
    if self == other { return true }
    // Other letters than ASCII's may change their length with their case.
    guard let isSame = sameASCII(other) else { return lowercased() == other.lowercased() }
    return isSame
  }

  /// Nil where a letter beyond ASCII is in the way.
  private func sameASCII(_ other: String) -> Bool? {
    var (own, others) = (utf8.makeIterator(), other.utf8.makeIterator())
    var isSame = true
    while true {
      let (left, right) = (own.next(), others.next())
      if (left ?? 0) | (right ?? 0) >= 0x80 { return nil }
      guard let left, let right else { return isSame && left == nil && right == nil }
      if String.folded(left) != String.folded(right) { isSame = false }
    }
  }

  private static func folded(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
}
