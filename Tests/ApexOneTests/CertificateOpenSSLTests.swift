import Foundation
import Testing

@testable import ApexOne

/// Real private keys in the forms that OpenSSL writes, made for the test and thrown away: none passes as a certificate,
/// none escapes the scanner.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "openssl is not installed"))
struct CertificateOpenSSLTests {
  @Test func noRealKeyPasses() throws {
    let folder = TemporaryFolder.newPath("keys")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func openssl(_ words: String) throws { try run(words.split(separator: " ").map(String.init), in: folder) }
    try openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa.pem")
    try openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem")
    try openssl("genpkey -algorithm ED25519 -out ed.pem")
    for key in ["rsa", "ec", "ed"] {
      try openssl("pkcs8 -topk8 -nocrypt -in \(key).pem -outform DER -out \(key)-pkcs8.der")
      try openssl("pkcs8 -topk8 -v2 aes256 -passout pass:x -in \(key).pem -outform DER -out \(key)-encrypted.der")
    }
    try openssl("rsa -traditional -in rsa.pem -outform DER -out rsa-pkcs1.der")
    try openssl("ec -in ec.pem -outform DER -out ec-sec1.der")
    try openssl("req -x509 -key rsa.pem -subj /CN=a -out cert.pem")
    try openssl("pkcs12 -export -inkey rsa.pem -in cert.pem -passout pass:x -out store.der")

    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.filter { $0.hasSuffix(".der") }.count == 9)
    for name in names where name != "cert.pem" {
      let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
      #expect {
        try AuthenticationCertificate(bytes: bytes)
      } throws: { ($0 as? CertificateError)?.isPrivateKey == true }
      let hidden = Array("some words\n".utf8) + bytes + [0]
      #expect(!RedactionScanner(secrets: []).scan(hidden, name: "x.bin").isEmpty, "\(name) was not found")
    }
    let certificate = try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/cert.pem")))
    #expect(try AuthenticationCertificate(bytes: certificate).subject == "CN=a")
  }

  private func run(_ arguments: [String], in folder: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(arguments[0]) failed")
  }
}
