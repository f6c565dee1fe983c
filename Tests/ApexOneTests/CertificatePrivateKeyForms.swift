import Testing

/// The forms that private keys take in DER, with bytes that are no key at all.
enum PrivateKeyForms {
  struct Form: Sendable, CustomTestStringConvertible {
    let kind: String
    let bytes: [UInt8]
    var testDescription: String { kind }
  }

  static let all: [Form] = [
    Form(kind: "PKCS#8", bytes: sequence(integer(0) + sequence(identifier([0x2A, 0x86, 0x48])) + octets(40))),
    Form(kind: "PKCS#8", bytes: sequence(integer(1) + sequence(identifier([0x2B, 0x65, 0x70])) + octets(34))),
    Form(kind: "PKCS#1", bytes: sequence((0..<9).flatMap { integer(UInt8($0 == 0 ? 0 : 17)) })),
    Form(kind: "SEC1", bytes: sequence(integer(1) + octets(32) + item(0xA0, identifier([0x2A, 0x86, 0x48])))),
    Form(
      kind: "encrypted PKCS#8", bytes: sequence(sequence(identifier(pkcs + [0x05, 0x0D]) + sequence([])) + octets(64))),
    Form(kind: "encrypted PKCS#8", bytes: sequence(sequence(identifier(pkcs + [0x0C, 0x01, 0x03])) + octets(64))),
    Form(kind: "PKCS#12", bytes: sequence(integer(3) + sequence(identifier(pkcs + [0x07, 0x01]) + octets(64)))),
    Form(
      kind: "PKCS#12",
      bytes: [0x30, 0x80] + integer(3) + [0x30, 0x80] + identifier(pkcs + [0x07, 0x01]) + octets(16) + [0, 0, 0, 0]),
  ]

  private static let pkcs: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01]

  static func sequence(_ content: [UInt8]) -> [UInt8] { item(0x30, content) }
  static func integer(_ value: UInt8) -> [UInt8] { item(0x02, [value]) }
  static func identifier(_ content: [UInt8]) -> [UInt8] { item(0x06, content) }
  static func octets(_ count: Int) -> [UInt8] { item(0x04, [UInt8](repeating: 0x5A, count: count)) }
  static func item(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    content.count < 0x80 ? [tag, UInt8(content.count)] + content : [tag, 0x81, UInt8(content.count)] + content
  }
}
