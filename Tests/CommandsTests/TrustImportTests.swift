import Foundation
import Testing

@testable import Commands

/// `trust import`: what becomes of each line.
@Suite struct TrustImportTests {
  /// Imports `given` into `known`; the results and what stands in the file then.
  private func take(
    _ given: String, into known: String?, replacing: Bool = false
  ) async throws -> (results: [String], lines: [String], code: ExitCode) {
    let bench = try TrustBench(known: known)
    defer { bench.remove() }
    let file = try bench.write(given, to: "given")
    let code =
      replacing
      ? try await bench.run("trust", "import", file, "--replace") : try await bench.run("trust", "import", file)
    return (bench.column(4), bench.lines, code)
  }

  @Test func linesAreAddedKnownOrRefused() async throws {
    let bench = try TrustBench(known: "a ssh-rsa AAAA1\n")
    defer { bench.remove() }
    let file = try bench.write(
      "# keys\na ssh-rsa AAAA1 me\n\nb ssh-rsa AAAA2\nb ssh-rsa\n@odd c ssh-rsa AAAA3\n", to: "given")
    #expect(try await bench.run("trust", "import", file) == .incomplete)
    #expect(bench.column(0) == ["2", "4", "5", "6"])
    #expect(bench.column(4) == ["known", "added", "refused", "refused"])
    #expect(bench.lines == ["a ssh-rsa AAAA1", "b ssh-rsa AAAA2"])
    #expect(bench.console.notes.last?.hasSuffix("1 added, 1 known, 0 replaced, 2 refused") == true)
    #expect(bench.console.output.contains("@odd is no marker"))
    let mode = try FileManager.default.attributesOfItem(atPath: bench.file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder + "/config") == ["known_hosts"])
  }

  @Test func aCertificateAndForAreNotThereYet() async throws {
    let bench = try TrustBench()
    defer { bench.remove() }
    let file = try bench.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", to: "ca.pem")
    let pem = await #expect(throws: CommandError.self) { try await bench.run("trust", "import", file) }
    #expect(pem?.exitCode == .unusableInput && pem?.message.contains("not there yet") == true, "\(pem?.message ?? "")")
    let option = await #expect(throws: CommandError.self) {
      try await bench.run("trust", "import", file, "--for", "WS-001")
    }
    #expect(option?.message.contains("--for is not there yet") == true, "\(option?.message ?? "")")
  }

  @Test func aChangedKeyNeedsReplace() async throws {
    let known = "a ssh-rsa AAAA1\nb,a2 ssh-rsa AAAA9\n"
    let refused = try await take("A ssh-rsa AAAA2\n", into: known)
    #expect(refused.results == ["refused"] && refused.code == .incomplete)
    #expect(refused.lines == ["a ssh-rsa AAAA1", "b,a2 ssh-rsa AAAA9"])
    let replaced = try await take("a ssh-rsa AAAA2\na2 ssh-rsa AAAA3\n", into: known, replacing: true)
    #expect(replaced.results == ["replaced", "replaced"] && replaced.code == .success)
    #expect(replaced.lines == ["b ssh-rsa AAAA9", "a ssh-rsa AAAA2", "a2 ssh-rsa AAAA3"])
  }

  @Test func anotherTypeIsNoChangeBesideAKnownKey() async throws {
    let known = "a ssh-rsa AAAA1\n"
    #expect(try await take("a ssh-ed25519 AAAA2\n", into: known).results == ["refused"])
    let both = try await take("a ssh-ed25519 AAAA2\na ssh-rsa AAAA1\n", into: known)
    #expect(both.results == ["added", "known"])
    #expect(both.lines == ["a ssh-rsa AAAA1", "a ssh-ed25519 AAAA2"])
  }

  @Test func aFileMustNotContradictItself() async throws {
    let result = try await take("a ssh-rsa AAAA1\na ssh-rsa AAAA2\n", into: nil, replacing: true)
    #expect(result.results == ["added", "refused"])
    #expect(result.lines == ["a ssh-rsa AAAA1"])
  }

  @Test func patternsAndHashesSlipNothingUnderAKnownHost() async throws {
    let known = "ws-1 ssh-rsa AAAA1\n"
    #expect(try await take("ws-* ssh-rsa AAAA2\n", into: known).results == ["refused"])
    #expect(try await take("|1|ws-1 ssh-rsa AAAA2\n", into: known).results == ["refused"])
    #expect(try await take("|1|ws-1 ssh-rsa AAAA1\n", into: known).results == ["known"])
    #expect(try await take("|1|ws-2 ssh-rsa AAAA2\n", into: known).results == ["added"])
    #expect(
      try await take("ws-3 ssh-rsa AAAA3\n", into: "ws-* ssh-rsa AAAA2\n", replacing: true).results == ["refused"])
  }

  @Test func revokedStaysRevoked() async throws {
    let known = "@revoked * ssh-rsa AAAA6\n"
    let result = try await take(
      "a ssh-rsa AAAA6\n@revoked a ssh-rsa AAAA7\n@cert-authority * ssh-rsa AAAA8\n", into: known)
    #expect(result.results == ["refused", "added", "refused"])
    #expect(result.lines == ["@revoked * ssh-rsa", "@revoked a ssh-rsa"])
  }

  @Test func linesThatAreNotUnderstoodStay() async throws {
    let known = "# mine\nnot a line\n\na ssh-rsa AAAA1 comment here\n"
    let bench = try TrustBench(known: known)
    defer { bench.remove() }
    _ = try await bench.run("trust", "import", try bench.write("b ssh-rsa AAAA2\n", to: "given"))
    #expect(bench.text.hasPrefix(known))
  }

  @Test(arguments: ["", "\n# nothing\n", "hello\n", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", "\0\0\0"])
  func aFileWithoutKeysIsUnusable(text: String) async throws {
    let bench = try TrustBench()
    defer { bench.remove() }
    let file = try bench.write(text, to: "given")
    let error = await #expect(throws: CommandError.self) { _ = try await bench.run("trust", "import", file) }
    #expect(error?.exitCode == .unusableInput)
    #expect(!FileManager.default.fileExists(atPath: bench.file))
  }

  @Test(arguments: ["\r\n", "\r", "\u{A0}\r\n", "\r\n\u{FEFF}", "\n"]) func everyLineCounts(end: String) async throws {
    let lines = ["# keys", "a ssh-rsa AAAA1", "@revoked b ssh-rsa AAAA2", "c ssh-rsa AAAA3"]
    let text = "\u{FEFF}" + lines.joined(separator: end) + end
    let result = try await take(text, into: "b ssh-rsa AAAA9\r\nd ssh-rsa AAAA4\r\n")
    #expect(result.results == ["added", "added", "added"] && result.code == .success)
    #expect(
      result.lines.map { $0.replacing("\r", with: "") } == [
        "b ssh-rsa AAAA9", "d ssh-rsa AAAA4", "a ssh-rsa AAAA1", "@revoked b ssh-rsa", "c ssh-rsa AAAA3",
      ])
    #expect(try await take("a ssh-rsa AAAA2\r\n", into: "# x\r\na ssh-rsa AAAA1\r\n").results == ["refused"])
  }

  @Test func aLinkIsNotFollowed() async throws {
    let bench = try TrustBench(known: "")
    defer { bench.remove() }
    let file = try bench.write("b ssh-rsa AAAA2\n", to: "given")
    try FileManager.default.removeItem(atPath: bench.file)
    try FileManager.default.createSymbolicLink(atPath: bench.file, withDestinationPath: file)
    let error = await #expect(throws: CommandError.self) { _ = try await bench.run("trust", "import", file) }
    #expect(error?.exitCode == .ownFiles)
  }
}
