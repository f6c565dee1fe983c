/// Bytes as hex digits.
enum Hex {
  static func lower(_ bytes: some Sequence<UInt8>) -> String { text(bytes, Array("0123456789abcdef".utf8)) }
  static func upper(_ bytes: some Sequence<UInt8>) -> String { text(bytes, Array("0123456789ABCDEF".utf8)) }

  private static func text(_ bytes: some Sequence<UInt8>, _ digits: [UInt8]) -> String {
    var packed: [UInt8] = []
    for byte in bytes {
      packed.append(digits[Int(byte >> 4)])
      packed.append(digits[Int(byte & 15)])
    }
    return String(decoding: packed, as: UTF8.self)
  }
}
