/// What stands in a text as hex digits or base64, decoded: every run that is long enough, whatever letter it begins at.
struct EncodedRuns: Sendable {
  /// In bytes that were joined with their letters kept; a run's offset is in those.
  static func each(_ text: [UInt8], atLeast bytes: Int, _ found: (Int, [UInt8]) -> Bool) {
    var goesOn = true
    base64(text, atLeast: (bytes * 4 + 2) / 3) { goesOn = goesOn && found($0, $1) }
    if goesOn { hex(text, atLeast: bytes * 2) { goesOn = goesOn && found($0, $1) } }
  }

  /// Six bits of a letter, 64 for what ends a run; base64url's letters too.
  private static let sixBits: [UInt8] = {
    var table = [UInt8](repeating: 64, count: 256)
    for (value, letter) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
      table[Int(letter)] = UInt8(value)
    }
    (table[0x2D], table[0x5F]) = (62, 63)
    return table
  }()

  private static func base64(_ text: [UInt8], atLeast length: Int, _ found: (Int, [UInt8]) -> Void) {
    text.withUnsafeBufferPointer { buffer in
      var start = 0
      while start < buffer.count {
        var end = start
        while end < buffer.count, sixBits[Int(buffer[end])] < 64 { end += 1 }
        // A run may be glued to what stands before it: it is decoded from each of four letters on.
        if end - start >= length {
          for first in 0..<4 where end - start - first >= length { found(start, decode(buffer[(start + first)..<end])) }
        }
        start = max(end, start + 1)
      }
    }
  }

  private static func decode(_ run: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
    var (bytes, bits, count) = ([UInt8](), UInt32(0), 0)
    bytes.reserveCapacity(run.count * 3 / 4)
    for letter in run {
      bits = bits << 6 | UInt32(sixBits[Int(letter)])
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return bytes
  }

  /// Letters of a word between two numbers of a list: `[char]`, `[byte]`, `chr(80)`.
  private static let mostLetters = 4

  /// Numbers up to 255 one after another, as the bytes that they stand for.
  static func decimal(_ text: [UInt8], atLeast count: Int, _ found: ([UInt8]) -> Bool) {
    var (run, value, digits, letters, signs) = ([UInt8](), 0, 0, 0, 0)
    func end() -> Bool {
      defer { run.removeAll(keepingCapacity: true) }
      return run.count < count || found(run)
    }
    func number() -> Bool {
      defer { (value, digits) = (0, 0) }
      if digits == 0 { return true }
      if digits > 3 || value > 255 { return end() }
      run.append(UInt8(value))
      return true
    }
    for byte in text {
      if (0x30...0x39).contains(byte) {
        (value, digits, letters, signs) = (min(value * 10 + Int(byte - 0x30), 10_000), digits + 1, 0, 0)
        continue
      }
      guard number() else { return }
      if DumpLines.isLetterOrDigit(byte) || byte >= 0x80 { letters += 1 } else { signs += 1 }
      if letters > mostLetters || signs > 2 * mostSigns, !run.isEmpty, !end() { return }
    }
    if number() { _ = end() }
  }

  /// Between two digits of a run.
  private static let mostSigns = 8

  /// Digits one after another, or with signs between, whichever: `50 40`, `0x50,0x40`, `50h 40h`, `&H50`, `<50>`.
  private static func hex(_ text: [UInt8], atLeast length: Int, _ found: (Int, [UInt8]) -> Void) {
    var (run, start) = ([UInt8](), 0)
    func end() {
      if run.count >= length {
        for first in 0..<2 {
          found(
            start,
            stride(from: first, to: run.count - 1, by: 2).map { run[$0] << 4 | run[$0 + 1] })
        }
      }
      run.removeAll(keepingCapacity: true)
    }
    var signs = 0
    for (offset, byte) in text.enumerated() {
      if let digit = RedactionViews.digit(byte) {
        if run.isEmpty { start = offset }
        run.append(UInt8(digit))
        signs = 0
        continue
      }
      switch byte {
      case 0x78, 0x58: if run.last == 0, offset > 0, text[offset - 1] == 0x30 { run.removeLast() }
      case 0x20, 0x48, 0x68: break
      case 0x21..<0x30, 0x3A...0x40, 0x5B...0x60, 0x7B..., 0x09:
        signs += 1
        if signs > mostSigns { end() }
      default: end()
      }
    }
    end()
  }
}

/// The lines of a dump (`hexdump -C`, `xxd`, `certutil -encodehex`, `Format-Hex`): an offset, bytes in hex, and often the
/// same as text. Lines count wherever they stand, so those that a table keeps in one line do too.
struct DumpLines: Sendable {
  /// What the hex columns hold, one line's after another's, and what the text columns hold.
  private(set) var bytes: [UInt8] = []
  private(set) var text: [UInt8] = []

  /// No dump has longer lines, in bytes of what it shows.
  private static let widest = 64

  init(_ file: [UInt8]) {
    file.withUnsafeBufferPointer { buffer in
      var place = 0
      while place < buffer.count {
        guard Self.isLetterOrDigit(buffer[place]) else {
          place += 1
          continue
        }
        let end = Self.hexEnd(buffer, place)
        if end - place >= 4, let next = line(buffer, after: end) {
          place = next
        } else {
          place = end
          while place < buffer.count, Self.isLetterOrDigit(buffer[place]) { place += 1 }
        }
      }
    }
  }

  /// Takes the bytes that follow an offset; nil where none do.
  private mutating func line(_ buffer: UnsafeBufferPointer<UInt8>, after offset: Int) -> Int? {
    var place = offset
    while place < buffer.count, place - offset < 8, Self.isBlank(buffer[place]) || buffer[place] == 0x3A { place += 1 }
    guard place > offset else { return nil }
    var (count, width) = (0, 0)
    while count < Self.widest {
      let end = Self.hexEnd(buffer, place)
      let digits = end - place
      if digits < 2 || digits > 16 || digits % 2 != 0 || width > 0 && digits > width { break }
      if end < buffer.count, Self.isLetterOrDigit(buffer[end]) { break }
      if width == 0 { width = digits }
      for first in stride(from: place, to: end, by: 2) {
        bytes.append(
          UInt8((RedactionViews.digit(buffer[first]) ?? 0) << 4 | (RedactionViews.digit(buffer[first + 1]) ?? 0)))
      }
      (count, place) = (count + digits / 2, end)
      var next = end
      while next < buffer.count, next - end < 4, Self.isBlank(buffer[next]) || buffer[next] == 0x2D { next += 1 }
      // A wider gap stands in the middle of a line, or before its text.
      let isMiddle = width == 2 && count == 8 && next - end <= 3
      guard next - end == 1 || isMiddle else { break }
      place = next
    }
    if count == 0 { return nil }
    return column(buffer, from: place, count)
  }

  private mutating func column(_ buffer: UnsafeBufferPointer<UInt8>, from start: Int, _ count: Int) -> Int {
    var place = start
    while place < buffer.count, place - start < 80, Self.isBlank(buffer[place]) { place += 1 }
    if place < buffer.count, buffer[place] == 0x7C || buffer[place] == 0x3E { place += 1 }
    let end = min(place + count, buffer.count)
    let shown = buffer[place..<end].prefix { $0 != 0x0A && $0 != 0x0D }
    text += shown
    // Only hex is passed over: what looked like text may be the next line.
    return start
  }

  private static func hexEnd(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var end = start
    while end < buffer.count, end - start <= 16, RedactionViews.digit(buffer[end]) != nil { end += 1 }
    return end
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
  static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
