import Foundation
import Lab
import Remote
import Synchronization
import Testing

@testable import Commands
@testable import Runs

/// Secrets: where they come from, and that nothing shows them.
@Suite struct SecretTests {
  private static let text: String = "P@ssw0rd-7"

  private func text(_ source: SecretSource) async throws -> String {
    try await SecretReader.read(source, for: .password).reveal { $0 }
  }

  private func file(_ contents: String, mode: Int = 0o600) throws -> String {
    let path = NSTemporaryDirectory() + "apexsh-secret-\(UUID().uuidString)"
    try Data(contents.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  @Test(arguments: [
    ("x\n", "x"), ("x\r\n", "x"), ("x\r", "x"), ("x", "x"), ("a b\tc\n", "a b\tc"), ("pä\n", "pä"),
    ("p\u{1F512}\n", "p\u{1F512}"),
  ])
  func fromFile(contents: String, expected: String) async throws {
    let path = try file(contents)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try await text(.file(path)) == expected)
  }

  private static let bad: [(bytes: [UInt8], words: String)] = [
    ([0xEF, 0xBB, 0xBF] + Array("x-7\n".utf8), "begins with a byte order mark"),
    ([0xFF, 0xFE] + "x-7\r\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, "is UTF-16"),
    ([0xFE, 0xFF] + "x-7".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }, "is UTF-16"),
    ("x-7".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, "zero bytes, as UTF-16"),
    (Array("x-7 \n".utf8), "ends with a blank (U+0020)"), (Array("x-7\t".utf8), "ends with a blank (U+0009)"),
    (Array(" x-7\n".utf8), "begins with a blank (U+0020)"), (Array("x-7\u{A0}\r\n".utf8), "ends with a blank (U+00A0)"),
    (Array("x-7\u{3000}".utf8), "ends with a blank (U+3000)"),
    (Array("x-7\u{200B}\n".utf8), "ends with an invisible character (U+200B)"),
    (Array("x-7\u{FEFF}\n".utf8), "ends with an invisible character (U+FEFF)"),
    (Array("x\u{FEFF}-7\n".utf8), "holds an invisible character (U+FEFF)"),
    (Array("x-\u{AD}7".utf8), "holds an invisible character (U+00AD)"),
    (Array("\u{202A}x-7\n".utf8), "begins with an invisible character (U+202A)"),
    (Array("x-7\n\n".utf8), "more than one line"), (Array("x-7\r\r\n".utf8), "more than one line"),
    (Array("x\r-7\n".utf8), "more than one line"), (Array("x-7\u{7F}\n".utf8), "a control character (U+007F)"),
    (Array("x-7".utf8) + [0xFC, 10], "is not UTF-8"), ([10], "is empty"), ([13, 10], "is empty"),
  ]

  /// What an editor, a shell or Windows puts around a password is refused by its name, from each source, and never sent.
  @Test(arguments: 0..<bad.count)
  func whatIsHiddenIsNeverSent(index: Int) async throws {
    let (bytes, words) = Self.bad[index]
    let path = try file("")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    for source in [SecretSource.file(path), .command("cat '\(path)'")] {
      let error = await #expect(throws: CommandError.self) { try await text(source) }
      #expect(error?.exitCode == .refused)
      #expect(
        error?.message.hasPrefix("password: ") == true && error?.message.contains(words) == true, "\(error as Any)")
      #expect(error?.message.contains("x-7") == false)
    }
  }

  @Test func blanksThatBelongToItAreKept() async throws {
    let path = try file(" x \u{A0}\r\n")
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try await text(.withBlanks(.file(path))) == " x \u{A0}")
    #expect(try await text(.withBlanks(.command("cat '\(path)'"))) == " x \u{A0}")
    // What no password has stays refused.
    try Data([0xEF, 0xBB, 0xBF, 0x78]).write(to: URL(fileURLWithPath: path))
    await #expect(throws: CommandError.self) { try await text(.withBlanks(.file(path))) }
    var context = ContextFile()
    context.secrets = [.password: .withBlanks(.file("a b")), .unloadPassword: .environment("X")]
    #expect(context.text == "set password --from-file 'a b' --keep-blanks\nset unload-password --from-env X\n")
    #expect(try ContextFile(context.text, path: "x") == context)
    let command = try #require(
      try CommandParsing.parse(SetSetting.self, ["password", "--from-env", "X", "--keep-blanks"]) as? SetSetting)
    try command.check()
    for words in [["password", "--keep-blanks"], ["parallel", "4", "--keep-blanks"]] {
      #expect(throws: CommandError.self) { try (CommandParsing.parse(SetSetting.self, words) as? SetSetting)?.check() }
    }
  }

  @Test func aFileThatOthersReadIsRefused() async throws {
    let path = try file(Self.text, mode: 0o640)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = await #expect(throws: CommandError.self) { try await text(.file(path)) }
    #expect(error?.exitCode == .refused)
    #expect(error?.message.contains("chmod 600") == true)
    #expect(error?.message.contains(Self.text) == false)
  }

  @Test(arguments: ["", "\n", "a\nb\n", "a\u{0}b"])
  func noSecrets(contents: String) async throws {
    let path = try file(contents)
    defer { try? FileManager.default.removeItem(atPath: path) }
    await #expect(throws: CommandError.self) { try await text(.file(path)) }
    await #expect(throws: CommandError.self) { try await text(.file("/tmp")) }
    await #expect(throws: CommandError.self) { try await text(.file("/nonexistent")) }
  }

  @Test func fromCommandTakesOutputOnly() async throws {
    #expect(try await text(.command("echo noise >&2; printf '%s\\n' \(Self.text)")) == Self.text)
    let error = await #expect(throws: CommandError.self) { try await text(.command("echo \(Self.text); exit 3")) }
    #expect(error?.message.contains(Self.text) == false)
    #expect(error?.message.contains("3") == true)
    await #expect(throws: CommandError.self) { try await text(.command("head -c 100000 /dev/zero")) }
  }

  @Test func fromEnvironment() async throws {
    // A variable that every process has: changing the environment would race with what other tests start.
    #expect(try await text(.environment("PATH")) == ProcessInfo.processInfo.environment["PATH"])
    await #expect(throws: CommandError.self) { try await text(.environment("APEXSH_TEST_NOT_SET")) }
  }

  @Test func theVaultReadsOnceAndForgetsWhatWasRefused() async throws {
    let vault = SecretVault()
    await #expect(throws: CommandError.self) { try await vault.required(.unloadPassword) }
    let path = try file("one\n")
    defer { try? FileManager.default.removeItem(atPath: path) }
    await vault.set(.password, .file(path), from: .set)
    #expect(try await vault.required(.password) == Secret("one"))
    try Data("two\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try await vault.required(.password) == Secret("one"))
    vault.refuse(.password, Secret("one"))
    #expect(try await vault.required(.password) == Secret("two"))
    await vault.set(.password, .entered, from: .set, secret: Secret("typed"))
    // Another one was typed while the first was being refused.
    vault.refuse(.password, Secret("two"))
    #expect(try await vault.secret(.password) == Secret("typed"))
    vault.refuse(.password, Secret("typed"))
    #expect(try await vault.secret(.password) == nil)
    #expect(await vault.sources.isEmpty)
    await vault.set(.password, .entered, from: .set, secret: Secret("typed"))
    #expect(try await vault.secret(.password) == Secret("typed"))
  }

  @Test func whatUsesOnePasswordAtATimeSharesAGate() {
    let gates = LogonGates()
    let told = Mutex(0)
    func gate(_ password: String) -> LogonGate {
      gates.gate(Secret(password), atOnce: nil) { LogonGate(refused: { told.withLock { $0 += 1 } }) }
    }
    let first: LogonGate? = gate("one")
    #expect(gate("one") === first)
    #expect(gate("two") !== first)
    first?.shut("no")
    // Whoever comes with the same text now has been given it anew.
    #expect(told.withLock { $0 } == 1 && gate("one") !== first)
  }

  /// A ^C while the password is under way takes nothing back: it isn't sent again until it is given anew.
  @Test func aLogonCutShortCountsAsRefused() async throws {
    let (vault, clock) = (SecretVault(), VirtualClock())
    let (gates, secret) = (LogonGates(), Secret("typed"))
    await vault.set(.password, .entered, from: .set, secret: secret)
    let gate = gates.gate(secret, atOnce: nil) { LogonGate(refused: { vault.refuse(.password, secret) }) }
    let sent = Mutex(false)
    let connector = Silent { sent.withLock { $0 = true } }
    let task = Task {
      clock.begin()
      defer { clock.end() }
      return try? await gate.logOn(
        to: Endpoint(name: "WS-001"), by: connector, within: .seconds(15), on: clock)
    }
    while !sent.withLock({ $0 }) { await Task.yield() }
    task.cancel()
    _ = await task.value
    #expect(gate.refusal != nil)
    #expect(try await vault.secret(.password) == nil)
  }

  private struct Silent: HostConnector {
    let kind = "lab"
    let abilities: HostAbilities = .run
    let offersPassword = true
    let shells = [FarShell.cmd]
    let sent: @Sendable () -> Void
    func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
      sent()
      while !Task.isCancelled { await Task.yield() }
      throw RemoteError(.dropped, "\(endpoint.name): cancelled after it was sent", credential: .password)
    }
    func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {}
  }

  @Test func aFileThatStillHoldsWhatWasRefusedIsNotReadAgain() async throws {
    let (vault, path) = (SecretVault(), try file("one\n"))
    defer { try? FileManager.default.removeItem(atPath: path) }
    await vault.set(.password, .file(path), from: .set)
    vault.refuse(.password, try await vault.required(.password))
    for _ in 1...2 {
      let error = await #expect(throws: CommandError.self) { try await vault.secret(.password) }
      #expect(error?.exitCode == .refused)
      #expect(error?.message.contains("was refused before") == true && error?.message.contains("set password") == true)
    }
    await vault.set(.password, .file(path), from: .set)
    #expect(try await vault.required(.password) == Secret("one"))
  }

  @Test(arguments: [
    (["password", "x"], CommandSecrecy.secret), (["pasword", "x"], .secret), (["password"], .open),
    (["password", "--from-file", "x"], .open), (["password", "--from-file", "x", "--keep-blanks"], .open),
    (["password", "x", "--keep-blanks"], .secret), (["password", "--from-file", "x", "y"], .secret),
    (["password", "--hunter2"], .secret), (["parallel", "4"], .open), ([], .open),
  ])
  func secrecyOfSet(words: [String], expected: CommandSecrecy) {
    #expect(SetSetting.secrecy(of: words) == expected)
  }

  @Test(arguments: [
    ["password", "P@ssw0rd-7"], ["password", "--P@ssw0rd-7"], ["pasword", "P@ssw0rd-7", "--x"],
    ["password", "--from-file", "x", "P@ssw0rd-7"],
  ])
  func aSecretAsArgumentIsInNoMessage(words: [String]) async {
    let error = #expect(throws: (any Error).self) {
      let command = try CommandParsing.parse(SetSetting.self, words)
      try (command as! SetSetting).check()
    }
    #expect(error.map { "\($0)".contains(Self.text) } == false)
    #expect((error as? CommandError)?.exitCode == .misuse)
  }
}
