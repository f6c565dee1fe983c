import Foundation
import Remote
import Testing

@testable import Commands

/// `trust learn`, `trust list` and `trust remove`.
@Suite struct TrustLearnTests {
  private static let fleet: [String: Result<TrustKey, RemoteError>] = [
    "WS-001": .success(TrustBench.key("1")), "WS-002": .success(TrustBench.key("2")),
    "WS-003": .success(TrustBench.key("1")),
    "WS-004": .failure(RemoteError(.protocolFault, "WS-004: not an SSH server")),
  ]

  @Test func newKeysAreAddedWhenTheCountIsRight() async throws {
    let bench = try TrustBench(shown: Self.fleet)
    defer { bench.remove() }
    let code = try await bench.run(
      "trust", "learn", "WS-001,WS-002,WS-003,WS-004,WS-005", "--unlisted", "--confirm", "3")
    #expect(code == .incomplete)
    #expect(bench.column(4) == ["added", "added", "added", "failed", "unreachable"])
    #expect(
      bench.lines == [
        "ws-001.contoso.local ssh-ed25519 AAAA1", "ws-002.contoso.local ssh-ed25519 AAAA2",
        "ws-003.contoso.local ssh-ed25519 AAAA1",
      ])
    let notes = bench.console.notes.joined(separator: "\n")
    #expect(notes.contains("3 new, 1 unreachable, 1 failed"))
    #expect(notes.contains("the same key on 2 hosts") && notes.contains("ws-001.contoso.local, ws-003.contoso.local"))
    #expect(notes.contains("unreachable: WS-005") && notes.contains("types: 3 ssh-ed25519"))
  }

  @Test(arguments: ["1", "3", "02", "x", ""])
  func aWrongCountChangesNothing(count: String) async throws {
    let bench = try TrustBench(shown: Self.fleet)
    defer { bench.remove() }
    let error = await #expect(throws: CommandError.self) {
      _ = try await bench.run("trust", "learn", "WS-001,WS-002", "--unlisted", "--confirm", count)
    }
    #expect(error?.exitCode == .refused)
    #expect(bench.text.isEmpty)
    #expect(bench.column(4) == ["new", "new"])
  }

  @Test func withoutATerminalItIsRefused() async throws {
    let bench = try TrustBench(shown: Self.fleet)
    defer { bench.remove() }
    let error = await #expect(throws: CommandError.self) {
      _ = try await bench.run("trust", "learn", "WS-001", "--unlisted")
    }
    #expect(error?.exitCode == .refused && error?.message.contains("--confirm 1") == true)
    #expect(bench.text.isEmpty)
  }

  @Test(arguments: [("2", true), (" 2 ", true), ("y", false), (nil, false)])
  func atAPromptTheCountIsTyped(answer: String?, isRight: Bool) async throws {
    let bench = try TrustBench(shown: Self.fleet, isInteractive: true, answers: [answer])
    defer { bench.remove() }
    let code = try? await bench.run("trust", "learn", "WS-001,WS-002", "--unlisted")
    #expect(code == (isRight ? .success : nil))
    #expect(bench.lines.count == (isRight ? 2 : 0))
  }

  @Test func changedAndRevokedAreNeverAdded() async throws {
    let known = "ws-001.contoso.local ssh-rsa AAAA9\n@revoked * ssh-ed25519 AAAA2\n"
    let bench = try TrustBench(known: known, shown: Self.fleet)
    defer { bench.remove() }
    #expect(try await bench.run("trust", "learn", "WS-001,WS-002", "--unlisted", "--confirm", "2") == .incomplete)
    #expect(bench.column(4) == ["changed", "revoked"])
    #expect(bench.text == known)
    let notes = bench.console.notes.joined(separator: "\n")
    #expect(notes.contains("changed, not trusted: ws-001.contoso.local shows ssh-ed25519 SHA256:1"))
    #expect(notes.contains("known is ssh-rsa SHA256:9"))
  }

  @Test func whatIsKnownNeedsNoCount() async throws {
    let bench = try TrustBench(known: "ws-001.contoso.local ssh-ed25519 AAAA1\n", shown: Self.fleet)
    defer { bench.remove() }
    #expect(try await bench.run("trust", "learn", "WS-001", "--unlisted") == .success)
    #expect(bench.column(4) == ["known"])
  }

  @Test func nobodyIsAskedTwiceAndOnlySoManyAtOnce() async throws {
    var shown: [String: Result<TrustKey, RemoteError>] = [:]
    for number in 100..<400 { shown["WS-\(number)"] = .success(TrustBench.key("\(number)")) }
    var bench = try TrustBench(shown: shown)
    defer { bench.remove() }
    try bench.invocation.settings.set(.parallel, "7", from: .set)
    #expect(
      try await bench.run(
        "trust", "learn", (100..<400).map { "WS-\($0)" }.joined(separator: ","), "--unlisted", "--confirm", "300")
        == .success)
    #expect(bench.scanner.asked == 300 && bench.scanner.most <= 7 && bench.scanner.most > 1)
    #expect(bench.lines.count == 300)
  }

  @Test func withoutSSHThereAreNoHostKeys() async throws {
    var bench = try TrustBench(shown: Self.fleet)
    defer { bench.remove() }
    try bench.invocation.settings.set(.transport, "lab", from: .set)
    let error = await #expect(throws: CommandError.self) {
      _ = try await bench.run("trust", "learn", "WS-001", "--unlisted", "--confirm", "1")
    }
    #expect(error?.exitCode == .misuse)
    #expect(bench.scanner.asked == 0)
  }

  private static let kept = """
    ws-001.contoso.local ssh-ed25519 AAAA1 apexsh:2026-11-23T22:05:00Z
    [old]:2222,10.0.0.1 ssh-rsa AAAA2
    |1|ws-003.contoso.local ssh-rsa AAAA3
    ws-* ssh-rsa AAAA4
    @revoked * ssh-rsa AAAA6
    garbage

    """

  @Test func theListHoldsEveryName() async throws {
    let bench = try TrustBench(known: Self.kept)
    defer { bench.remove() }
    #expect(try await bench.run("trust", "list") == .success)
    #expect(
      bench.column(1) == ["ws-001.contoso.local", "[old]:2222", "10.0.0.1", "|1|ws-003.contoso.local", "ws-*", "*"])
    #expect(bench.column(5).first == "2026-11-23T22:05:00Z")
    #expect(bench.column(4).last == "@revoked")
    #expect(bench.console.notes.contains { $0.hasSuffix("known_hosts:6: not understood, so it trusts nothing") })
  }

  @Test(arguments: [
    ("WS-001", ["SHA256:1", "SHA256:4", "SHA256:6"]), ("old", ["SHA256:2", "SHA256:6"]),
    ("[OLD]:2222", ["SHA256:2", "SHA256:6"]),
  ])
  func theListOfSome(word: String, keys: [String]) async throws {
    let bench = try TrustBench(known: Self.kept)
    defer { bench.remove() }
    #expect(try await bench.run("trust", "list", word) == .success)
    #expect(bench.column(3) == keys)
  }

  /// A file of Windows with everything in it: what isn't meant stays as it stands.
  @Test(arguments: ["\n", "\r\n"]) func marksGoWhereThatIsSaidAndNothingElseIsLost(end: String) async throws {
    let lines = [
      "# ours", "ws-001.contoso.local,10.0.0.1 ssh-ed25519 AAAA1 by hand",
      "@revoked ws-001.contoso.local ssh-rsa AAAA2",
      "@revoked ws-001.contoso.local,ws-002.contoso.local ssh-rsa AAAA3", "|1|ws-003.contoso.local ssh-rsa AAAA4",
      "@revoked |1|ws-003.contoso.local ssh-rsa AAAA5", "[ws-001.contoso.local]:2222 ssh-rsa AAAA6",
      "ws-* ssh-rsa AAAA7",
      "@revoked * ssh-rsa AAAA8", "@cert-authority *.contoso.local ssh-rsa AAAA9", "", "garbage",
    ]
    let bench = try TrustBench(known: lines.map { $0 + end }.joined())
    defer { bench.remove() }
    func rest() -> [String] {
      bench.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
    #expect(try await bench.run("trust", "remove", "WS-001", "--confirm", "1") == .success)
    #expect(bench.console.notes.contains { $0.contains("--revoked") })
    var expected = lines
    expected[1] = "10.0.0.1 ssh-ed25519 AAAA1"
    #expect(rest() == expected)
    let error = await #expect(throws: CommandError.self) {
      _ = try await bench.run("trust", "remove", "WS-001", "--confirm", "1")
    }
    #expect(error?.description.contains("--revoked") == true, "\(String(describing: error))")
    #expect(try await bench.run("trust", "remove", "WS-001", "--revoked", "--confirm", "2") == .success)
    expected.remove(at: 2)
    expected[2] = "@revoked ws-002.contoso.local ssh-rsa AAAA3"
    #expect(rest() == expected)
    #expect(try await bench.run("trust", "remove", "WS-003", "--revoked", "--confirm", "2") == .success)
    expected.removeAll { $0.contains("|1|") }
    #expect(rest() == expected)
    #expect(try await bench.run("trust", "remove", "[WS-001.contoso.local]:2222", "--confirm", "1") == .success)
    expected.removeAll { $0.contains("2222") }
    #expect(rest() == expected)
  }

  @Test func removingTakesTheNameOutOfItsLines() async throws {
    let bench = try TrustBench(known: Self.kept)
    defer { bench.remove() }
    await #expect(throws: CommandError.self) { _ = try await bench.run("trust", "remove", "WS-001", "--confirm", "3") }
    #expect(bench.text == Self.kept)
    #expect(try await bench.run("trust", "remove", "WS-001", "--confirm", "1") == .success)
    #expect(try await bench.run("trust", "remove", "10.0.0.1", "--confirm", "1") == .success)
    #expect(try await bench.run("trust", "remove", "WS-003", "--confirm", "1") == .success)
    #expect(bench.text == "[old]:2222 ssh-rsa AAAA2\nws-* ssh-rsa AAAA4\n@revoked * ssh-rsa AAAA6\ngarbage\n")
    let error = await #expect(throws: CommandError.self) {
      _ = try await bench.run("trust", "remove", "WS-001", "--confirm", "1")
    }
    #expect(error?.exitCode == .unusableInput)
  }

  @Test func everyExampleParses() throws {
    for type in TrustCommands.all {
      #expect(!type.abstract.isEmpty && !type.manual.examples.isEmpty && !CommandShape.of(type).options.isEmpty)
      for example in type.manual.examples {
        guard case .command(let words, _, _) = try #require(try ParsedLine(example.line).steps.first).body else {
          Issue.record("\(example.line)")
          continue
        }
        _ = try CommandParsing.parse(type, Array(words.map(\.text).dropFirst(type.nameWords.count)))
      }
    }
  }
}
