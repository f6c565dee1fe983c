/// Recognises private keys by their form, wherever they may hide: what must be neither deployed nor handed on.
/// Sources of the forms: RFC 5208/5958 (PKCS#8), RFC 8017 (PKCS#1), RFC 5915 (SEC1), RFC 7292 (PKCS#12).
enum PrivateKeyShape {
  /// The kind of private key whose DER begins at `start`; nil where none does.
  static func kind(_ bytes: [UInt8], at start: Int) -> String? {
    guard start >= 0, start < bytes.count, bytes[start] == DERItem.sequence else { return nil }
    if isIndefinitePKCS12(bytes, at: start) { return "PKCS#12" }
    // The first part's tag tells most bytes apart before anything is gathered: texts are full of `0`, which is 0x30.
    guard let whole = DERItem(bytes, at: start, limit: bytes.count), whole.content.count >= 16,
      [DERItem.integer, DERItem.sequence].contains(bytes[whole.content.lowerBound]),
      let parts = whole.children(bytes, limit: 10), parts.count >= 2
    else { return nil }
    if parts[0].tag == DERItem.sequence { return encryptedKind(bytes, parts) }
    guard parts[0].tag == DERItem.integer, parts[0].content.count == 1 else { return nil }
    let version = bytes[parts[0].content.lowerBound]
    if version <= 1, isPKCS8(bytes, parts) { return "PKCS#8" }
    if version <= 1, parts.count >= 9, parts[1...8].allSatisfy({ $0.tag == DERItem.integer }) { return "PKCS#1" }
    if version == 1, isSEC1(parts) { return "SEC1" }
    if version == 3, parts[1].tag == DERItem.sequence, startsWithPKCS7(bytes, parts[1].content.lowerBound) {
      return "PKCS#12"
    }
    return nil
  }

  private static func isPKCS8(_ bytes: [UInt8], _ parts: [DERItem]) -> Bool {
    guard parts.count >= 3, parts[1].tag == DERItem.sequence, parts[2].tag == DERItem.octetString else { return false }
    return parts[1].children(bytes)?.first?.tag == DERItem.objectIdentifier
  }

  /// An EC private key: the number, then parameters or the public key, tagged; 24 bytes at least, so that a short
  /// look-alike inside other structures isn't taken for one.
  private static func isSEC1(_ parts: [DERItem]) -> Bool {
    parts[1].tag == DERItem.octetString && (24...66).contains(parts[1].content.count)
      && parts.dropFirst(2).allSatisfy { $0.tag == 0xA0 || $0.tag == 0xA1 }
  }

  /// `EncryptedPrivateKeyInfo`: an algorithm of PKCS#5 or PKCS#12 and the encrypted bytes. A digest with its algorithm
  /// has the same form; the algorithm tells them apart.
  private static func encryptedKind(_ bytes: [UInt8], _ parts: [DERItem]) -> String? {
    guard parts.count == 2, parts[1].tag == DERItem.octetString,
      let algorithm = parts[0].children(bytes)?.first, algorithm.tag == DERItem.objectIdentifier
    else { return nil }
    let identifier = bytes[algorithm.content]
    return identifier.starts(with: pkcs5) || identifier.starts(with: pkcs12PBE) ? "encrypted PKCS#8" : nil
  }

  private static func startsWithPKCS7(_ bytes: [UInt8], _ start: Int) -> Bool {
    start + 2 + pkcs7.count <= bytes.count && bytes[start] == DERItem.objectIdentifier
      && bytes[(start + 2)...].starts(with: pkcs7)
  }

  /// A .pfx in BER with lengths left open, as some programs write them.
  private static func isIndefinitePKCS12(_ bytes: [UInt8], at start: Int) -> Bool {
    guard bytes[start...].starts(with: [0x30, 0x80, 0x02, 0x01, 0x03, 0x30]), start + 7 < bytes.count else {
      return false
    }
    // The inner sequence's own length has one byte and up to four more.
    let lengthBytes = bytes[start + 6] > 0x80 ? 1 + Int(bytes[start + 6] & 0x7F) : 1
    return lengthBytes <= 5 && startsWithPKCS7(bytes, start + 6 + lengthBytes)
  }

  /// 1.2.840.113549.1.5, .1.7, .1.12.1: PKCS#5, PKCS#7, and the password-based encryptions of PKCS#12.
  private static let pkcs5: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05]
  private static let pkcs7: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07]
  private static let pkcs12PBE: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x01]
}
