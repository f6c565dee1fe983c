import InputText

/// How the bytes of a list stand for text.
package enum TextEncoding: String, Sendable, Hashable, CaseIterable {
  case utf8 = "UTF-8"
  case utf16LittleEndian = "UTF-16LE"
  case utf16BigEndian = "UTF-16BE"
  case windows1252 = "windows-1252"
  case windows1250 = "windows-1250"
  case windows1251 = "windows-1251"
  case windows932 = "windows-932"
  case windows936 = "windows-936"
  case windows949 = "windows-949"
  case windows950 = "windows-950"
}

/// The text of a list as UTF-8, and how it was found out.
struct DecodedText {
  /// UTF-8 without a byte order mark. A byte that meant nothing is U+FFFD.
  var bytes: [UInt8]
  /// Where the text begins in `bytes`: after the byte order mark that was left there to spare a copy.
  var start = 0
  var encoding: TextEncoding
  /// There was a byte order mark, or nothing but ASCII: nothing had to be guessed.
  var isCertain: Bool
  /// How many bytes or pairs meant nothing.
  var badBytes = 0
}

extension DecodedText {
  /// Bytes of a text that has to be converted: both forms are in memory then, and the new one may have three bytes for
  /// one.
  static let mostConverted = 96 << 20

  /// Finds the encoding and decodes: what can't be decoded is counted and marked. Throws for a text that is too large.
  init(decoding bytes: [UInt8]) throws(MismatchListError) {
    if bytes.count > DecodedText.mostConverted, !DecodedText.isPlain(bytes) {
      throw .tooLarge(bytes: bytes.count, most: DecodedText.mostConverted)
    }
    if let joint = UTF16Text.joint(in: bytes) {
      throw .mixedEncodings(offset: joint.offset, isWideFirst: joint.isWideFirst)
    }
    if let unicode = UTF16Text(bytes) {
      self.init(
        bytes: unicode.text, encoding: unicode.isBigEndian ? .utf16BigEndian : .utf16LittleEndian,
        isCertain: unicode.hasMark, badBytes: unicode.badUnits)
    } else {
      self = DecodedText.decodeBytes(bytes)
    }
  }

  private static func isPlain(_ bytes: [UInt8]) -> Bool {
    UTF16Text.order(of: bytes) == nil && bytes.withUnsafeBufferPointer { UTF8Survey($0, from: 0).bad == 0 }
  }

  private static func decodeBytes(_ bytes: [UInt8]) -> DecodedText {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let start = hasMark ? 3 : 0
    let found = bytes.withUnsafeBufferPointer { UTF8Survey($0, from: start) }
    if found.bad == 0 {
      return DecodedText(
        bytes: bytes, start: start, encoding: .utf8, isCertain: hasMark || found.good == 0)
    }
    // Text of a code page holds whole UTF-8 sequences by rare accident only.
    if hasMark || found.good > found.bad {
      let text = Array(String(decoding: bytes[start...], as: UTF8.self).utf8)
      return DecodedText(bytes: text, encoding: .utf8, isCertain: hasMark, badBytes: found.bad)
    }
    return CodePage.decode(bytes)
  }
}

/// How many sequences beyond ASCII are valid UTF-8, and how many are not.
struct UTF8Survey {
  private(set) var good = 0
  private(set) var bad = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
    var index = start
    while index < bytes.count {
      if index + 8 <= bytes.count {
        let word = UnsafeRawPointer(bytes.baseAddress! + index).loadUnaligned(as: UInt64.self)
        if word & 0x8080_8080_8080_8080 == 0 {
          index += 8
          continue
        }
      }
      if bytes[index] < 0x80 {
        index += 1
        continue
      }
      let length = UTF8Survey.sequence(bytes, at: index)
      if length > 0 { good += 1 } else { bad += 1 }
      index += max(length, 1)
    }
  }

  /// Bytes of the valid sequence that begins at `index`; 0 where none does.
  private static func sequence(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let lead = bytes[index]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, lead <= 0xF4, index + length <= bytes.count else { return 0 }
    for offset in 1..<length where bytes[index + offset] & 0xC0 != 0x80 { return 0 }
    let second = bytes[index + 1]
    switch lead {
    case 0xE0: return second >= 0xA0 ? 3 : 0
    case 0xED: return second <= 0x9F ? 3 : 0
    case 0xF0: return second >= 0x90 ? 4 : 0
    case 0xF4: return second <= 0x8F ? 4 : 0
    default: return length
    }
  }
}
