#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that can't be a list of agents, told by their first bytes: programs, archives, pictures, pages.
enum FormCheck {
  /// Looks at the bytes as they came.
  static func checkMagic(_ bytes: [UInt8]) throws(MismatchListError) {
    for (magic, form) in magics where bytes.starts(with: magic) {
      throw .binary(line: 1, looksLike: form)
    }
  }

  private static let magics: [([UInt8], String)] = [
    ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive or an Excel workbook"),
    ([0x50, 0x4B, 0x05, 0x06], "a ZIP archive"),
    ([0x4D, 0x5A, 0x90, 0x00], "a Windows program"),
    ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"),
    ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
    ([0x47, 0x49, 0x46, 0x38], "a GIF picture"),
    ([0x25, 0x50, 0x44, 0x46], "a PDF document"),
    ([0x1F, 0x8B, 0x08], "a gzip file"),
    ([0x37, 0x7A, 0xBC, 0xAF], "a 7-Zip archive"),
    ([0xD0, 0xCF, 0x11, 0xE0], "an Excel workbook or another Office document"),
    ([0x4D, 0x53, 0x43, 0x46], "a cabinet file"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program"),
    ([0x53, 0x51, 0x4C, 0x69, 0x74, 0x65, 0x20, 0x66], "an SQLite database"),
  ]

  /// Looks at the text: zero bytes beyond what one damaged spot explains, and pages.
  static func checkText(_ text: UnsafeBufferPointer<UInt8>, from start: Int) throws(MismatchListError) {
    let body = text[start...]
    if let zero = firstZero(in: text, from: start) {
      let zeros = body.count { $0 == 0 }
      if zero < start + 512 || zeros * 1_000 > body.count {
        throw .binary(line: line(of: zero, in: text, from: start), looksLike: "binary data")
      }
    }
    guard let first = body.firstIndex(where: { $0 > 0x20 }) else { return }
    if let form = pageForm(Array(text[first..<min(first + 4_096, text.count)])) {
      throw .notAList(line: line(of: first, in: text, from: start), looksLike: form)
    }
  }

  private static func firstZero(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let base = text.baseAddress, let found = memchr(base + start, 0, text.count - start) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private static func pageForm(_ head: [UInt8]) -> String? {
    guard head.count > 1 else { return nil }
    let lowered = String(decoding: head.map(AgentName.lowered), as: UTF8.self)
    switch head[0] {
    case UInt8(ascii: "<"):
      if lowered.hasPrefix("<!doctype html") || lowered.hasPrefix("<html") { return "a web page (HTML)" }
      let isTag = head[1] == UInt8(ascii: "!") || head[1] == UInt8(ascii: "?")
      let isLetter = (0x61...0x7A).contains(head[1] | 0x20)
      return isTag || (isLetter && (lowered.contains("</") || lowered.contains("/>"))) ? "a web page or XML" : nil
    case UInt8(ascii: "{"):
      return head.dropFirst().first { $0 > 0x20 }.map { $0 == 0x22 || $0 == 0x7D } == true ? "JSON" : nil
    case UInt8(ascii: "["):
      let next = head.dropFirst().first { $0 > 0x20 }
      return next.map { [0x22, 0x5B, 0x5D, 0x7B].contains($0) } == true ? "JSON" : nil
    default: return nil
    }
  }

  private static func line(of index: Int, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var line = 1
    for position in start..<index {
      if text[position] == 0x0A || (text[position] == 0x0D && text[position + 1] != 0x0A) { line += 1 }
    }
    return line
  }
}
