extension UTF16Text {
  /// Where a text of one byte a unit and one of two were put together: read as either, the other is garbage.
  package struct Joint: Sendable, Hashable, CustomStringConvertible {
    /// The byte where the second begins.
    package let offset: Int
    /// The first is UTF-16.
    package let isWideFirst: Bool

    package init(offset: Int, isWideFirst: Bool) {
      self.offset = offset
      self.isWideFirst = isWideFirst
    }

    /// Lower case, without a full stop.
    package var description: String {
      "byte \(offset): files of two encodings were put together (\(isWideFirst ? "UTF-16, and UTF-8 or a code page" : "UTF-8 or a code page, and UTF-16") from here on); "
        + "save each as UTF-8 before they are joined"
    }
  }

  /// Nil where all of a text may be of one kind.
  package static func joint(in bytes: [UInt8]) -> Joint? {
    if order(of: bytes)?.hasMark == true {
      return narrowPart(bytes, from: 2).map { Joint(offset: $0, isWideFirst: true) }
    }
    guard let zero = bytes.firstIndex(of: 0) else { return nil }
    if zero < 4, beginsWide(bytes) {
      return narrowPart(bytes, from: 0).map { Joint(offset: $0, isWideFirst: true) }
    }
    return widePart(bytes, zero).map { Joint(offset: $0, isWideFirst: false) }
  }

  /// Zeros stand on one side of the first units.
  private static func beginsWide(_ bytes: [UInt8]) -> Bool {
    let head = min(bytes.count, 16)
    let even = stride(from: 0, to: head, by: 2).count { bytes[$0] == 0 }
    let odd = stride(from: 1, to: head, by: 2).count { bytes[$0] == 0 }
    return min(even, odd) == 0 && max(even, odd) >= 3
  }

  /// Shorter runs of bytes that could be ASCII stand in scripts of two bytes a letter.
  private static let longestDoubt = 16

  /// A run of ASCII with line ends and without a zero byte, which UTF-16 does not have.
  private static func narrowPart(_ bytes: [UInt8], from start: Int) -> Int? {
    var (place, end) = (start, start)
    while place < bytes.count {
      guard isText(bytes[place]) else {
        place += 1
        continue
      }
      end = place
      while end < bytes.count, isText(bytes[end]) { end += 1 }
      let next = max(end, place + 1)
      // At its ends one byte may be half of a unit of two.
      if place > 0, bytes[place - 1] == 0, place % 2 == 1 { place += 1 }
      if end < bytes.count, bytes[end] == 0, end % 2 == 1 { end -= 1 }
      guard place < end else {
        place = next
        continue
      }
      let lineEnds = bytes[place..<end].count { $0 == 0x0A || $0 == 0x0D }
      let length = end - place
      let isMarked = place >= 3 && bytes[place - 3..<place].elementsEqual(FileText.mark)
      let isLong = length >= longestDoubt || (end == bytes.count && length >= 4)
      // A letter whose one byte is that of a line end has one in every pair.
      if isMarked || (isLong && lineEnds > 0 && lineEnds * 4 <= length) {
        return isMarked ? place - 3 : place
      }
      place = next
    }
    return nil
  }

  /// Where UTF-16 begins in a text whose first zero byte is at `zero`.
  private static func widePart(_ bytes: [UInt8], _ zero: Int) -> Int? {
    let near = max(0, zero - 64)
    let mark = (near..<zero).last { place in
      place + 1 < bytes.count
        && (bytes[place] == 0xFF && bytes[place + 1] == 0xFE || bytes[place] == 0xFE && bytes[place + 1] == 0xFF)
    }
    let units = stride(from: zero, to: min(bytes.count, zero + 32), by: 2)
    let isWide = units.count { bytes[$0] == 0 } >= min(4, units.underestimatedCount)
    let isNarrowToo = units.allSatisfy { $0 + 1 >= bytes.count || bytes[$0 + 1] == 0 }
    guard zero > 3, isWide, !isNarrowToo || mark != nil else { return mark }
    return mark ?? zero - 1
  }

  private static func isText(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }
}
