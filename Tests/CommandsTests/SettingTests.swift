import ArgumentParser
import Runs
import Testing

@testable import Commands

/// Settings: their grammar, their defaults, and where a value came from.
@Suite struct SettingTests {
  @Test(arguments: [
    ("15s", 15), ("5m", 300), ("2h", 7_200), ("3d", 259_200), ("90", 90), ("0", 0),
  ])
  func durations(text: String, seconds: Int) throws {
    #expect(DurationText.parse(text) == .seconds(seconds))
    #expect(DurationText.parse(DurationText.format(.seconds(seconds))) == .seconds(seconds))
  }

  @Test(arguments: ["", "s", "-5", "+5", "1.5m", "5 m", "5w", "1h30m", "99999999999999999999", "99999999d", "٣s"])
  func noDurations(text: String) { #expect(DurationText.parse(text) == nil) }

  @Test func budgets() throws {
    #expect(Budget("3") == .count(3))
    #expect(Budget("5%") == .percentage(5))
    for text in ["", "%", "-1", "101%", "5 %", "5%%", "x"] { #expect(Budget(text) == nil) }
    #expect(Budget.percentage(5).limit(of: 200) == 10)
    #expect(Budget.percentage(5).limit(of: 201) == 11)
    #expect(Budget.percentage(5).limit(of: 10, atLeast: 3) == 3)
    #expect(Budget.percentage(100).limit(of: 7) == 7)
    #expect(Budget.count(2).limit(of: 1_000, atLeast: 3) == 2)
  }

  @Test(arguments: [
    ("1,20,10%,100%", 1_000, [1, 20, 100, 879]), ("1,20,10%,100%", 10, [1, 9]), ("2", 5, [2, 2, 1]),
    ("10%", 25, [3, 3, 3, 3, 3, 3, 3, 3, 1]), ("100%", 0, []),
  ])
  func waves(text: String, planned: Int, sizes: [Int]) throws {
    #expect(try #require(WaveSizes(text)).sizes(of: planned) == sizes)
  }

  @Test(arguments: ["", ",", "1,,2", "0", "0%", "1,x", "1;2"])
  func noWaves(text: String) { #expect(WaveSizes(text) == nil) }

  @Test(arguments: [
    (SettingKey.httpPort, "8080", "8080"), (.httpPort, "008080", "8080"), (.product, "Apex-One", "apex-one"),
    (.timeoutCopy, "300", "5m"), (.production, "on", "yes"), (.maxFailures, "5%", "5%"),
    (.serverAliases, "apexone,apexone.contoso.local", "apexone,apexone.contoso.local"),
    (.serverName, "10.0.0.5", "10.0.0.5"), (.serverName, "ApexOne.contoso.local.", "ApexOne.contoso.local"),
    (.serverName, "[2001:DB8:0:0::5]", "2001:db8::5"), (.serverName, "::ffff:10.0.0.5", "10.0.0.5"),
    (.serverAliases, "10.0.0.5,[2001:db8::5],apexone.", "10.0.0.5,2001:db8::5,apexone"),
    (.transport, "SSH://{agent}.contoso.local:22,lab", "ssh://{agent}.contoso.local:22,lab"), (.server, "lab:", "lab:"),
    (
      .server, "ssh://admin@apexone.contoso.local/C:/Program Files (x86)/x/PCCSRV",
      "ssh://admin@apexone.contoso.local/C:/Program Files (x86)/x/PCCSRV"
    ),
  ])
  func accepted(key: SettingKey, text: String, canonical: String) throws {
    #expect(try key.definition.canonical(text) == canonical)
  }

  @Test(arguments: [
    (SettingKey.httpPort, "0"), (.httpPort, "65536"), (.httpPort, "80a"), (.agentPort, "-1"), (.product, "apex"),
    (.serverName, "-e x"), (.serverName, "a b"), (.serverName, "$(id)"), (.serverName, "10.0.0"),
    (.serverName, "10.0.0.256"), (.serverName, "fe80::1%12"), (.serverName, "a..b"), (.serverName, "2001:db8:::1"),
    (.serverAliases, "apexone,,b"), (.serverAliases, "10.0.0.5, b;c"), (.server, "apexone"),
    (.server, "ssh://admin:P@ssw0rd@apexone/C:/x"), (.server, "ftp://x/y"), (.transport, "ssh://fixed.contoso.local"),
    (.transport, "telnet"), (.parallel, "0"), (.parallel, "1.5"), (.waves, "0"), (.maxFailures, "200%"),
    (.timeoutConnect, "0"), (.timeoutConnect, "soon"), (.transport, "winrm+smb"), (.transport, "file"),
    (.server, "smb://apexone/ofcscan"), (.server, "winrm://apexone/C:/x"), (.user, "a\u{202E}b"), (.user, ""),
    (.color, "red"),
  ])
  func refused(key: SettingKey, text: String) {
    let error = #expect(throws: CommandError.self) { try key.definition.canonical(text) }
    #expect(error?.exitCode == .misuse)
    #expect(error?.message.hasPrefix(key.rawValue + " can't be") == true)
    #expect(error?.message.unicodeScalars.contains("\u{202E}") == false)
  }

  @Test func everyKeyHasADefinitionThatHolds() throws {
    for key in SettingKey.allCases {
      let definition = key.definition
      #expect(!definition.help.isEmpty)
      if let standard = definition.standard { #expect(try definition.canonical(standard) == standard) }
    }
    let (settings, options) = (Settings(), Settings().runOptions)
    #expect(options.parallel == 32 && options.retries == 2 && options.waves.description == "1,20,10%,100%")
    #expect(options.maxFailures == .percentage(5) && options.maxUnprotected == .count(1))
    #expect(settings.timeoutConnect == .seconds(15) && settings.timeoutCopy == .seconds(300))
    #expect(options.executeSeconds == 600 && options.settleSeconds == 300)
    #expect(settings.timeoutList == .seconds(1_800) && settings.logonsInFlight == 3)
    #expect(settings.agentPort == nil)
  }

  @Test func whatIsGivenWinsOverWhatIsLearned() throws {
    var settings = Settings()
    try settings.set(.httpPort, "8080", from: .learned("ofcscan.ini of apexone"))
    #expect(settings[.httpPort]?.source.description == "ofcscan.ini of apexone")
    try settings.set(.httpPort, "80", from: .set)
    #expect(settings.httpPort == 80)
    settings.unset(.httpPort)
    #expect(settings.httpPort == 8080)
    try settings.set(.server, "ssh://other/C:/x", from: .set)
    #expect(settings.httpPort == nil)
  }

  @Test func aContextReplacesAllButTheCommandLine() async throws {
    let state = ShellState()
    try await state.set(.parallel, "8", from: .commandLine)
    try await state.set(.retries, "9", from: .set)
    var context = ContextFile()
    context.settings = [.parallel: "64", .user: "admin"]
    context.secrets = [.password: .file("/x")]
    try await state.use(context, named: "hq")
    let settings = await state.settings
    #expect(settings.parallel == 8 && settings.runOptions.retries == 2 && settings.user == "admin")
    #expect(settings[.user]?.source == .context("hq"))
    #expect(await state.secrets.sources.map(\.key) == [.password])
  }

  @Test func runOptionsGoOverSettings() throws {
    let options = try RunSettingOptions.parse(["--parallel", "4", "--timeout-settle", "90"])
    let settings = try options.applied(to: Settings())
    #expect(settings.parallel == 4 && settings.runOptions.settleSeconds == 90 && settings.runOptions.retries == 2)
    #expect(throws: (any Error).self) { try RunSettingOptions.parse(["--waves", "0"]) }
  }
}
