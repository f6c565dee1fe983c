import Crypto
import Foundation
import SwiftASN1
import X509

/// The certificates of a lab: the server's, the older one that its agents still hold, and another server's. They follow
/// from the seed, byte for byte: Ed25519 signatures hold no chance (ECDSA's do).
struct LabCertificates: Sendable {
  /// DER.
  let current: [UInt8]
  let older: [UInt8]
  let foreign: [UInt8]

  init(seed: SeededRandom) throws {
    current = try LabCertificates.make(seed, 0, of: "OfficeScan Server NTSG", from: 1_704_067_200)
    older = try LabCertificates.make(
      seed, 1, of: "OfficeScan Server NTSG", from: 1_704_067_200 - 86_400 * 200)
    foreign = try LabCertificates.make(
      seed, 2, of: "OfficeScan Server NTSG (apexone-old)", from: 1_704_067_200)
  }

  /// Valid for ten years from `start`, seconds since 1970; the server's until the end of 2033.
  static func make(_ seed: SeededRandom, _ place: Int, of name: String, from start: Double)
    throws -> [UInt8]
  {
    let bytes = seed.bytes(48, .key, from: place * 100)
    let key = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes[..<32])
    let subject = try DistinguishedName {
      CommonName(name)
      OrganizationName("Contoso")
    }
    let certificate = try Certificate(
      version: .v3, serialNumber: .init(bytes: [0x4A] + bytes[33...]),
      publicKey: .init(key.publicKey),
      notValidBefore: Date(timeIntervalSince1970: start),
      notValidAfter: Date(timeIntervalSince1970: start + 86_400 * 3_653), issuer: subject,
      subject: subject,
      extensions: .init(), issuerPrivateKey: .init(key))
    var serializer = DER.Serializer()
    try certificate.serialize(into: &serializer)
    return serializer.serializedBytes
  }
}
