import Foundation

/// A server's or an agent's `ofcscan.ini`, read tolerantly: no form of it is documented but its keys.
///
/// Its passwords can be decrypted by public tools, so they are dropped while reading: a value that begins `!CRYPT!`, or
/// whose key sounds like a secret, is never stored, and the text itself isn't kept. Where a key stands twice the first
/// wins, as with Windows' own reader, and a note says so.
package struct OfcscanINI: Sendable {
  package enum Value: Sendable, Hashable {
    case text(String)
    /// A key alone on its line.
    case missing
    /// It was there, and was dropped.
    case secret
  }

  package struct Entry: Sendable, Hashable {
    /// Empty before the first section.
    package let section: String
    package let key: String
    package let value: Value
    /// From 1.
    package let line: Int
  }

  /// In the order of the file; of keys that stand twice in a section, only the first.
  package let entries: [Entry]
  /// What was odd, a sentence each, with its line; no value is quoted.
  package let notes: [String]

  package static let sizeLimit = 1 << 20

  package init(bytes: [UInt8]) throws(OfcscanINIError) {
    if bytes.count > OfcscanINI.sizeLimit { throw .tooLarge(bytes.count) }
    let text = OfcscanINI.decode(bytes)
    if text.utf8.contains(0) { throw .binary }
    var reader = OfcscanINIReader()
    reader.read(text)
    if reader.entries.isEmpty { throw .noKeys }
    entries = reader.entries
    notes = reader.notes
  }

  /// All entries of a key, in any section and any case, in the order of the file.
  package func entries(of key: String) -> [Entry] {
    let key = key.lowercased()
    return entries.filter { $0.key.lowercased() == key }
  }

  /// The file's keys again, with dots for secrets: fit for a support case.
  package func redacted() -> String {
    var text = ""
    var section = ""
    for entry in entries {
      if entry.section != section {
        section = entry.section
        text += "[\(OfcscanINI.printable(section))]\n"
      }
      text += OfcscanINI.printable(entry.key)
      switch entry.value {
      case .text(let value): text += "=\(OfcscanINI.printable(value))\n"
      case .missing: text += "\n"
      case .secret: text += "=••••\n"
      }
    }
    return text
  }

  private static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          $0.properties.generalCategory == .control ? "\u{FFFD}" : $0
        }))
  }

  /// UTF-16 by its mark, UTF-8 where the bytes are that, else Windows-1252; no byte is refused.
  private static func decode(_ bytes: [UInt8]) -> String {
    if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes) { UInt16($0) | UInt16($1) << 8 } }
    if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes) { UInt16($0) << 8 | UInt16($1) } }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    if let text = String(validating: bytes[start...], as: UTF8.self) { return text }
    let ansi = String(bytes: bytes[start...], encoding: .windowsCP1252)
    // The five bytes that Windows-1252 leaves open make the whole fail: then byte for character.
    return ansi ?? String(String.UnicodeScalarView(bytes[start...].map { Unicode.Scalar($0) }))
  }

  private static func utf16(_ bytes: [UInt8], _ unit: (UInt8, UInt8) -> UInt16) -> String {
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
    return String(decoding: units, as: UTF16.self)
  }
}

/// Why a file is not read as an ofcscan.ini.
package enum OfcscanINIError: Error, Sendable, Hashable, CustomStringConvertible {
  case tooLarge(Int)
  case binary
  case noKeys

  package var description: String {
    switch self {
    case .tooLarge(let size): "ofcscan.ini has \(size) bytes, more than \(OfcscanINI.sizeLimit); is this the right file"
    case .binary: "ofcscan.ini holds zero bytes, so it is no text; fetch it again"
    case .noKeys: "ofcscan.ini holds no key; fetch it again, or check the server path"
    }
  }
}
