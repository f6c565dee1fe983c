import InputText

/// The upper halves of the single-byte Windows code pages. Kept here so that a machine without conversion tables reads
/// the commonest lists all the same. U+FFFD stands where a page has no letter.
enum SingleByteTable {
  static func decode(_ bytes: [UInt8], as encoding: TextEncoding) -> (text: [UInt8], bad: Int) {
    let upper = upperHalf(of: encoding)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 8)
    var bad = 0
    for byte in bytes {
      guard byte > 0x7F else {
        text.append(byte)
        continue
      }
      let scalar = upper[Int(byte) - 0x80]
      if scalar == 0xFFFD { bad += 1 }
      text.append(scalar: scalar)
    }
    return (text, bad)
  }

  private static func upperHalf(of encoding: TextEncoding) -> [UInt32] {
    switch encoding {
    case .windows1250: upper1250
    case .windows1251: upper1251
    default: upper1252
    }
  }

  private static let upper1250 =
    ("€\u{FFFD}‚\u{FFFD}„…†‡\u{FFFD}‰Š‹ŚŤŽŹ\u{FFFD}‘’“”•–—\u{FFFD}™š›śťžź"
    + "\u{A0}ˇ˘Ł¤Ą¦§¨©Ş«¬\u{AD}®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż"
    + "ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß"
    + "ŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙").unicodeScalars.map(\.value)

  private static let upper1251 =
    ("ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{FFFD}™љ›њќћџ"
    + "\u{A0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{AD}®Ї°±Ііґµ¶·ё№є»јЅѕї"
    + "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
    + "абвгдежзийклмнопрстуфхцчшщъыьэюя").unicodeScalars.map(\.value)

  private static let upper1252 =
    ("€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ"
    + "\u{A0}¡¢£¤¥¦§¨©ª«¬\u{AD}®¯°±²³´µ¶·¸¹º»¼½¾¿"
    + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß"
    + "àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ").unicodeScalars.map(\.value)
}
