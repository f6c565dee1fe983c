/// Whole numbers and texts of Windows' file forms, read where they are said to stand; nil where the bytes end before.
extension [UInt8] {
  func u16(at offset: Int) -> Int? {
    guard offset >= 0, offset <= count - 2 else { return nil }
    return Int(self[offset]) | Int(self[offset + 1]) << 8
  }

  func u32(at offset: Int) -> Int? {
    guard offset >= 0, offset <= count - 4, let low = u16(at: offset), let high = u16(at: offset + 2) else {
      return nil
    }
    return low | high << 16
  }

  /// `length` bytes from `offset` on.
  func part(at offset: Int, length: Int) -> ArraySlice<UInt8>? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    return self[offset..<offset + length]
  }
}
