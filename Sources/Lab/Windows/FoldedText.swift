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
    utf8.withContiguousStorageIfAvailable { own in
      other.utf8.withContiguousStorageIfAvailable { other in
        var isSame = own.count == other.count
        for place in 0..<Swift.max(own.count, other.count) {
          let left = place < own.count ? own[place] : 0
          let right = place < other.count ? other[place] : 0
          if left | right >= 0x80 { return nil }
          if String.folded(left) != String.folded(right) { isSame = false }
        }
        return isSame
      } ?? nil
    } ?? nil
  }

  private static func folded(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
}
