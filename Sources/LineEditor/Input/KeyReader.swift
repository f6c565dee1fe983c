/// Turns the terminal's bytes into keys for libedit, and keeps from it what it would misunderstand: bracketed paste,
/// and the Right key where a hint stands.
///
/// It reads one byte at a time and looks ahead only behind an ESC, so that what was typed ahead stays in the terminal
/// for whoever reads next.
struct KeyReader {
  enum Key: Equatable {
    case scalar(Unicode.Scalar)
    /// The Right key, as the bytes that came.
    case right([UInt8])
    case paste([UInt8])
    /// The terminal is gone.
    case end
    case failed(Int32)
  }

  enum Byte: Equatable {
    case byte(UInt8)
    case none
    case end
    case failed(Int32)
  }

  /// Milliseconds that the rest of a key's sequence may take; longer, and ESC was a key of its own.
  static let escapeWait: Int32 = 50
  /// Milliseconds without a byte after which a paste is over even if its end never came.
  static let pasteWait: Int32 = 2_000

  private static let escape: UInt8 = 0x1b
  private static let pasteStart = Array("\u{1b}[200~".utf8)
  private static let pasteEnd = Array("\u{1b}[201~".utf8)
  private static let rights = [Array("\u{1b}[C".utf8), Array("\u{1b}OC".utf8)]

  /// Looked at, not used.
  private var unread: [UInt8] = []

  var hasUnread: Bool { !unread.isEmpty }

  /// Gives bytes back, to be read next and taken as they are: the ESC of a sequence is handed out by the caller.
  mutating func giveBack(_ bytes: some Collection<UInt8>) { unread.insert(contentsOf: bytes, at: 0) }

  /// - Parameter source: gives the next byte; waits at most that many milliseconds, for ever if negative.
  mutating func read(_ source: (_ wait: Int32) -> Byte) -> Key {
    switch next(-1, source) {
    case .byte(Self.escape): return sequence(source)
    case .byte(let first): return .scalar(scalar(first, source))
    case .failed(let error): return .failed(error)
    case .none, .end: return .end
    }
  }

  private mutating func next(_ wait: Int32, _ source: (Int32) -> Byte) -> Byte {
    unread.isEmpty ? source(wait) : .byte(unread.removeFirst())
  }

  /// An ESC was read: is it the start of something known?
  private mutating func sequence(_ source: (Int32) -> Byte) -> Key {
    var bytes = [Self.escape]
    let known = Self.rights + [Self.pasteStart]
    while known.contains(where: { $0.starts(with: bytes) }) {
      guard case .byte(let byte) = next(Self.escapeWait, source) else { break }
      bytes.append(byte)
      if bytes == Self.pasteStart { return .paste(pasted(source)) }
      if Self.rights.contains(bytes) { return .right(bytes) }
    }
    giveBack(bytes.dropFirst())
    return .scalar("\u{1b}")
  }

  private mutating func pasted(_ source: (Int32) -> Byte) -> [UInt8] {
    var bytes: [UInt8] = []
    while case .byte(let byte) = next(Self.pasteWait, source) {
      bytes.append(byte)
      if byte == UInt8(ascii: "~"), bytes.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd) {
        return Array(bytes.dropLast(Self.pasteEnd.count))
      }
    }
    return bytes
  }

  /// One character of UTF-8. What isn't UTF-8 becomes U+FFFD: to be seen, not to vanish from a host name.
  private mutating func scalar(_ first: UInt8, _ source: (Int32) -> Byte) -> Unicode.Scalar {
    if first < 0x80 { return Unicode.Scalar(first) }
    let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
    var bytes = [first]
    while bytes.count < length, case .byte(let byte) = next(Self.escapeWait, source) {
      guard byte & 0xc0 == 0x80 else {
        giveBack([byte])
        break
      }
      bytes.append(byte)
    }
    return String(validating: bytes, as: UTF8.self)?.unicodeScalars.first ?? "\u{fffd}"
  }
}
