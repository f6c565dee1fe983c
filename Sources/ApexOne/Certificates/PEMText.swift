import Foundation
import InputText

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
    let text = FileText.repaired(bytes)
    var blocks: [Block] = []
    var label: String?
    var body = ""
    for line in Lines.of(text).map({ String(Blank.trimmed($0)) }) {
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
