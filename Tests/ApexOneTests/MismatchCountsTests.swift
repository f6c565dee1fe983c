import Testing

@testable import ApexOne

/// What is done on a list's bytes, beside the same done plainly.
@Suite struct MismatchCountsTests {
  @Test func bytesAreFoundAsByAPlainSearch() {
    var random = SeededGenerator(seed: 7)
    // Neighbours of the bytes looked for, and such as differ in the high bit or by a borrow.
    let bytes: [UInt8] = [0x2C, 0x2B, 0x2D, 0xAC, 0x0A, 0x0B, 0x8A, 0x0D, 0x22, 0x00, 0x01, 0x80, 0xFF, 0x41]
    let search = ByteSearch(0x2C, 0x0A, 0x0D)
    for _ in 0..<5_000 {
      let isRare = Bool.random(using: &random)
      let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        isRare && Int.random(in: 0...9, using: &random) > 0 ? 0x41 : bytes.randomElement(using: &random)!
      }
      let start = Int.random(in: 0...text.count, using: &random)
      let wanted = text[start...].firstIndex { [0x2C, 0x0A, 0x0D].contains($0) } ?? text.count
      #expect(text.withUnsafeBufferPointer { search.next(in: $0, from: start) } == wanted, "\(text) from \(start)")
    }
  }

  @Test func valuesAreCountedAsTheyAreShown() throws {
    let list = try read(
      #"""
      Host,Domain,Note
      WS-001,Sales,x
      WS-002, Sales ,"x"
      WS-003,"Sales"," x"
      WS-004,"Sales ""north""",
      WS-005,"Sales ""north""",y,further
      WS-006
      WS-007,,x
      ws-001,Sales,a row of an agent that is counted already

      """#)
    #expect(list.counts(of: list.agents, by: .domain) == ["Sales": 3, "Sales \"north\"": 2, "": 2])
    #expect(list.counts(of: list.agents, by: .version) == ["": 7])
    #expect(list.counts(of: list.agents, column: 2) == ["x": 3, " x": 1, "": 2, "y": 1])
    #expect(list.counts(of: Array(list.agents.prefix(1)), by: .domain) == ["Sales": 1])
    #expect(list.counts(of: [], by: .domain).isEmpty)
  }

  @Test func countsAgreeWithTheAgents() throws {
    var random = SeededGenerator(seed: 8)
    let domains = ["HQ", "hq", " HQ", "\"HQ\"", "\"H\"\"Q\"", "\"a\nb\"", "", "BÜRO", "\"HQ\" x"]
    for _ in 0..<200 {
      let rows = (1...Int.random(in: 2...30, using: &random)).map {
        "WS-\($0),10.0.0.\($0),\(domains.randomElement(using: &random)!)"
      }
      let list = try read("Host,IP,Domain\n" + rows.joined(separator: "\n"))
      let domains = Dictionary(list.agents.map { ($0.domain ?? "", 1) }, uniquingKeysWith: +)
      #expect(list.counts(of: list.agents, by: .domain) == domains, "\(rows)")
      let raw = Dictionary(list.agents.map { ($0.columns[2], 1) }, uniquingKeysWith: +)
      #expect(list.counts(of: list.agents, column: 2) == raw, "\(rows)")
    }
  }

  @Test func everyAgentHasItsPlace() throws {
    let names = (0..<3_000).map { "WS-\($0 * 7 % 2_000)" } + ["BÜRO-1", "büro-1"]
    let list = try read("Host\n" + names.joined(separator: "\n"))
    #expect(list.agents.count == 2_001)
    #expect(list.duplicates.count == 1_001)
    for (place, agent) in list.agents.enumerated() { #expect(list.roster.place(of: agent.name) == place) }
    #expect(
      list.duplicates.allSatisfy { row in list.agents.contains { $0.name == row.name && $0.line == row.firstLine } })
    #expect(list.roster.place(of: try #require(AgentName("WS-2000"))) == nil)
    #expect(AgentRoster([]).place(of: try #require(AgentName("WS-1"))) == nil)
  }
}
