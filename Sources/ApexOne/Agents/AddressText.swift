import InputText

/// A text as addresses are looked for in it.
enum AddressText {
  static let blank = UInt8(ascii: " ")
  /// Stands for any letter beyond ASCII.
  private static let letter: UInt8 = 0x80

  /// The text in ASCII: digits of any script and signs in any width as the plain ones. `joined` lacks what nobody sees,
  /// `parted` has blanks for it.
  static func plain(_ text: String) -> (joined: [UInt8], parted: [UInt8]) {
    var (joined, parted): ([UInt8], [UInt8]) = ([], [])
    for scalar in AgentName.narrowed(text).unicodeScalars {
      if scalar.value >= 0x80, !scalar.properties.isWhitespace,
        scalar.properties.isDefaultIgnorableCodePoint || Blank.isBlank(scalar)
      {
        parted.append(blank)
        continue
      }
      for byte in plain(scalar) {
        joined.append(byte)
        parted.append(byte)
      }
    }
    return (joined, parted)
  }

  private static func plain(_ scalar: Unicode.Scalar) -> [UInt8] {
    if scalar.value < 0x80 { return [UInt8(scalar.value)] }
    switch scalar.value {
    case 0x3002, 0xFF61, 0xFE52, 0x2024: return [UInt8(ascii: ".")]
    case 0x2025, 0x2026: return [UInt8(ascii: "."), UInt8(ascii: ".")]
    case 0xFE55, 0xFE13, 0xA789, 0x2236: return [UInt8(ascii: ":")]
    case 0x301C, 0x223C, 0x02DC, 0x2053: return [UInt8(ascii: "~")]
    case 0x2212, 0x00AD: return [UInt8(ascii: "-")]
    default: break
    }
    let properties = scalar.properties
    if properties.numericType == .decimal, let value = properties.numericValue, (0...9).contains(value) {
      return [0x30 + UInt8(value)]
    }
    if properties.isWhitespace { return [blank] }
    if properties.isDash { return [UInt8(ascii: "-")] }
    return [properties.isAlphabetic || properties.numericType != nil ? letter : UInt8(ascii: ";")]
  }

  static func isNumeral(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 { return NetworkAddress.isDigit(UInt8(scalar.value)) }
    return scalar.properties.numericType == .decimal || scalar.properties.numericType == .digit
  }
}
