/// UTF-16 text, with a byte order mark or without, as UTF-8.
package struct UTF16Text: Sendable {
  /// UTF-8 without the mark at its beginning. A unit that meant nothing is U+FFFD.
  package private(set) var text: [UInt8] = []
  /// Lone surrogates, and half a unit at the end.
  package private(set) var badUnits = 0
  /// The order at the beginning.
  package let isBigEndian: Bool
  /// A mark said it.
  package let hasMark: Bool

  /// Nil where the bytes can't be told to be UTF-16.
  package init?(_ bytes: [UInt8]) {
    guard let order = UTF16Text.order(of: bytes) else { return nil }
    (isBigEndian, hasMark) = order
    decode(bytes, from: hasMark ? 2 : 0)
  }

  /// What the bytes say of themselves; nil where they can't be told to be UTF-16.
  package static func order(of bytes: [UInt8]) -> (isBigEndian: Bool, hasMark: Bool)? {
    if bytes.starts(with: [0xFF, 0xFE]) { return (false, true) }
    if bytes.starts(with: [0xFE, 0xFF]) { return (true, true) }
    return guess(bytes).map { ($0, false) }
  }

  /// The byte order of text that has no mark but can only be UTF-16: zero bytes on one side of its units only, and
  /// many of them. Nil otherwise.
  private static func guess(_ bytes: [UInt8]) -> Bool? {
    let sample = min(bytes.count, 8_192) & ~1
    guard sample >= 4 else { return nil }
    var zeros = (even: 0, odd: 0)
    for index in stride(from: 0, to: sample, by: 2) {
      if bytes[index] == 0 { zeros.even += 1 }
      if bytes[index + 1] == 0 { zeros.odd += 1 }
    }
    let most = max(zeros.even, zeros.odd)
    guard min(zeros.even, zeros.odd) == 0, most > 0, most * 10 >= sample else { return nil }
    return zeros.even > 0
  }

  private mutating func decode(_ bytes: [UInt8], from start: Int) {
    text.reserveCapacity((bytes.count - start) / 2 + (bytes.count - start) / 16)
    var high = isBigEndian ? 0 : 1
    var index = start
    while index + 1 < bytes.count {
      let unit = UInt32(bytes[index + high]) << 8 | UInt32(bytes[index + 1 - high])
      index += 2
      if unit < 0x80 {
        text.append(UInt8(unit))
        continue
      }
      // A mark the wrong way round: a file of the other order was put behind.
      if unit == 0xFFFE {
        high = 1 - high
        text.append(scalar: 0xFEFF)
        continue
      }
      var scalar = unit
      if unit & 0xF800 == 0xD800 {
        scalar = 0xFFFD
        if unit < 0xDC00, index + 1 < bytes.count {
          let next = UInt32(bytes[index + high]) << 8 | UInt32(bytes[index + 1 - high])
          if next & 0xFC00 == 0xDC00 {
            scalar = 0x10000 + (unit & 0x3FF) << 10 + next & 0x3FF
            index += 2
          }
        }
        if scalar == 0xFFFD { badUnits += 1 }
      }
      text.append(scalar: scalar)
    }
    if index < bytes.count {
      badUnits += 1
      text.append(scalar: 0xFFFD)
    }
  }
}

extension [UInt8] {
  /// Appends one scalar as UTF-8. `scalar` must not be a surrogate.
  package mutating func append(scalar: UInt32) {
    if scalar < 0x80 {
      append(UInt8(scalar))
    } else if scalar < 0x800 {
      append(UInt8(0xC0 | scalar >> 6))
      append(UInt8(0x80 | scalar & 0x3F))
    } else if scalar < 0x10000 {
      append(UInt8(0xE0 | scalar >> 12))
      append(UInt8(0x80 | scalar >> 6 & 0x3F))
      append(UInt8(0x80 | scalar & 0x3F))
    } else {
      append(UInt8(0xF0 | scalar >> 18))
      append(UInt8(0x80 | scalar >> 12 & 0x3F))
      append(UInt8(0x80 | scalar >> 6 & 0x3F))
      append(UInt8(0x80 | scalar & 0x3F))
    }
  }
}
