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

  /// However a program writes it down.
  @Test(arguments: [
    "P@SSW0RD-UNLOAD", "p@ssw0rd-unload", "P%40ssw0rd%2Dunload", "P%2540ssw0rd-unload", "P%u0040ssw0rd-unload",
    "P&#64;ssw0rd&#x2d;unload", "P&commat;ssw0rd-unload", "P\\u0040ssw0rd-unload", "P\\x40ssw0rd-unload",
    "P@ss\r\nw0rd-unload", "P@ss\n    w0rd-unload", "P@ss | w0rd-unload", "P@ss=\r\nw0rd-unload", "P=40ssw0rd-unload",
    "P@ss\"\"w0rd-unload", "P@ss^w0rd-unload", "P@ss`w0rd-unload", "P@ss''w0rd-unload", "P@ss\\w0rd-unload",
    "50407373773072642d756e6c6f6164", "50 40 73 73 77 30 72 64 2D 75 6E 6C 6F 61 64",
    "0x50,0x40,0x73,0x73,0x77,0x30,0x72,0x64,0x2d,0x75,0x6e,0x6c,0x6f,0x61,0x64",
    "UEBzc3cwcmQtdW5sb2Fk", "VUBzczpQQHNzdzByZC11bmxvYWQ=", "VUBz\r\nczpQQHNz\r\ndzByZC11bmxvYWQ=",
    "eyJwIjoiUFx1MDA0MHNzdzByZC11bmxvYWQifQ",
  ])
  func noFormOfItPasses(form: String) {
    let scanner = RedactionScanner(secrets: [("unload-password", "P@ssw0rd-unload")])
    for text in [form, "-pwd=\(form);", "password: \"\(form)\" and more", "key\n\(form)\nend"] {
      #expect(scanner.scan(Array(text.utf8), name: "a.txt").map(\.kind) == [.secret("unload-password")], "\(text)")
      let wide = Array(text.data(using: .utf16LittleEndian) ?? Data())
      #expect(scanner.scan(wide, name: "a.txt").map(\.kind) == [.secret("unload-password")], "UTF-16: \(text)")
    }
  }

  @Test(arguments: [
    "GEHÄUSE-SCHLÜSSEL", "geha\u{308}use-schlu\u{308}ssel", "geh&auml;use-schl&#252;ssel", "geh%C3%A4use-schl%FCssel",
  ])
  func lettersBeyondASCIIHideNothing(form: String) throws {
    let scanner = RedactionScanner(secrets: [("password", "Gehäuse-Schlüssel")])
    #expect(scanner.scan(Array(form.utf8), name: "a.txt").map(\.kind) == [.secret("password")])
    // Code page 850 has them elsewhere than Windows-1252.
    let page = Array("geh".utf8) + [0x84] + Array("use-schl".utf8) + [0x81] + Array("ssel".utf8)
    #expect(scanner.scan(page, name: "a.txt").map(\.kind) == [.secret("password")])
  }

  @Test func ordinaryFilesAreNotTakenForSecrets() throws {
    let scanner = RedactionScanner(secrets: [("password", "P@ssw0rd"), ("unload-password", "trend1")])
    var text = ""
    for number in 0..<3_000 {
      text +=
        "WS-\(number),10.20.\(number % 250).7,Sales\\North,14.0.12737,\(UInt64(number) &* 0x9E37_79B9_7F4A_7C15)\r\n"
    }
    #expect(scanner.scan(Array(text.utf8), name: "a.csv").isEmpty)
    #expect(scanner.scan(Array(String(repeating: " ", count: 200_000).utf8), name: "a.txt").isEmpty)
    for number in 0..<200 {
      text += "\(Hex.lower((0..<32).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ number) }))  file\n"
    }
    #expect(scanner.scan(Array(text.utf8), name: "INDEX.txt").isEmpty)
  }

  @Test(arguments: PrivateKeyForms.all) func keysAreFoundAsText(form: PrivateKeyForms.Form) {
    let data = Data(form.bytes)
    let lines = data.base64EncodedString(options: [.lineLength64Characters, .endLineWithCarriageReturn])
    let url = data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    for text in [
      data.base64EncodedString(), lines, url, Hex.lower(form.bytes), Hex.upper(form.bytes),
      form.bytes.map { Hex.lower([$0]) }.joined(separator: ":"), "key=\"\(lines)\"",
    ] {
      #expect(kinds(Array("value: \(text)\r\n".utf8)).contains(.privateKey(form.kind)), "\(text)")
    }
  }

  @Test(arguments: [
    "!crypt!52AB", "!Crypt!52AB", "%21CRYPT%2152AB", "&#33;crypt!52AB", "!cry\r\npt!52AB", "IUNSWVBUITUyQUI=",
  ])
  func encryptedValuesAreFoundInAnyForm(text: String) {
    #expect(kinds(Array("Unload_Pwd=\(text)".utf8)) == [.encryptedValue])
  }

  @Test(arguments: [
    ("-----begin private key-----", "PEM"), ("b3BlbnNzaC1rZXktdjEAAAAABG5vbmU=", "OpenSSH"),
    ("<RSAKeyValue><D>x</D><InverseQ>y</InverseQ>", "XML"),
  ])
  func otherFormsOfKeysAreFound(text: String, kind: String) {
    #expect(kinds(Array(text.utf8)).contains(.privateKey(kind)))
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
