/// One element of a DER structure: just enough of the encoding to tell shapes apart without trusting any of it.
/// Works on any bytes and never traps; lengths over four bytes are refused.
struct DERItem: Equatable {
  let tag: UInt8
  /// Indices into the bytes it was read from.
  let content: Range<Int>
  /// One after the element's last byte.
  var end: Int { content.upperBound }

  static let integer: UInt8 = 0x02
  static let octetString: UInt8 = 0x04
  static let objectIdentifier: UInt8 = 0x06
  static let sequence: UInt8 = 0x30

  /// The element that begins at `start` and ends at or before `limit`; nil where there is none.
  init?(_ bytes: [UInt8], at start: Int, limit: Int) {
    guard start >= 0, limit <= bytes.count, start + 2 <= limit else { return nil }
    let first = Int(bytes[start + 1])
    var length = first
    var cursor = start + 2
    if first >= 0x80 {
      let count = first & 0x7F
      guard count > 0, count <= 4, cursor + count <= limit else { return nil }
      length = 0
      for index in cursor..<cursor + count { length = length << 8 | Int(bytes[index]) }
      cursor += count
    }
    guard length <= limit - cursor else { return nil }
    tag = bytes[start]
    content = cursor..<cursor + length
  }

  /// The elements inside this one, at most `limit`; nil where they don't fill it exactly up to there.
  func children(_ bytes: [UInt8], limit: Int = 16) -> [DERItem]? {
    var found: [DERItem] = []
    var cursor = content.lowerBound
    while cursor < content.upperBound, found.count < limit {
      guard let item = DERItem(bytes, at: cursor, limit: content.upperBound) else { return nil }
      found.append(item)
      cursor = item.end
    }
    return found
  }
}
