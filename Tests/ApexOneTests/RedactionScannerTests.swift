import Foundation
import Testing

@testable import ApexOne

/// Everything that must not leave is found, wherever it hides; what may leave passes.
@Suite struct RedactionScannerTests {
  private static let secret = "P@ss\"w0rd/<&%é"
  private let scanner = RedactionScanner(secrets: [("unload-password", secret), ("pin", "123"), ("none", "")])

  private func kinds(_ bytes: [UInt8], name: String = "file.txt") -> [RedactionScanner.Finding.Kind] {
    scanner.scan(bytes, name: name).map(\.kind)
  }

  @Test func cleanFilesPass() throws {
    let files: [(name: String, bytes: [UInt8])] = [
      ("SUMMARY.txt", Array("transfer -pwd •••• on WS-001\n".utf8)), ("empty", []),
      ("certificates/server.cer", SampleCertificates.server), ("certificates/other.cer", SampleCertificates.other),
      ("server.pem", Array(SampleCertificates.pem(SampleCertificates.server).utf8)),
      ("agents.csv", Array(String(repeating: "WS-001,10.20.0.1,0000\r\n", count: 2_000).utf8)),
    ]
    #expect(scanner.scan(files).isEmpty)
    #expect(scanner.tooShort == ["pin"])
  }

  @Test func secretsAreFoundInEveryForm() throws {
    let text = Self.secret
    let json = try JSONEncoder().encode([text])
    let forms: [[UInt8]] = [
      Array(text.utf8), Array(text.data(using: .utf16LittleEndian) ?? Data()),
      Array(text.data(using: .utf16BigEndian) ?? Data()), Array(text.data(using: .windowsCP1252) ?? Data()),
      Array(json), Array("P@ss&quot;w0rd/&lt;&amp;%é".utf8), Array("\"P@ss\"\"w0rd/<&%é\"".utf8),
      Array("P@ss^\"w0rd/^<^&^%é".utf8),
    ]
    for form in forms {
      #expect(
        kinds([1, 2, 3] + form + [4]) == [.secret("unload-password")], "\(String(decoding: form, as: UTF8.self))")
    }
  }

  @Test func findingsTellWhereAndNeverWhat() throws {
    let finding = try #require(scanner.scan(Array(("ab\n" + Self.secret).utf8), name: "log.txt").first)
    #expect(finding.offset == 3)
    #expect(finding.description == "log.txt, byte 3: the unload-password")
    var shown = "\(scanner) \(scanner.scan([], name: Self.secret + ".txt"))"
    dump(scanner, to: &shown)
    dump(scanner.scan(Array(Self.secret.utf8), name: Self.secret), to: &shown)
    #expect(!shown.contains("w0rd"))
  }

  @Test func encryptedValuesAreFound() {
    #expect(kinds(Array("Unload_Pwd=!CRYPT!10AB".utf8)) == [.encryptedValue])
    #expect(kinds(Array("x=!CRYPT!1".data(using: .utf16LittleEndian) ?? Data())) == [.encryptedValue])
  }

  @Test(arguments: PrivateKeyForms.all) func binaryKeysAreFoundAnywhere(form: PrivateKeyForms.Form) {
    let inside = [UInt8](repeating: 0x20, count: 33) + form.bytes + [9, 9, 9]
    let found = scanner.scan(inside, name: "x.bin")
    #expect(found.contains { $0.offset == 33 && $0.kind == .privateKey(form.kind) })
    let disguised = Array(SampleCertificates.pem(form.bytes).utf8)
    #expect(kinds(disguised) == [.privateKey(form.kind)])
  }

  @Test(arguments: ["PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY"]) func textKeysAreFound(label: String) {
    let text = "words\n-----BEGIN \(label)-----\n"
    #expect(kinds(Array(text.utf8)) == [.privateKey("PEM")])
    #expect(kinds(Array(text.data(using: .utf16LittleEndian) ?? Data())) == [.privateKey("PEM")])
  }

  @Test(arguments: ["a.pfx", "x/OFCNTCer.PFX", "AuthCertBackup/officescanauth.DAT", "k.p12", "c\\d.key"])
  func forbiddenNamesAreFound(name: String) { #expect(kinds([], name: name) == [.forbiddenName]) }

  @Test(arguments: ["OfcNTCer.dat", "pfx", "a.pfx.txt", "auth.dat"]) func otherNamesPass(name: String) {
    #expect(kinds([], name: name).isEmpty)
  }

  @Test func findingsAreCapped() {
    #expect(kinds(Array(String(repeating: "!CRYPT! ", count: 500).utf8)).count == 100)
  }
}
