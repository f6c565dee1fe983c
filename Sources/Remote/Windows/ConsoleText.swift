/// What a Windows console program wrote, as text that can be searched.
///
/// Such output is in the endpoint's code page, which we don't know. What we look for is ASCII (numbers, `REG_*`
/// tokens, paths), and stays ASCII in every one of them: bytes that aren't UTF-8 become U+FFFD and harm nothing.
package enum ConsoleText {
  package static func decode(_ bytes: [UInt8]) -> String {
    if bytes.starts(with: [0xFF, 0xFE]) {
      let body = bytes.dropFirst(2)
      let units = stride(from: body.startIndex, to: body.endIndex - 1, by: 2).map {
        UInt16(body[$0]) | UInt16(body[$0 + 1]) << 8
      }
      return String(decoding: units, as: UTF16.self)
    }
    return String(decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
  }

  /// Its lines, without their ends. By scalars: `\r\n` is one `Character`.
  static func lines(_ bytes: [UInt8]) -> [Substring.UnicodeScalarView] {
    let text = Substring(decode(bytes)).unicodeScalars
    return text.split { $0 == "\n" || $0 == "\r" }
  }
}
