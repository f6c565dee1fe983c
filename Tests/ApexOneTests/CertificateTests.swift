import Foundation
import Testing

@testable import ApexOne

/// What is read from a certificate, and what is refused as one. Expected values come from OpenSSL.
@Suite struct CertificateTests {
  @Test func readsWhatOpenSSLReads() throws {
    let certificate = try AuthenticationCertificate(bytes: SampleCertificates.server)
    #expect(certificate.serial == "D7A1B2C3D4E5F601")
    #expect(certificate.subject == "CN=apexone.contoso.local,O=Contoso")
    #expect(certificate.issuer == certificate.subject)
    #expect(certificate.sha256 == "b0cf2931d3b0b5de16887905216adfeae12cc380df71c3e2b3463b72dfbfc415")
    #expect(certificate.keySHA256 == "acd79f23e3b04e5474c991fc72048b454ee557f453196a6eb25f3bb389abccc4")
    #expect(certificate.der == SampleCertificates.server)
    // Nov 23 22:19:20 2026 GMT and Nov 18 22:19:20 2046 GMT
    #expect(certificate.notBefore.timeIntervalSince1970 == 1_795_472_360)
    #expect(certificate.notAfter.timeIntervalSince1970 == 2_426_192_360)
  }

  @Test func readsOtherKeysAndShortSerials() throws {
    let other = try AuthenticationCertificate(bytes: SampleCertificates.other)
    #expect(other.serial == "07")
    #expect(other.keySHA256 == "f0c68817b57a7cd04e957a44ace7d341c2601a44fcc98646e98627182e49ab9f")
    #expect(try AuthenticationCertificate(bytes: SampleCertificates.old).serial == "1003")
  }

  @Test(arguments: ["\n", "\r\n"]) func readsPEMWithThingsAroundIt(newline: String) throws {
    let pem = SampleCertificates.pem(SampleCertificates.server, newline: newline)
    let plain = try AuthenticationCertificate(bytes: SampleCertificates.server)
    let text = "Bag Attributes\(newline)subject=CN\(newline)\(newline)" + pem + "trailing words"
    let utf16 = Array(("\u{FEFF}" + text).data(using: .utf16LittleEndian) ?? Data())
    for bytes in [Array(pem.utf8), Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(pem.utf8), utf16] {
      #expect(try AuthenticationCertificate(bytes: bytes) == plain)
    }
  }

  @Test func refusesWithTypedErrors() {
    let der = SampleCertificates.server
    let pem = SampleCertificates.pem(der)
    expectError([], .empty)
    expectError([UInt8](repeating: 0x30, count: 65_537), .tooLarge(65_537))
    expectError(der + [0, 0], .trailingBytes(2))
    expectError(Array((pem + pem).utf8), .several(2))
    expectError(der.dropLast(1), .notACertificate("it is cut short, or is not DER"))
    expectError(Array("MZ\u{0}\u{1}".utf8), .notACertificate("it begins like neither DER nor PEM"))
    expectError(
      Array(pem.dropLast(40).utf8), .notACertificate("its PEM block is cut short or is not base64"))
    expectError(
      Array(SampleCertificates.pem([1, 2, 3], label: "PKCS7").utf8),
      .notACertificate("its PEM block is PKCS7, not CERTIFICATE"))
  }

  @Test(arguments: PrivateKeyForms.all) func refusesPrivateKeys(form: PrivateKeyForms.Form) {
    let kind = form.kind
    expectError(form.bytes, .privateKey(kind))
    expectError(SampleCertificates.server + form.bytes, .privateKey(kind))
    let disguised = SampleCertificates.pem(form.bytes)
    expectError(Array(disguised.utf8), .privateKey(kind))
  }

  @Test(arguments: ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"])
  func refusesPEMKeysBesideACertificate(label: String) {
    let certificate = SampleCertificates.pem(SampleCertificates.server)
    let key = SampleCertificates.pem([1, 2, 3, 4], label: label)
    expectError(Array((certificate + key).utf8), .privateKey("PEM \(label)"))
    expectError(Array((key.dropLast(30) + "\n" + certificate).utf8), .privateKey("PEM \(label)"))
    expectError(SampleCertificates.server + Array(key.utf8), .privateKey("PEM"))
  }

  @Test func comparesByDERThenByKey() throws {
    let server = try AuthenticationCertificate(bytes: SampleCertificates.server)
    func verdict(_ bytes: [UInt8]?) -> CertificateVerdict { AgentCertificate(bytes: bytes).verdict(against: server) }
    #expect(verdict(SampleCertificates.server) == .equal)
    #expect(verdict(Array(SampleCertificates.pem(SampleCertificates.server).utf8)) == .equal)
    #expect(verdict(SampleCertificates.renewed) == .renewed)
    #expect(verdict(SampleCertificates.other) == .other)
    #expect(verdict(nil) == .absent)
    #expect(verdict([]) == .unreadable)
    #expect(CertificateVerdict.allCases.filter(\.isMatch) == [.equal])
  }

  @Test func tellsDates() throws {
    let certificate = try AuthenticationCertificate(bytes: SampleCertificates.server)
    #expect(!certificate.isExpired(at: certificate.notAfter))
    #expect(certificate.isExpired(at: certificate.notAfter + 1))
    #expect(!certificate.isNotYetValid(at: certificate.notBefore))
    #expect(certificate.isNotYetValid(at: certificate.notBefore - 1))
  }

  private func expectError(_ bytes: some Sequence<UInt8>, _ error: CertificateError) {
    #expect(throws: error) { try AuthenticationCertificate(bytes: Array(bytes)) }
  }
}
