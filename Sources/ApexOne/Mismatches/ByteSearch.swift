/// Finds the first of a few bytes in text, eight at a time: a list is read byte by byte nowhere else.
struct ByteSearch {
  private let first: UInt64
  private let second: UInt64
  private let third: UInt64

  init(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
    self.first = ByteSearch.ones &* UInt64(first)
    self.second = ByteSearch.ones &* UInt64(second)
    self.third = ByteSearch.ones &* UInt64(third)
  }

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  /// Where the first of them stands at or behind `start`; `text.count` where none does.
  @inline(__always)
  func next(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = text.baseAddress.map({ UnsafeRawPointer($0) }) else { return text.count }
    var index = start
    while index &+ 8 <= text.count {
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let hits = ByteSearch.zeros(word ^ first) | ByteSearch.zeros(word ^ second) | ByteSearch.zeros(word ^ third)
      if hits != 0 { return index &+ hits.trailingZeroBitCount >> 3 }
      index &+= 8
    }
    while index < text.count {
      let byte = UInt64(text[index])
      if byte == first & 0xFF || byte == second & 0xFF || byte == third & 0xFF { break }
      index &+= 1
    }
    return index
  }

  /// The high bit of each zero byte. Those above the lowest may be wrong: a borrow runs through them.
  @inline(__always)
  private static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }
}
