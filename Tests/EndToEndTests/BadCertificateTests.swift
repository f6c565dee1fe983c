import Foundation
import Testing

@testable import Lab

/// Never the wrong certificate: what `transfer` says to one that can't be deployed, through the built program.
@Suite struct BadCertificateTests {
  private let plan = ["transfer", "all", "--no-unload-password", "--dry-run", "--format", "json"]
  private let transfer = ["transfer", "all", "--no-unload-password", "--confirm", "3", "--format", "json"]

  private func refused(
    _ server: FileServer, settings: [String] = [], code: Int32 = 65, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for line in [plan, transfer] {
      let end = try await server.apexsh(line, settings: settings)
      #expect(end.code == code && end.output.isEmpty, "\(end)", sourceLocation: sourceLocation)
      for word in words { #expect(end.errors.contains(word), "\(end.errors)", sourceLocation: sourceLocation) }
    }
    #expect(try await server.apexsh(["list", "runs"]).output.isEmpty, sourceLocation: sourceLocation)
  }

  @Test func theServersOwnHasExpired() async throws {
    let server = try FileServer()
    try await server.list()
    try server.replace(FileServer.certificate, server.certificate(from: -3_654 * 86_400))
    try await refused(server, "expired on ", "repair the server first (check server)")
    let check = try await server.apexsh(["check", "server", "--format", "tsv"])
    #expect(check.code == 1 && check.output.contains("expired"), "\(check)")
    // Never overridable.
    let forced = try await server.apexsh(plan + ["--certificate-differs", "--force"])
    #expect(forced.code == 65)
    try server.replace(FileServer.certificate, server.certificate(from: 86_400))
    try await refused(server, "valid only from ")
    // The same road with a good one, so that the refusals above can't be for something else.
    try server.replace(FileServer.certificate, server.certificate(from: -3_652 * 86_400))
    let good = try await server.apexsh(plan)
    #expect(good.code == 0 && good.lines.last?.contains(#""planned":3,"refused":0"#) == true, "\(good)")
  }

  @Test func theSettingsHasExpired() async throws {
    let server = try FileServer()
    try await server.list()
    let path = try server.file("old one.dat", server.certificate(from: -3_654 * 86_400))
    try await refused(server, settings: ["certificate=\(path)"], "expired on ")
    let forced = try await server.apexsh(plan + ["--certificate-differs"], settings: ["certificate=\(path)"])
    #expect(forced.code == 65 && forced.errors.contains("expired on "))
  }

  @Test func oneThatIsNotTheServersOwnMustBeMeant() async throws {
    let server = try FileServer()
    try await server.list()
    let path = try server.file("another one.dat", server.certificate())
    try await refused(
      server, settings: ["certificate=\(path)"], code: 77, "is not the server's own", "--certificate-differs")
    let meant = try await server.apexsh(plan + ["--certificate-differs"], settings: ["certificate=\(path)"])
    #expect(meant.code == 0, "\(meant)")
    let own = try await server.apexsh(plan)
    #expect(own.code == 0 && own.lines.last != meant.lines.last, "the digest must hold the certificate")
    // A copy of the server's own needs no leave.
    let copy = try server.file("own.dat", server.fleet.serverCertificate)
    #expect(try await server.apexsh(plan, settings: ["certificate=\(copy)"]).lines.last == own.lines.last)
  }

  @Test func whatIsNoCertificate() async throws {
    let server = try FileServer()
    try await server.list()
    let key = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"
    for (name, bytes, words) in [
      ("key.dat", Array(key.utf8), "private key"), ("words.dat", Array("certificate".utf8), "no certificate"),
      ("empty.dat", [], "empty"), ("cut.dat", Array(server.fleet.serverCertificate.dropLast(9)), "cut short"),
    ] as [(String, [UInt8], String)] {
      let path = try server.file(name, bytes)
      try await refused(server, settings: ["certificate=\(path)"], name, words)
      #expect(!(try await server.apexsh(plan, settings: ["certificate=\(path)"])).errors.contains("MIIB"))
      try server.replace(FileServer.certificate, bytes)
      try await refused(server, "OfcNTCer.dat", words)
      try server.replace(FileServer.certificate, server.fleet.serverCertificate)
    }
  }

  /// A gigabyte is not read to find out that it is none.
  @Test func aGigabyte() async throws {
    let server = try FileServer()
    try await server.list()
    let path = try server.file("huge.dat", [0x30])
    #expect(truncate(path, 1 << 30) == 0)
    try await refused(server, settings: ["certificate=\(path)"], "huge.dat: over 64 KB")
    #expect(truncate(server.root + "/" + FileServer.certificate, 1 << 30) == 0)
    try await refused(server, "OfcNTCer.dat", "over 64 Ki")
  }
}
