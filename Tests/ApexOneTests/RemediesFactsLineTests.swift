import ApexOne
import Testing

/// A look's facts as a line of the journal, and back.
@Suite struct RemediesFactsLineTests {
  private let facts = AgentFacts(
    isInstalled: true, server: "apexone.contoso.local", httpPort: 8080, httpsPort: 4343, agentPort: 21_112,
    applicationPath: #"C:\Program Files (x86)\Trend Micro\Security Agent\"#, version: "14.0.12980",
    guid: "3ceb3ffd-97b7-4c1e-9a0b-000000000001", architecture: .x64,
    services: [
      "tmlisten": ServiceFact(.running, pid: 1_234), "ntrtscan": ServiceFact(.stopped),
      "tmccsf": ServiceFact(.absent), "tmbmserver": ServiceFact(.startPending, pid: 7),
    ], certificate: .other, certificateSHA256: "ab12", shell: "cmd.exe")

  @Test func comesBackWhole() {
    #expect(AgentFacts(line: facts.line) == facts)
    #expect(AgentFacts(line: AgentFacts(isInstalled: false).line) == AgentFacts(isInstalled: false))
    #expect(AgentFacts(line: "")?.isInstalled == true)
  }

  @Test func isReadByPeople() {
    #expect(facts.line.contains("server=apexone.contoso.local http=8080"))
    #expect(facts.line.contains("ntrtscan=stopped"))
    #expect(facts.line.hasSuffix("tmlisten=running/1234"))
  }

  /// What an endpoint says may be anything, and must not become another fact.
  @Test(arguments: ["a b", "x agent=none", "100%", "%41", "é\u{85}日本\n=", "=", ""])
  func hostileValuesStayValues(_ text: String) {
    var facts = facts
    (facts.server, facts.version, facts.architecture) = (text, text, .other("ARM64"))
    facts.applicationPath = text
    #expect(AgentFacts(line: facts.line) == facts)
    #expect(!facts.line.contains("\n"))
  }

  @Test(arguments: ["words without form", "tmlisten=walking", "server=%4", "server=%FF"])
  func otherLinesAreNone(_ line: String) { #expect(AgentFacts(line: line) == nil) }
}
