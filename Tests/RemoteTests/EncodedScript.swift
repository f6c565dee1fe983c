import Foundation
import Testing

/// The script in a line for PowerShell, decoded as PowerShell does, and the literals in it.
struct EncodedScript {
  let text: String

  init(line: String) throws {
    let word = try #require(line.split(separator: " ").first { $0.hasSuffix(";") }).dropLast()
    let bytes = try #require(Data(base64Encoded: String(word)))
    let units = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
    text = String(decoding: units, as: UTF16.self)
  }

  /// The value of `$s.NAME='…'` by PowerShell's rules: any of its single quotes ends it unless doubled.
  func literal(_ name: String) throws -> String {
    // By scalars: a combining mark may follow the quote.
    let (all, start) = (Array(text.unicodeScalars), Array("$s.\(name)='".unicodeScalars))
    let place = try #require(all.indices.first { all[$0...].starts(with: start) })
    var scalars = all[(place + start.count)...]
    var literal = String.UnicodeScalarView()
    while let scalar = scalars.popFirst() {
      if scalar == "'" || (0x2018...0x201B).contains(scalar.value) {
        guard let next = scalars.first, next == "'" || (0x2018...0x201B).contains(next.value) else { break }
        scalars.removeFirst()
      }
      literal.append(scalar)
    }
    return String(literal)
  }
}
