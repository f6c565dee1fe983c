import Testing

@testable import ApexOne

/// What of an ini becomes usable, and what never does.
@Suite struct ServerSettingsTests {
  private func settings(_ text: String) throws -> ServerSettings {
    ServerSettings(try OfcscanINI(bytes: Array(text.utf8)))
  }

  @Test func readsNamesAndPortsWithTheirPlaces() throws {
    let found = try settings(
      "[A]\nMaster_DomainName=apexone.contoso.local\nMaster_DomainPort=8080\nMaster_SSLPort=4343\n"
        + "[B]\nClient_LocalServer_Port=21112\nNonCrcPtnVersion=19.001.00\n")
    #expect(found.serverName?.value == "apexone.contoso.local")
    #expect(found.httpPort?.value == 8080)
    #expect(found.httpsPort?.value == 4343)
    #expect(found.agentPort?.value == 21_112)
    #expect(found.agentPort?.place == "ofcscan.ini:6 [B] Client_LocalServer_Port")
    #expect(found.patternVersion?.value == "19.001.00")
    #expect(found.problems.isEmpty)
  }

  @Test(arguments: [
    ("10.20.0.5", "10.20.0.5"), ("[2001:DB8::0:5]", "2001:db8::5"), ("apexone.contoso.local.", "apexone.contoso.local"),
  ])
  func addressesAreNames(text: String, name: String) throws {
    let found = try settings("[A]\nMaster_DomainName=\(text)\n")
    #expect(found.serverName?.value == name && !found.problems.contains { $0.key == "Master_DomainName" })
  }

  @Test(arguments: ["-e x", "-e", "a b", "a&b", "$(reboot)", "`x`", "a|b", "a\"b", "a;b", "../x", "a%PATH%"])
  func hostileNamesAreProblemsAndNeverValues(name: String) throws {
    let found = try settings("[A]\nMaster_DomainName=\(name)\n")
    #expect(found.serverName == nil)
    let problem = try #require(found.problems.first { $0.key == "Master_DomainName" })
    #expect(problem.kind == .notAName && problem.line == 2)
    #expect(!problem.description.contains(name))
  }

  @Test(arguments: ["0", "65536", "-1", "+80", "8 0", "0x50", "80&x", "123456", "٨٠", "8080.0"])
  func hostilePortsAreProblemsAndNeverValues(port: String) throws {
    let found = try settings(
      "[A]\nMaster_DomainPort=\(port)\nMaster_SSLPort=\(port)\nClient_LocalServer_Port=\(port)\n")
    #expect(found.httpPort == nil && found.httpsPort == nil && found.agentPort == nil)
    #expect(found.problems.filter { $0.kind == .notAPort }.map(\.line) == [2, 3, 4])
  }

  @Test func missingKeysAreProblems() throws {
    let found = try settings("[A]\nMaster_DomainPort=\nMaster_SSLPort\nMaster_DomainName=!CRYPT!1\n")
    #expect(found.problems.map(\.kind) == [.missing, .missing, .missing, .missing])
    #expect(found.problems.last?.description.contains("set agent-port") == true)
  }

  @Test func severalValuesAreSaid() throws {
    let found = try settings("[A]\nMaster_DomainName=a\n[B]\nMaster_DomainName=b\n[C]\nMaster_DomainName=A\n")
    #expect(found.serverName?.value == "a")
    #expect(found.problems.first?.kind == .severalValues)
    let same = try settings("[A]\nMaster_DomainName=a\n[B]\nMaster_DomainName=A\n")
    #expect(!same.problems.contains { $0.kind == .severalValues })
  }
}
