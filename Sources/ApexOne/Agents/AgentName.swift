import Foundation

/// The host name of an agent's endpoint: letters of any script with their marks, digits, `-`, `_`, and the dots of a full
/// name. Two spellings that differ in case only are one agent, and so are a letter with its mark and both in one. Letters
/// and signs of ASCII in full width, as East Asian keyboards write them, are read as the plain ones, wherever a name is.
package struct AgentName: Sendable {
  /// As first seen, in normal form C.
  package let text: String
  /// Case-folded: what names are compared by.
  package let key: String

  /// Nil where `text` could not be a host name; `fault(in:)` says why.
  package init?(_ text: String) {
    var text = text
    if let folded = text.withUTF8({ AgentName.asciiKey($0) }) {
      self.key = folded
    } else {
      guard AgentName.fault(in: text) == nil else { return nil }
      text = AgentName.composed(AgentName.narrowed(text))
      self.key = AgentName.key(of: text)
    }
    self.text = text
  }

  /// The same from UTF-8 bytes, without making a string of bytes that can't be a name.
  package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    if let folded = AgentName.asciiKey(bytes) {
      self.init(text: String(decoding: bytes, as: UTF8.self), key: folded)
      return
    }
    guard bytes.count <= 3 * AgentName.longest, bytes.contains(where: { $0 > 127 }) else { return nil }
    self.init(String(decoding: bytes, as: UTF8.self))
  }

  private init(text: String, key: String) { (self.text, self.key) = (text, key) }

  /// The same for bytes that are a name in ASCII alone; nil for every other.
  init?(ascii bytes: UnsafeBufferPointer<UInt8>) {
    guard let folded = AgentName.asciiKey(bytes) else { return nil }
    key = folded
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// Normal form C. Everything below U+0300 is that already.
  private static func composed(_ text: String) -> String {
    text.unicodeScalars.contains { $0.value >= 0x300 } ? text.precomposedStringWithCanonicalMapping : text
  }

  /// Bytes of the longest full name that the domain name system knows.
  package static let longest = 253

  package static func isHostName(_ text: String) -> Bool { fault(in: text) == nil }

  /// Why `text` could not be a host name, as the end of a sentence (`it holds a blank`); nil where it could be one.
  package static func fault(in text: String) -> String? {
    let text = narrowed(text)
    guard !text.isEmpty else { return "it is empty" }
    guard text.utf8.count <= longest else { return "it has over \(longest) bytes" }
    var previous: Unicode.Scalar = "."
    var marks = 0
    for scalar in text.unicodeScalars {
      if isMark(scalar), previous != ".", previous != "-", marks < mostMarks {
        marks += 1
        continue
      }
      marks = 0
      if previous == "." && (scalar == "-" || scalar == ".") {
        return scalar == "-" ? "a part of it begins with a hyphen" : "a part of it is empty"
      }
      if !isAllowed(scalar) { return scalar == " " ? "it holds a blank" : "it holds \(shown(scalar))" }
      previous = scalar
    }
    if previous == "." { return "it ends with a dot" }
    return meansAddresses(text.utf8) ? "it is an address or a version, not a name" : nil
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "-", "_", ".", "0"..."9", "a"..."z", "A"..."Z": true
    case "\u{FFFD}": false
    default:
      scalar.value > 127 && !scalar.properties.isDefaultIgnorableCodePoint
        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
  }

  /// What belongs to the letter before it: tone and vowel signs, accents of decomposed text.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x300 else { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark: return !scalar.properties.isDefaultIgnorableCodePoint
    default: return false
    }
  }

  /// More on one letter is no script.
  private static let mostMarks = 8

  private static func shown(_ scalar: Unicode.Scalar) -> String {
    if scalar == "\u{FFFD}" { return "a byte that could not be decoded" }
    return scalar.value > 32 && scalar.value < 127
      ? "'\(scalar)'" : "U+\(String(scalar.value, radix: 16, uppercase: true))"
  }

  /// A full name never ends in a part that is all digits: only addresses and versions do (RFC 3696). Nor does it have
  /// nothing but numbers before a part that begins with a digit, or that is `x`: `10.20.0.2-old`, `10.20.0.1-9`,
  /// `10.20.0.x` are written by those who mean addresses.
  static func meansAddresses(_ text: some BidirectionalCollection<UInt8>) -> Bool {
    guard let dot = text.lastIndex(of: UInt8(ascii: ".")), let first = text.first else { return false }
    let last = text[text.index(after: dot)...]
    if last.allSatisfy(NetworkAddress.isDigit) { return true }
    guard NetworkAddress.isDigit(first), let next = last.first,
      NetworkAddress.isDigit(next) || last.allSatisfy({ $0 | 0x20 == UInt8(ascii: "x") })
    else { return false }
    return text[..<dot].allSatisfy { NetworkAddress.isDigit($0) || ".-xX".utf8.contains($0) }
  }

  /// The lower-case form of a name that is all ASCII and keeps to the grammar; nil for every other.
  private static func asciiKey(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard !bytes.isEmpty, bytes.count <= longest else { return nil }
    var previous = UInt8(ascii: ".")
    var hasDot = false
    for byte in bytes {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: break
      case 0x2D: if previous == 0x2E { return nil }
      case 0x2E:
        if previous == 0x2E { return nil }
        hasDot = true
      default: return nil
      }
      previous = byte
    }
    if previous == 0x2E || (hasDot && meansAddresses(bytes)) { return nil }
    return String(unsafeUninitializedCapacity: bytes.count) { buffer in
      for index in 0..<bytes.count { buffer[index] = lowered(bytes[index]) }
      return bytes.count
    }
  }

  /// An ASCII letter's lower case; every other byte as it is.
  @inline(__always)
  package static func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}

extension AgentName {
  /// What names of agents and of machines are compared by: full case folding (`STRASSE` is `straße`, `ΚΌΣΜΟΣ` is `κόσμος`)
  /// in normal form C, the dotless and the dotted i of Turkish as i, full width as plain.
  package static func key(of text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      return String(decoding: text.utf8.map { lowered($0) }, as: UTF8.self)
    }
    let composed = narrowed(text).precomposedStringWithCanonicalMapping
    var folded = String.UnicodeScalarView()
    // Lower case, upper case and lower case again is what Unicode's case folding is, but for a few letters that have no
    // upper case: those are folded by the first step.
    for scalar in composed.lowercased().uppercased().lowercased().unicodeScalars {
      if scalar == "\u{307}", folded.last == "i" { continue }
      folded.append(scalar == "ς" ? "σ" : scalar)
    }
    return String(folded).precomposedStringWithCanonicalMapping
  }

  /// Full-width forms of ASCII as ASCII.
  static func narrowed(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isFullWidth) else { return text }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      scalars.append(isFullWidth(scalar) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar)
    }
    return String(scalars)
  }

  private static func isFullWidth(_ scalar: Unicode.Scalar) -> Bool { (0xFF01...0xFF5E).contains(scalar.value) }
}

extension AgentName: Hashable, Comparable, CustomStringConvertible {
  package static func == (left: AgentName, right: AgentName) -> Bool { left.key == right.key }
  package static func < (left: AgentName, right: AgentName) -> Bool { left.key < right.key }
  package func hash(into hasher: inout Hasher) { hasher.combine(key) }
  package var description: String { text }
}
