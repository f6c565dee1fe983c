/// Views of a text in which what only splits it, or all but its letters and digits, is gone.
extension RedactionViews {
  // MARK: - Spliced

  /// Without what a reader doesn't see (characters of no width, soft hyphens, tags such as `<br>`), without the ends of
  /// string pieces that are put together (`" + "`), and without line ends, so that escapes may have stood on two lines.
  /// Blanks of other kinds are blanks. `isOther`: more than line ends went.
  static func spliced(_ bytes: [UInt8]) -> (bytes: [UInt8], isOther: Bool) {
    var (text, isOther) = ([UInt8](), false)
    text.reserveCapacity(bytes.count)
    bytes.withUnsafeBufferPointer { buffer in
      var offset = 0
      while offset < buffer.count {
        switch buffer[offset] {
        case 0x0A, 0x0D: offset += 1
        case 0x22, 0x27:
          let seam = seam(buffer, offset)
          if seam.isOne { isOther = true } else { text += buffer[offset..<seam.end] }
          offset = seam.end
        case 0x3C:
          let length = tag(buffer, offset)
          if length > 0 { isOther = true } else { text.append(0x3C) }
          offset += max(1, length)
        case 0xC2...:
          guard let (length, blank) = unseen(buffer, offset) else { fallthrough }
          if blank { text.append(0x20) }
          (offset, isOther) = (offset + length, true)
        default:
          text.append(buffer[offset])
          offset += 1
        }
      }
    }
    return (text, isOther)
  }

  /// From a quote to the last one that stands with it, only signs of putting together between. `isOne`: there are such.
  private static func seam(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int) -> (end: Int, isOne: Bool) {
    var (end, last, isOne, hasSign) = (start + 1, start, false, false)
    loop: while end < buffer.count {
      switch buffer[end] {
      case 0x22, 0x27: (last, isOne) = (end, isOne || hasSign)
      case 0x0A, 0x0D, 0x2B, 0x26, 0x2E, 0x5C, 0x5F: hasSign = true
      case 0x20, 0x09: break
      default: break loop
      }
      end += 1
    }
    return (last + 1, isOne)
  }

  /// The length of a tag without attributes, such as `<br/>`; 0 where none is.
  private static func tag(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var end = start + 1
    if end < buffer.count, buffer[end] == 0x2F { end += 1 }
    let name = end
    while end < buffer.count, end - name < 10, buffer[end] | 0x20 >= 0x61, buffer[end] | 0x20 <= 0x7A { end += 1 }
    guard end > name else { return 0 }
    while end < buffer.count, end - name < 12, buffer[end] == 0x20 || buffer[end] == 0x2F { end += 1 }
    return end < buffer.count && buffer[end] == 0x3E ? end + 1 - start : 0
  }

  /// A character of UTF-8 that isn't seen, or (`blank`) is a blank of another kind.
  private static func unseen(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int) -> (length: Int, blank: Bool)? {
    guard start + 1 < buffer.count else { return nil }
    let third = start + 2 < buffer.count ? buffer[start + 2] : 0
    switch (buffer[start], buffer[start + 1], third) {
    case (0xC2, 0xA0, _): return (2, true)
    case (0xC2, 0xAD, _), (0xC2, 0x85, _), (0xCD, 0x8F, _), (0xD8, 0x9C, _): return (2, false)
    case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80): return (3, true)
    case (0xE2, 0x80, 0x8B...0x8F), (0xE2, 0x80, 0xA8...0xAE), (0xE2, 0x81, 0xA0...0xAF), (0xE1, 0xA0, 0x8B...0x8F),
      (0xEF, 0xBB, 0xBF), (0xEF, 0xB8, 0x80...0x8F):
      return (3, false)
    default: return nil
    }
  }

  // MARK: - Letters and digits

  /// More signs than this between two letters, and they are not of one word.
  private static let mostSigns = 64

  /// ASCII letters, lower case, and digits only. What parts fields (comma, semicolon, tab), and too many signs, stay as a
  /// comma, so that nothing is found over them.
  static func skeleton(_ bytes: [UInt8]) -> [UInt8] {
    var (text, signs, isParted) = ([UInt8](), 0, false)
    text.reserveCapacity(bytes.count)
    for byte in bytes {
      guard DumpLines.isLetterOrDigit(byte) else {
        signs += 1
        if byte == 0x2C || byte == 0x3B || byte == 0x09 || signs > mostSigns { isParted = true }
        continue
      }
      if isParted { text.append(0x2C) }
      (signs, isParted) = (0, false)
      text.append(ASCIIFold.folded(byte))
    }
    return text
  }
}
