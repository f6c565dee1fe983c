import Foundation
import Remote
import Testing

@testable import Transports

@Suite("A key exchange without an algorithm in common") struct NegotiationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var settings: [String]
    var option: String
    var theirs: String
    var ours: String
    var testDescription: String { settings.joined(separator: ", ") }
  }

  private static let cases = [
    Case(
      settings: ["KexAlgorithms sntrup761x25519-sha512@openssh.com"], option: "KexAlgorithms",
      theirs: "takes sntrup761x25519-sha512@openssh.com;", ours: "curve25519-sha256"),
    Case(settings: ["Ciphers 3des-cbc"], option: "Ciphers", theirs: "takes 3des-cbc;", ours: "aes256-gcm@openssh.com"),
    Case(
      settings: ["Ciphers aes128-ctr", "MACs umac-64@openssh.com"], option: "MACs",
      theirs: "takes umac-64@openssh.com;", ours: "hmac-sha2-256"),
  ]

  @Test(.enabled(if: OpenSSHServer.isInstalled, "needs openssh-server"), arguments: cases)
  func `says what both sides take, and what to do`(test: Case) async throws {
    let server = try await OpenSSHServer.start(settings: test.settings)
    for _ in 0..<5 {
      let error = await remoteError { try await server.connect() }
      #expect(error?.kind == .noCommonAlgorithm, "\(String(describing: error))")
      let text = error?.message ?? ""
      for words in [test.theirs, test.ours, "by \(test.option) in its sshd_config", "WS-001: no "] {
        #expect(text.contains(words), "\(text)")
      }
      #expect(!text.contains("kex-strict") && !text.contains("Socket error"))
    }
    // One connection a try: it is not asked again.
    let count = try server.log().filter { $0.contains("[preauth]") && $0.contains("Connection closed") }.count
    #expect(count <= 5)
  }

  @Test func `libssh's words are read, whole and cut`() throws {
    let whole = try #require(
      Negotiation.Mismatch(
        "kex error : no match for method kex algos: server [a,kex-strict-s-v00@openssh.com], client [b,c,ext-info-c]"))
    #expect(whole.theirs == ["a"] && whole.ours == ["b", "c"] && whole.option == "KexAlgorithms")
    let cut = try #require(Negotiation.Mismatch("no match for method mac algo client->server: server [a,b"))
    #expect(cut.theirs == ["a", "b"] && cut.ours.isEmpty && cut.option == "MACs")
    let key = try #require(
      Negotiation.Mismatch("no match for method server host key algo: server [ssh-rsa], client [ssh-ed25519]"))
    #expect(key.option == "HostKeyAlgorithms" && key.error("WS-001").message.contains("takes ssh-rsa; this program"))
    #expect(Negotiation.Mismatch("Socket error: disconnected") == nil)
    let hostile = try #require(
      Negotiation.Mismatch(
        "no match for method kex algos: server [\u{1B}[31m\(String(repeating: "x", count: 900))], client [b]"))
    let message = hostile.error("WS-001").message
    #expect(!message.contains("\u{1B}") && message.contains("takes b;") && message.utf8.count < 1_000, "\(message)")
  }
}
