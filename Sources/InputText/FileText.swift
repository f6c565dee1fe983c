/// The text in a file that a person gave, without its byte order mark: UTF-8, or UTF-16 as Windows' editors write it, by
/// its mark or by its zero bytes.
package enum FileText {
  /// Throws where the bytes are no text in these encodings.
  package static func decode(_ bytes: [UInt8]) throws(FileTextFault) -> String {
    if let joint = UTF16Text.joint(in: bytes) { throw FileTextFault(line: 1, reason: joint.description) }
    if let unicode = UTF16Text(bytes) {
      guard unicode.badUnits == 0 else { throw FileTextFault(line: 1, reason: "damaged UTF-16 text; save it as UTF-8") }
      return String(decoding: unicode.text, as: UTF8.self)
    }
    let body = bytes[(bytes.starts(with: mark) ? mark.count : 0)...]
    guard let text = String(validating: body, as: UTF8.self) else {
      throw FileTextFault(line: badLine(body), reason: "not UTF-8 text; save the file as UTF-8")
    }
    guard let zero = body.firstIndex(of: 0) else { return text }
    throw FileTextFault(line: line(of: zero, in: body), reason: "a zero byte, so this is no text")
  }

  /// The same for files in which a byte that means nothing is nobody's fault: it becomes U+FFFD.
  package static func repaired(_ bytes: [UInt8]) -> String {
    if let unicode = UTF16Text(bytes) { return String(decoding: unicode.text, as: UTF8.self) }
    return String(decoding: bytes[(bytes.starts(with: mark) ? mark.count : 0)...], as: UTF8.self)
  }

  /// The byte order mark of UTF-8.
  package static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The line of the first byte that isn't UTF-8: each line is text or not by itself.
  private static func badLine(_ bytes: ArraySlice<UInt8>) -> Int {
    var number = 0
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
      number += 1
      if String(validating: line, as: UTF8.self) == nil { return number }
    }
    return max(number, 1)
  }

  private static func line(of index: Int, in bytes: ArraySlice<UInt8>) -> Int { bytes[..<index].count { $0 == 10 } + 1 }
}

/// Why a file holds no text, and where.
package struct FileTextFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// From 1.
  package let line: Int
  /// Lower case, without a full stop.
  package let reason: String
  package var description: String { reason }
}
