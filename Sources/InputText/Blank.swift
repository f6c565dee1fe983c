/// What takes no room on a screen, or only room: it is no part of a name or a value that it stands around.
package enum Blank {
  /// White space of any script, the no-break ones too.
  package static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x80
      ? scalar.value == 0x20 || (scalar.value >= 0x09 && scalar.value <= 0x0D) : scalar.properties.isWhitespace
  }

  /// White space; marks and joiners that nobody sees, as editors, web pages and Windows' own dialogs leave them at the
  /// ends of what is copied; the ^Z at the end of an old file. Overrides of the direction and controls are not among
  /// them: whoever writes those means something by it.
  package static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x80: isSpace(scalar) || scalar.value == 0x1A
    case 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202C, 0x2060, 0x2066...0x2069, 0xFEFF: true
    default: scalar.properties.isWhitespace
    }
  }

  /// UTF-8 without blanks at its ends.
  package static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var low = 0
    var high = bytes.count
    while low < high {
      let length = blankLength(bytes, at: low, before: high)
      if length == 0 { break }
      low += length
    }
    while low < high {
      var start = high - 1
      while start > low, high - start < 3, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      guard blankLength(bytes, at: start, before: high) == high - start else { break }
      high = start
    }
    return UnsafeBufferPointer(rebasing: bytes[low..<high])
  }

  /// The same with white space of ASCII only.
  package static func withoutSpaces(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var low = 0
    var high = bytes.count
    while low < high, bytes[low] == 0x20 || (bytes[low] >= 0x09 && bytes[low] <= 0x0D) { low += 1 }
    while high > low, bytes[high - 1] == 0x20 || (bytes[high - 1] >= 0x09 && bytes[high - 1] <= 0x0D) { high -= 1 }
    return UnsafeBufferPointer(rebasing: bytes[low..<high])
  }

  package static func trimmed(_ text: some StringProtocol) -> Substring {
    let scalars = Substring(text).unicodeScalars
    guard let first = scalars.firstIndex(where: { !isBlank($0) }),
      let last = scalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return Substring(scalars[first...last])
  }

  /// Bytes of the blank that begins at `index`; 0 where none does.
  @inline(__always)
  private static func blankLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, before end: Int) -> Int {
    let lead = bytes[index]
    if lead < 0x80 { return lead == 0x20 || (lead >= 0x09 && lead <= 0x0D) || lead == 0x1A ? 1 : 0 }
    return longBlank(bytes, at: index, before: end)
  }

  /// No blank beyond ASCII has more than three bytes.
  private static func longBlank(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, before end: Int) -> Int {
    let lead = UInt32(bytes[index])
    let length = lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, lead < 0xF0, index + length <= end else { return 0 }
    var value = lead & (length == 3 ? 0x0F : 0x1F)
    for offset in 1..<length {
      guard bytes[index + offset] & 0xC0 == 0x80 else { return 0 }
      value = value << 6 | UInt32(bytes[index + offset] & 0x3F)
    }
    guard let scalar = Unicode.Scalar(value), isBlank(scalar) else { return 0 }
    return length
  }
}
