import Foundation

/// The byte sequences in which a text may stand in a file: encodings, and the escapes of the formats that we write.
enum RedactionForms {
  /// In folded bytes (`ASCIIFold`): as it is written, and all upper or lower case where letters beyond ASCII differ.
  static func of(_ text: String) -> [[UInt8]] {
    let cases = Set([text, text.uppercased(), text.lowercased()])
    return Array(Set(cases.flatMap(escapes).flatMap(encodings).map(ASCIIFold.folded)))
  }

  private static func escapes(_ text: String) -> [String] {
    let json = escaped(text, ["\"": "\\\"", "\\": "\\\\", "/": "\\/"])
    let plainJSON = escaped(text, ["\"": "\\\"", "\\": "\\\\"])
    let html = escaped(text, ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;"])
    let csv = escaped(text, ["\"": "\"\""])
    let caret = escaped(text, Dictionary(uniqueKeysWithValues: "()%!^\"<>&|".map { ($0, "^\($0)") }))
    return [text, json, plainJSON, html, csv, caret]
  }

  /// What views of a file (`RedactionViews`) show of it: its letters and digits, and what escapes in it would become.
  /// None where too little is left to be told from ordinary words.
  static func plain(_ text: String) -> [[UInt8]] {
    var forms: Set<[UInt8]> = []
    // A letter with an accent may be written as two characters.
    for text in [text, text.decomposedStringWithCanonicalMapping, text.precomposedStringWithCanonicalMapping] {
      var bytes = Array(text.utf8)
      for _ in 0..<RedactionScanner.levels {
        forms.insert(RedactionViews.joined(bytes, .folded))
        bytes = RedactionViews.decoded(bytes)
      }
    }
    return forms.filter { form in form.count { $0 < 0x80 } >= RedactionScanner.shortestSecret }
  }

  /// Of fewer letters and digits there may be as many in ordinary words.
  private static let shortestSkeleton = 6
  /// Dates, addresses and numbers have fewer.
  private static let shortestNumber = 12

  /// Its letters and digits alone; none where they are too few.
  static func skeletons(_ text: String) -> [[UInt8]] {
    let forms = [text, text.decomposedStringWithCanonicalMapping, text.precomposedStringWithCanonicalMapping]
    return Set(forms.map { RedactionViews.skeleton(Array($0.utf8)).filter { $0 != 0x2C } }).filter { form in
      let isNumber = form.allSatisfy { (0x30...0x39).contains($0) }
      return form.count >= (isNumber ? shortestNumber : shortestSkeleton)
    }
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

/// Letters of ASCII in lower case; everything else as it is.
enum ASCIIFold {
  static func folded(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
  static func folded(_ bytes: [UInt8]) -> [UInt8] { bytes.map(folded) }
}

/// Things to look for in folded bytes, sorted by their first byte once. Never shows its bytes.
struct BytePatterns: Sendable {
  typealias Kind = RedactionScanner.Finding.Kind

  private let byFirst: [[(bytes: [UInt8], kind: Kind)]]
  private let isFirst: [Bool]
  /// Of the shortest pattern, in bytes; nil where there is none.
  let shortest: Int?

  init(_ patterns: [(bytes: [UInt8], kind: Kind)]) {
    var byFirst = [[(bytes: [UInt8], kind: Kind)]](repeating: [], count: 256)
    for pattern in patterns where !pattern.bytes.isEmpty { byFirst[Int(pattern.bytes[0])].append(pattern) }
    self.byFirst = byFirst
    isFirst = byFirst.map { !$0.isEmpty }
    shortest = patterns.map(\.bytes.count).filter { $0 > 0 }.min()
  }

  /// Calls `found` with offset and kind, in order of offset, until it says false. One pass, whatever the number of
  /// patterns.
  func search(_ folded: [UInt8], found: (Int, Kind) -> Bool) {
    guard shortest != nil else { return }
    var covered = (end: 0, kind: Kind?.none)
    folded.withUnsafeBufferPointer { buffer in
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
