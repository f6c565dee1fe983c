/// The byte sequences in which a text may stand in a file: encodings, and the escapes of the formats that we write.
enum RedactionForms {
  static func of(_ text: String) -> [[UInt8]] {
    let json = escaped(text, ["\"": "\\\"", "\\": "\\\\", "/": "\\/"])
    let plainJSON = escaped(text, ["\"": "\\\"", "\\": "\\\\"])
    let html = escaped(text, ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;"])
    let csv = escaped(text, ["\"": "\"\""])
    let caret = escaped(text, Dictionary(uniqueKeysWithValues: "()%!^\"<>&|".map { ($0, "^\($0)") }))
    return Array(Set([text, json, plainJSON, html, csv, caret].flatMap(encodings)))
  }

  /// UTF-8, UTF-16 in both orders, and Windows-1252 where it differs.
  static func encodings(_ text: String) -> [[UInt8]] {
    let units = Array(text.utf16)
    var forms = [
      Array(text.utf8), units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
      units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] },
    ]
    if !text.utf8.allSatisfy({ $0 < 0x80 }), units.allSatisfy({ $0 <= 0xFF }) {
      forms.append(units.map { UInt8($0 & 0xFF) })
    }
    return forms
  }

  private static func escaped(_ text: String, _ escapes: [Character: String]) -> String {
    text.map { escapes[$0] ?? String($0) }.joined()
  }
}

/// Something to look for in bytes. Never shows its bytes.
struct BytePattern: Sendable {
  private let bytes: [UInt8]
  private let kind: RedactionScanner.Finding.Kind

  init(_ bytes: [UInt8], _ kind: RedactionScanner.Finding.Kind) {
    self.bytes = bytes
    self.kind = kind
  }

  /// Calls `found` with offset and kind, in order of offset, until it says false. One pass, whatever the number of
  /// patterns: they are sorted by their first byte.
  static func search(
    _ patterns: [BytePattern], in bytes: [UInt8], found: (Int, RedactionScanner.Finding.Kind) -> Bool
  ) {
    var byFirst = [[BytePattern]](repeating: [], count: 256)
    for pattern in patterns where !pattern.bytes.isEmpty { byFirst[Int(pattern.bytes[0])].append(pattern) }
    let isFirst = byFirst.map { !$0.isEmpty }
    var covered = (end: 0, kind: RedactionScanner.Finding.Kind?.none)
    bytes.withUnsafeBufferPointer { buffer in
      for offset in buffer.indices where isFirst[Int(buffer[offset])] {
        for pattern in byFirst[Int(buffer[offset])] where buffer[offset...].starts(with: pattern.bytes) {
          // Forms of one thing overlap (the two orders of UTF-16 do); it is one finding.
          if offset < covered.end, covered.kind == pattern.kind { continue }
          if !found(offset, pattern.kind) { return }
          covered = (offset + pattern.bytes.count, pattern.kind)
        }
      }
    }
  }
}
