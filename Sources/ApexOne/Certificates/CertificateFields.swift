import Foundation
import SwiftASN1
import X509

/// What is read from an X.509 certificate (RFC 5280), and no more: its key is not looked into, since old servers have
/// keys and signatures that today's libraries refuse, and agents judge them anyway.
struct CertificateFields {
  let subject: String
  let issuer: String
  /// As encoded, without leading zeros; one byte at least.
  let serial: [UInt8]
  /// DER of the SubjectPublicKeyInfo.
  let key: [UInt8]
  let notBefore: Date
  let notAfter: Date

  init(der: [UInt8]) throws {
    self = try DER.sequence(try DER.parse(der), identifier: .sequence) { parts in
      let body = try CertificateFields.next(&parts)
      _ = try CertificateFields.next(&parts, .sequence)
      _ = try ASN1BitString(derEncoded: &parts)
      return try DER.sequence(body, identifier: .sequence) { try CertificateFields(body: &$0) }
    }
  }

  private init(body parts: inout ASN1NodeCollection.Iterator) throws {
    let version = try DER.optionalExplicitlyTagged(&parts, tagNumber: 0, tagClass: .contextSpecific) {
      try Int(derEncoded: $0)
    }
    guard (0...2).contains(version ?? 0) else { throw Broken() }
    let number = try CertificateFields.next(&parts, .integer)
    guard case .primitive(let bytes) = number.content, (1...64).contains(bytes.count) else { throw Broken() }
    serial = Array(bytes.dropLast().drop { $0 == 0 }) + [bytes[bytes.endIndex - 1]]
    _ = try CertificateFields.next(&parts, .sequence)
    issuer = try DistinguishedName(derEncoded: CertificateFields.next(&parts, .sequence)).description
    (notBefore, notAfter) = try DER.sequence(CertificateFields.next(&parts), identifier: .sequence) { dates in
      (
        try CertificateFields.date(CertificateFields.next(&dates)),
        try CertificateFields.date(CertificateFields.next(&dates))
      )
    }
    subject = try DistinguishedName(derEncoded: CertificateFields.next(&parts, .sequence)).description
    let info = try CertificateFields.next(&parts, .sequence)
    try DER.sequence(info, identifier: .sequence) { inner in
      _ = try CertificateFields.next(&inner, .sequence)
      _ = try ASN1BitString(derEncoded: &inner)
    }
    key = Array(info.encodedBytes)
    // Unique identifiers and extensions: nothing here depends on them.
    while parts.next() != nil {}
  }

  private struct Broken: Error {}

  private static func next(
    _ parts: inout ASN1NodeCollection.Iterator, _ identifier: ASN1Identifier? = nil
  ) throws -> ASN1Node {
    guard let node = parts.next(), identifier == nil || node.identifier == identifier else { throw Broken() }
    return node
  }

  private static func date(_ node: ASN1Node) throws -> Date {
    if node.identifier == .utcTime {
      let time = try UTCTime(derEncoded: node)
      return date(time.year, time.month, time.day, time.hours * 3_600 + time.minutes * 60 + time.seconds)
    }
    let time = try GeneralizedTime(derEncoded: node)
    return date(time.year, time.month, time.day, time.hours * 3_600 + time.minutes * 60 + time.seconds)
  }

  /// Days of the Gregorian calendar counted from a March 1st, so that a leap day ends its year.
  private static func date(_ year: Int, _ month: Int, _ day: Int, _ seconds: Int) -> Date {
    let shifted = month > 2 ? year : year - 1
    let monthFromMarch = (month + 9) % 12
    let days =
      365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
    return Date(timeIntervalSince1970: Double(days * 86_400 + seconds))
  }
}
