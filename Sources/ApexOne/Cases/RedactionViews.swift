/// Bytes as a reader of them would read them: escapes undone, broken lines joined, hex and base64 decoded. A secret that
/// was written down in such a form, or several of them, is plain in one of these views.
enum RedactionViews {
  enum Letters {
    /// As they are; for hex and base64.
    case kept
    /// For comparing: ASCII letters in lower case, and whatever stands for characters beyond ASCII one byte, 255: each
    /// encoding and code page has others.
    case folded
  }

  // MARK: - Joined

  /// Without what splits a text and isn't a part of it: line ends with the blanks around them, ` | ` (how a line end is
  /// kept in a line), zeros, quotes and the marks of escapes. A plus is a blank, as in forms.
  static func joined(_ bytes: [UInt8], _ letters: Letters) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    join(bytes, letters) { byte, _ in
      text.append(byte)
      return true
    }
    return text
  }

  /// Where in `bytes` that byte of the joined ones comes from.
  static func source(of place: Int, in bytes: [UInt8], _ letters: Letters) -> Int {
    var (count, source) = (0, 0)
    join(bytes, letters) { _, offset in
      source = offset
      count += 1
      return count <= place
    }
    return source
  }

  private static func join(_ bytes: [UInt8], _ letters: Letters, _ emit: (UInt8, Int) -> Bool) {
    bytes.withUnsafeBufferPointer { buffer in
      var (offset, lastWasWide) = (0, false)
      while offset < buffer.count {
        let byte = buffer[offset]
        switch byte {
        case 0, 0x22, 0x27, 0x5C, 0x5E, 0x60: offset += 1
        case 0x0A...0x0D, 0x20, 0x09, 0x7C, 0x3D:
          if let end = gap(buffer, from: offset) {
            offset = end
            continue
          }
          guard emit(byte, offset) else { return }
          (offset, lastWasWide) = (offset + 1, false)
        case 0x80... where letters == .folded:
          if !lastWasWide, !emit(0xFF, offset) { return }
          (offset, lastWasWide) = (offset + 1, true)
        case 0x2B where letters == .folded:
          guard emit(0x20, offset) else { return }
          (offset, lastWasWide) = (offset + 1, false)
        default:
          guard emit(letters == .folded ? ASCIIFold.folded(byte) : byte, offset) else { return }
          (offset, lastWasWide) = (offset + 1, false)
        }
      }
    }
  }

  /// The end of a gap that begins here: blanks, line ends, and a bar or an equals sign where a line was broken; nil for
  /// blanks within a line.
  private static func gap(_ buffer: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var (end, breaks) = (start, false)
    // Blanks that go on and on are no broken line; each of them would be looked at from each.
    loop: while end < buffer.count, breaks || end - start < 64 {
      switch buffer[end] {
      case 0x0A...0x0D: breaks = true
      case 0x20, 0x09, 0: break
      case 0x7C:
        let isKeptBreak = end > start && end + 1 < buffer.count && buffer[end - 1] == 0x20 && buffer[end + 1] == 0x20
        if !isKeptBreak { break loop }
        breaks = true
      // A soft line end of quoted-printable.
      case 0x3D where end == start && end + 1 < buffer.count && (buffer[end + 1] == 0x0D || buffer[end + 1] == 0x0A):
        break
      default: break loop
      }
      end += 1
    }
    return breaks ? end : nil
  }

  // MARK: - Lists

  /// Without the commas between pieces of a text: `'P@','ssw'`, `P,@,s,s`. Those between cells of a table stay.
  static func unlisted(_ bytes: [UInt8]) -> [UInt8] {
    func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 }
    func byte(_ place: Int) -> UInt8 { bytes.indices.contains(place) ? bytes[place] : 0x2C }
    func isAlone(_ place: Int) -> Bool { byte(place) != 0x2C && [0x2C, 0x20, 0x0A, 0x0D].contains(byte(place + 1)) }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    for (place, comma) in bytes.enumerated() {
      guard comma == 0x2C else {
        text.append(comma)
        continue
      }
      var (before, after) = (place - 1, place + 1)
      while byte(before) == 0x20, place - before < 8 { before -= 1 }
      while byte(after) == 0x20, after - place < 8 { after += 1 }
      let isBetweenQuotes = isQuote(byte(before)) && isQuote(byte(after))
      // A sign before it that is a piece of its own, and one behind it.
      let isBetweenSigns =
        isAlone(after) && [0x2C, 0x20, 0x0A, 0x0D].contains(byte(before - 1)) && byte(before) != 0x2C
      if !isBetweenQuotes, !isBetweenSigns { text.append(comma) }
    }
    return text
  }

  // MARK: - Decoded

  /// With one level of escapes undone: `%40`, `%u0040`, `&#64;`, `&#x40;`, `&amp;`, `\u0040`, `\u{40}`, `\x40`, `\100`,
  /// `\n`.
  static func decoded(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    bytes.withUnsafeBufferPointer { buffer in
      var offset = 0
      while offset < buffer.count {
        let byte = buffer[offset]
        let escape: (value: UInt32, length: Int)? =
          switch byte {
          case 0x25: percent(buffer, offset)
          case 0x26: entity(buffer, offset)
          case 0x5C: backslash(buffer, offset)
          default: nil
          }
        guard let escape else {
          text.append(byte)
          offset += 1
          continue
        }
        append(escape.value, to: &text, isByte: escape.length <= 4 && byte != 0x26)
        offset += escape.length
      }
    }
    return text
  }

  /// The same of quoted-printable, `=40`.
  static func unquoted(_ bytes: [UInt8]) -> [UInt8] {
    var (text, offset) = ([UInt8](), 0)
    text.reserveCapacity(bytes.count)
    bytes.withUnsafeBufferPointer { buffer in
      while offset < buffer.count {
        if buffer[offset] == 0x3D, let value = hex(buffer, offset + 1, 2) {
          text.append(UInt8(value))
          offset += 3
        } else {
          text.append(buffer[offset])
          offset += 1
        }
      }
    }
    return text
  }

  private static func append(_ value: UInt32, to text: inout [UInt8], isByte: Bool) {
    if value < 0x80 || isByte && value <= 0xFF { return text.append(UInt8(value)) }
    text += Array(String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
  }

  private static func percent(_ buffer: UnsafeBufferPointer<UInt8>, _ offset: Int) -> (UInt32, Int)? {
    if let value = hex(buffer, offset + 1, 2) { return (value, 3) }
    guard offset + 1 < buffer.count, buffer[offset + 1] | 0x20 == 0x75, let value = hex(buffer, offset + 2, 4) else {
      return nil
    }
    return (value, 6)
  }

  private static func backslash(_ buffer: UnsafeBufferPointer<UInt8>, _ offset: Int) -> (UInt32, Int)? {
    guard offset + 1 < buffer.count else { return nil }
    switch buffer[offset + 1] {
    case 0x75, 0x55, 0x78, 0x58: return lettered(buffer, offset)
    case 0x30...0x33: return octal(buffer, offset + 1).map { ($0, 4) }
    case 0x6E, 0x72: return (0x0A, 2)
    case 0x5C: return (0x5C, 2)
    default: return nil
    }
  }

  /// `\u0040`, `\U00000040`, `\x40`, and any of them in braces.
  private static func lettered(_ buffer: UnsafeBufferPointer<UInt8>, _ offset: Int) -> (UInt32, Int)? {
    if offset + 2 < buffer.count, buffer[offset + 2] == 0x7B {
      var (end, value) = (offset + 3, UInt32(0))
      while end < buffer.count, end - offset < 11, let digit = digit(buffer[end]) {
        value = value << 4 | digit
        end += 1
      }
      return end > offset + 3 && end < buffer.count && buffer[end] == 0x7D ? (value, end + 1 - offset) : nil
    }
    if buffer[offset + 1] | 0x20 == 0x78 { return hex(buffer, offset + 2, 2).map { ($0, 4) } }
    if buffer[offset + 1] == 0x55, let value = hex(buffer, offset + 2, 8), value <= 0x10FFFF { return (value, 10) }
    return hex(buffer, offset + 2, 4).map { ($0, 6) }
  }

  private static func octal(_ buffer: UnsafeBufferPointer<UInt8>, _ first: Int) -> UInt32? {
    guard first + 3 <= buffer.count, buffer[first..<first + 3].allSatisfy({ (0x30...0x37).contains($0) }) else {
      return nil
    }
    return buffer[first..<first + 3].reduce(0) { $0 << 3 | UInt32($1 - 0x30) }
  }

  private static let entities: [(name: [UInt8], value: UInt32)] = [
    ("amp", 0x26), ("lt", 0x3C), ("gt", 0x3E), ("quot", 0x22), ("apos", 0x27), ("nbsp", 0x20), ("num", 0x23),
    ("percnt", 0x25), ("excl", 0x21), ("dollar", 0x24), ("commat", 0x40), ("plus", 0x2B), ("equals", 0x3D),
    ("semi", 0x3B), ("colon", 0x3A), ("sol", 0x2F), ("bsol", 0x5C), ("quest", 0x3F), ("lpar", 0x28), ("rpar", 0x29),
    ("ast", 0x2A), ("comma", 0x2C), ("period", 0x2E), ("lowbar", 0x5F), ("Hat", 0x5E), ("vert", 0x7C),
  ].map { (Array($0.0.utf8), $0.1) }

  /// A numbered or named entity; a name that is not known here stands for a character beyond ASCII.
  private static func entity(_ buffer: UnsafeBufferPointer<UInt8>, _ offset: Int) -> (UInt32, Int)? {
    var end = offset + 1
    guard end < buffer.count else { return nil }
    if buffer[end] == 0x23 { return numbered(buffer, offset) }
    while end < buffer.count, end - offset <= 10, buffer[end] | 0x20 >= 0x61, buffer[end] | 0x20 <= 0x7A { end += 1 }
    guard end < buffer.count, buffer[end] == 0x3B, end - offset >= 3 else { return nil }
    let name = buffer[(offset + 1)..<end]
    let known = entities.first { $0.name.elementsEqual(name) }?.value
    return (known ?? 0xFFFD, end - offset + 1)
  }

  private static func numbered(_ buffer: UnsafeBufferPointer<UInt8>, _ offset: Int) -> (UInt32, Int)? {
    var (end, value, radix) = (offset + 2, UInt32(0), UInt32(10))
    if end < buffer.count, buffer[end] | 0x20 == 0x78 { (end, radix) = (end + 1, 16) }
    let start = end
    while end < buffer.count, buffer[end] == 0x30 { end += 1 }
    let first = end
    while end < buffer.count, end - first < 7, let digit = digit(buffer[end]), digit < radix {
      value = value * radix + digit
      end += 1
    }
    guard end > start else { return nil }
    if end < buffer.count, buffer[end] == 0x3B { end += 1 }
    return (value, end - offset)
  }

  private static func hex(_ buffer: UnsafeBufferPointer<UInt8>, _ offset: Int, _ count: Int) -> UInt32? {
    guard offset + count <= buffer.count else { return nil }
    var value: UInt32 = 0
    for place in offset..<offset + count {
      guard let digit = digit(buffer[place]) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46: UInt32(byte - 0x37)
    case 0x61...0x66: UInt32(byte - 0x57)
    default: nil
    }
  }
}
