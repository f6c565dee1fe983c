import Foundation

/// The blocks of a PEM text, with whatever stands around them passed over: other text, BOM, CRLF.
struct PEMText {
  struct Block: Equatable {
    var label: String
    /// Nil where what is inside is not base64.
    var bytes: [UInt8]?
  }

  let blocks: [Block]

  /// Nil where the bytes hold no line that begins a block.
  init?(_ bytes: [UInt8]) {
    guard let text = PEMText.text(bytes), text.utf8.count > 0 else { return nil }
    var blocks: [Block] = []
    var label: String?
    var body = ""
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.trimmingCharacters(in: .whitespaces)
      if let begun = PEMText.label(line, after: "-----BEGIN ") {
        // A block that never ended is kept, so that a cut-off key still counts as one.
        if let open = label { blocks.append(Block(label: open, bytes: nil)) }
        (label, body) = (begun, "")
      } else if let open = label, let ended = PEMText.label(line, after: "-----END ") {
        blocks.append(Block(label: open, bytes: ended == open ? PEMText.decode(body) : nil))
        label = nil
      } else if label != nil {
        body += line
      }
    }
    if let open = label { blocks.append(Block(label: open, bytes: nil)) }
    guard !blocks.isEmpty else { return nil }
    self.blocks = blocks
  }

  /// ASCII is all that matters of it; UTF-16 is what Windows editors make of a text.
  private static func text(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xFF, 0xFE]) { return String(bytes: bytes.dropFirst(2), encoding: .utf16LittleEndian) }
    if bytes.starts(with: [0xFE, 0xFF]) { return String(bytes: bytes.dropFirst(2), encoding: .utf16BigEndian) }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    return String(decoding: bytes[start...], as: UTF8.self)
  }

  private static func label(_ line: String, after opening: String) -> String? {
    guard line.hasPrefix(opening), line.hasSuffix("-----"), line.utf8.count > opening.utf8.count + 5 else { return nil }
    return String(line.dropFirst(opening.count).dropLast(5))
  }

  private static func decode(_ body: String) -> [UInt8]? {
    let packed = body.filter { !$0.isWhitespace }
    guard !packed.isEmpty, let data = Data(base64Encoded: packed) else { return nil }
    return Array(data)
  }
}
