import Testing

@testable import ApexOne

/// What `!` takes out: it may name agents that are on no list, and a list named for it must name somebody.
@Suite struct AgentsExclusionTests {
  private struct Universe: SelectionUniverse {
    var roster = AgentRoster(
      ["WS-001", "WS-002", "WS-003", "SRV01.contoso.local", "SRV02.contoso.local", "SRV02.other.local"]
        .compactMap { AgentName($0) }.map { Agent(name: $0, address: "10.20.0.1", domain: "Sales") })
    var files: [String: [String]] = [:]

    func names(in set: SelectionSet) throws(SelectionUnavailable) -> [AgentName] {
      switch set {
      case .mismatched: roster.agents.map(\.name)
      case .outcome: ["GONE-1", "WS-001"].compactMap { AgentName($0) }
      case .unprotected, .noAgent: []
      }
    }

    func lines(ofFile path: String) throws(SelectionUnavailable) -> [String] {
      guard let lines = files[path] else { throw SelectionUnavailable("\(path): no such file") }
      return lines
    }
  }

  private func evaluate(_ text: String, _ lines: [String] = []) throws -> SelectionResult {
    try Selection(text).evaluate(in: Universe(files: ["x.txt": lines]))
  }

  @Test func namesOnNoListAreANote() throws {
    let result = try evaluate("all!WS-002!NEW-1!NEW-[2-3]!XX-*!10.99.0.0/16")
    #expect(result.agents.map(\.name.text).prefix(2) == ["WS-001", "WS-003"])
    #expect(result.unmatched(allowingUnlisted: false).isEmpty && result.unlisted.isEmpty)
    #expect(result.exclusions.map(\.count) == [1, 0, 0, 0, 0])
    #expect(result.exclusions.map(\.absent) == [[], ["NEW-1"], ["NEW-2", "NEW-3"], ["XX-*"], ["10.99.0.0/16"]])
    #expect(try evaluate("WS-001!WS-002").exclusions == [SelectionExclusion(text: "WS-002", isFile: false, count: 0)])
  }

  @Test func whatIsIncludedMustStillBeThere() throws {
    #expect(try evaluate("WS-001!NEW-1,NEW-1").unknownNames == ["NEW-1"])
    #expect(try evaluate("NEW-1!NEW-1").unknownNames == ["NEW-1"])
    #expect(try evaluate("NEW-[1-2]!NEW-1").unlisted.map(\.text) == ["NEW-2"])
    #expect(try evaluate("all&NEW-1").unknownNames == ["NEW-1"])
  }

  @Test func aListOfThem() throws {
    let result = try evaluate("@mismatched!@file:x.txt", ["ws-001", "", "# x", "SQL-1 # gone", "SRV-*", "WS-00[2-3]"])
    #expect(result.agents.map(\.name.text) == ["SRV01.contoso.local", "SRV02.contoso.local", "SRV02.other.local"])
    #expect(
      result.exclusions == [
        SelectionExclusion(text: "@file:x.txt", isFile: true, count: 3, absent: ["SQL-1", "SRV-*"])
      ])
  }

  @Test(arguments: [
    #"="WS-001""#, "'WS-001", "\"WS-001\"", "WS-001.", "WS-001$", #"\\WS-001"#, "ＷＳ－００１", "\u{FEFF}WS-001\u{A0}",
    "WS-001 # a comment", "WS-001\u{A0}\t# a comment", "WS-001,NEW-1",
  ])
  func namesAsToolsWriteThem(_ line: String) throws {
    #expect(try evaluate("all!@file:x.txt", [line]).exclusions.map(\.count) == [1])
  }

  @Test func fullAndShortNamesAreOneMachine() throws {
    let full = try evaluate("all!@file:x.txt", ["WS-001.contoso.local", "ws-002.contoso.local"])
    #expect(full.exclusions.map(\.count) == [2])
    #expect(full.exclusions[0].byFirstLabel == ["WS-001.contoso.local", "ws-002.contoso.local"])
    #expect(try evaluate("all!SRV01").exclusions.map(\.byFirstLabel) == [["SRV01"]])
    // Whichever of the two is meant, neither may be touched.
    #expect(try evaluate("all!srv02").exclusions.map(\.count) == [2])
    #expect(try evaluate("all!SRV02.third.local").exclusions.map(\.absent) == [["SRV02.third.local"]])
    #expect(try evaluate("@failed:3!GONE-1.contoso.local").agents.map(\.name.text) == ["WS-001"])
    // What is to be touched is named exactly.
    #expect(try evaluate("SRV01").unknownNames == ["SRV01"])
  }

  @Test(arguments: [[], [""], ["# WS-001"], ["\u{FEFF}", "\u{A0}", "#"]]) func aListThatNamesNobody(_ lines: [String])
    throws
  {
    let error = #expect(throws: SelectionError.self) { try evaluate("@mismatched!@file:x.txt", lines) }
    #expect(error?.description.contains("x.txt: holds no name, so !@file:x.txt would leave nobody out") == true)
    #expect(throws: SelectionError.self) {
      try Selection("all!@file:x.txt").checkFiles { _ throws(SelectionUnavailable) in lines }
    }
    #expect(try evaluate("@file:x.txt", lines).emptySets == ["@file:x.txt"])
  }

  @Test func mistakesInListsAreFoundBeforehand() throws {
    let error = #expect(throws: SelectionError.self) {
      try Selection("all&@file:x.txt").checkFiles { _ throws(SelectionUnavailable) in ["WS-001", "WS 2"] }
    }
    #expect(error?.description == "x.txt:2: 'WS 2' is not a name, a pattern or a network")
  }

  @Test(arguments: [
    "A[1-600000],B[1-600000]", "all!A[1-600000]!B[1-600000]", "A[1-1000000],B",
  ])
  func inSumASelectionIsBounded(_ text: String) throws {
    let error = #expect(throws: SelectionError.self) { try Selection(text) }
    #expect(error?.reason == .tooManyNames)
  }

  @Test func patternsAreBoundedAndCalledSo() throws {
    let error = #expect(throws: SelectionError.self) { try Selection("A[1-600]*,B[1-600]*") }
    #expect(error?.description.contains("more than 1000 patterns") == true, "\(error?.description ?? "")")
    let list = #expect(throws: SelectionError.self) {
      try evaluate("@file:x.txt", (0..<1_500).map { "WS-\($0)*" })
    }
    #expect(list?.description.contains("more than 1000 patterns") == true, "\(list?.description ?? "")")
  }

  @Test func soAreItsLists() throws {
    let lines = (0..<3).map { "A\($0)-[1-400000]" }
    #expect(throws: SelectionError.self) { try evaluate("all!@file:x.txt", lines) }
    let many = String(repeating: "@mismatched,", count: 40_000) + "all"
    var universe = Universe()
    universe.roster = AgentRoster(
      (0..<20_000).compactMap { AgentName("WS-\($0)") }.map { Agent(name: $0, address: "192.168.0.1") })
    let error = #expect(throws: SelectionError.self) { try Selection(many).evaluate(in: universe) }
    #expect(error?.reason == .tooMuch)
    let networks = (0..<20_000).map { "10.\($0 >> 8).\($0 & 255).0/24" }.joined(separator: ",")
    #expect(try Selection("all!" + networks.replacing(",", with: "!")).evaluate(in: universe).agents.count == 20_000)
  }
}
