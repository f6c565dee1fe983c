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
      var start = text.starts(with: utf8Mark) ? 3 : 0
      for end in start...text.count {
        guard end == text.count || text[end] == 0x0A || text[end] == 0x0D else { continue }
        if end > start, !body(UnsafeBufferPointer(rebasing: text[start..<end])) { return }
        start = end + 1
      }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Four blanks stand from `position` on.
  func hasGap(at position: Int) -> Bool {
    position + 4 <= count && self[position] == 0x20 && self[position + 1] == 0x20 && self[position + 2] == 0x20
      && self[position + 3] == 0x20
  }
}
