/// Text in one of the Windows code pages: which one, and its decoding.
///
/// A list doesn't say its code page. Header words decide where one reading makes more of them known; then the pattern
/// of the bytes, since letters of non-Latin scripts come in rows and Western accents alone; else it is 1252.
enum CodePage {
  static func decode(_ bytes: [UInt8]) -> DecodedText {
    let encoding = guess(bytes)
    let (text, bad) = decode(bytes, as: encoding) ?? SingleByteTable.decode(bytes, as: .windows1252)
    let actual = decode([], as: encoding) == nil ? TextEncoding.windows1252 : encoding
    return DecodedText(bytes: text, encoding: actual, isCertain: false, badBytes: bad)
  }

  /// Nil where this machine has no table for the code page.
  static func decode(_ bytes: [UInt8], as encoding: TextEncoding) -> (text: [UInt8], bad: Int)? {
    switch encoding {
    case .windows1250, .windows1251, .windows1252: SingleByteTable.decode(bytes, as: encoding)
    case .windows932, .windows936, .windows949, .windows950: DoubleByteText.decode(bytes, as: encoding)
    case .utf8, .utf16LittleEndian, .utf16BigEndian: nil
    }
  }

  private static let candidates: [TextEncoding] = [
    .windows1252, .windows1250, .windows1251, .windows932, .windows936, .windows949, .windows950,
  ]

  private static func guess(_ bytes: [UInt8]) -> TextEncoding {
    let head = Array(bytes.prefix(8_192))
    let scores = candidates.map { headerWords(head, as: $0) }
    if let best = scores.max(), best > 0, let index = scores.firstIndex(of: best) { return candidates[index] }
    return CodePageRuns(bytes.prefix(1 << 20)).encoding ?? .windows1252
  }

  /// How many cells beyond ASCII are known header words, read as `encoding`.
  private static func headerWords(_ head: [UInt8], as encoding: TextEncoding) -> Int {
    guard let (text, _) = decode(head, as: encoding) else { return 0 }
    return text.split(whereSeparator: { [0x2C, 0x3B, 0x09, 0x0A, 0x0D, 0x22].contains($0) })
      .prefix(200)
      .count { cell in
        cell.contains { $0 > 0x7F } && ColumnMeaning.read(String(decoding: cell, as: UTF8.self)) != nil
      }
  }
}

/// What the bytes beyond ASCII look like, without any table.
private struct CodePageRuns {
  /// The code page whose commonest letters nearly all of them are; nil where they look Western.
  private(set) var encoding: TextEncoding?

  init(_ bytes: ArraySlice<UInt8>) {
    let bytes = Array(bytes)
    var high = 0
    var inRuns = 0
    var cyrillic = 0
    var low = 0
    for index in bytes.indices where bytes[index] > 0x7F {
      high += 1
      if bytes[index] < 0xA0 { low += 1 }
      if bytes[index] >= 0xC0 || bytes[index] == 0xA8 || bytes[index] == 0xB8 { cyrillic += 1 }
      let before = index > 0 && bytes[index - 1] > 0x7F
      let after = index + 1 < bytes.count && bytes[index + 1] > 0x7F
      if before || after { inRuns += 1 }
    }
    guard inRuns * 10 >= high * 4 || low * 4 >= high else { return }
    // Korean lies wholly inside what Chinese uses: it takes all of the letters to tell.
    let korean = CodePageRuns.share(bytes, lead: 0xB0...0xC8, trails: [0xA1...0xFE])
    let shares: [(TextEncoding, Double)] = [
      (.windows949, korean >= 0.97 ? korean + 0.02 : 0),
      (.windows936, CodePageRuns.share(bytes, lead: 0xB0...0xD7, trails: [0xA1...0xFE])),
      (.windows950, CodePageRuns.share(bytes, lead: 0xA4...0xC6, trails: [0x40...0x7E, 0xA1...0xFE]) - 0.01),
      (.windows932, CodePageRuns.share(bytes, lead: 0x82...0x97, trails: [0x40...0x7E, 0x80...0xFC])),
    ]
    let best = shares.max { $0.1 < $1.1 }
    let isCyrillic = cyrillic * 10 >= high * 9 && CodePageRuns.hasOddRun(bytes)
    if isCyrillic {
      encoding = .windows1251
    } else if let best, best.1 >= 0.8 {
      encoding = best.0
    }
  }

  /// The part of all two-byte letters that lie in a code page's block of common ones.
  private static func share(_ bytes: [UInt8], lead: ClosedRange<UInt8>, trails: [ClosedRange<UInt8>]) -> Double {
    var pairs = 0
    var common = 0
    var index = 0
    while index + 1 < bytes.count {
      guard bytes[index] > 0x7F else {
        index += 1
        continue
      }
      pairs += 1
      if lead.contains(bytes[index]), trails.contains(where: { $0.contains(bytes[index + 1]) }) { common += 1 }
      index += 2
    }
    return pairs == 0 ? 0 : Double(common) / Double(pairs)
  }

  /// Some row of bytes beyond ASCII has an odd length: not made of pairs.
  private static func hasOddRun(_ bytes: [UInt8]) -> Bool {
    bytes.split { $0 < 0x80 }.contains { $0.count % 2 == 1 }
  }
}
