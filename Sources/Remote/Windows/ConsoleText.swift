import Foundation

/// What a Windows console program wrote.
///
/// Such output is in the endpoint's code page, which we don't know. What we look for is ASCII (numbers, `REG_*`
/// tokens, paths), and stays ASCII in every one of them: so it is searched as bytes. Only what is kept becomes text;
/// bytes that aren't UTF-8 become U+FFFD there and harm nothing.
package enum ConsoleText {
  package static func decode(_ bytes: [UInt8]) -> String {
    let bytes = utf8(bytes)
    return String(decoding: bytes.starts(with: utf8Mark) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
  }

  private static let utf8Mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// UTF-16 with a mark becomes UTF-8; everything else stays as it is.
  private static func utf8(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > 1, bytes[0] == 0xFF, bytes[1] == 0xFE else { return bytes }
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// Hands on each line that isn't empty, without its end, until `body` returns false. No line is copied.
  static func lines(_ bytes: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Bool) {
    utf8(bytes).withUnsafeBufferPointer { text in
      var rest = text
      if text.first == utf8Mark[0], text.starts(with: utf8Mark) { rest = text.from(3) }
      while rest.count > 0 {
        // A line ends at either; mostly both stand there, and the second ends an empty one.
        var line = rest.upTo(rest.place(of: 0x0A))
        line = line.upTo(line.place(of: 0x0D))
        if line.count > 0, !body(line) { return }
        rest = rest.from(line.count + 1)
      }
    }
  }
}

extension String.UTF8View {
  /// `allSatisfy`, without asking for each byte where it lies.
  @inline(__always)
  func allBytes(_ isFine: (UInt8) -> Bool) -> Bool {
    withContiguousStorageIfAvailable { $0.allSatisfy(isFine) } ?? allSatisfy(isFine)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Where the byte is first, by the C library, which looks at many at once; nil where it isn't.
  func place(of byte: UInt8) -> Int? {
    guard let baseAddress, let found = memchr(baseAddress, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(baseAddress)
  }

  func upTo(_ end: Int?) -> Self { Self(start: baseAddress, count: end ?? count) }

  func from(_ start: Int) -> Self {
    start >= count ? Self(start: nil, count: 0) : Self(rebasing: self[start...])
  }

  /// Four blanks stand from `position` on.
  func hasGap(at position: Int) -> Bool {
    position + 4 <= count && self[position] == 0x20 && self[position + 1] == 0x20 && self[position + 2] == 0x20
      && self[position + 3] == 0x20
  }
}
