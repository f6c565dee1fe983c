import ApexOne
import Testing

/// Names, their folding, and the index that completion reads.
@Suite struct AgentsNamesTests {
  @Test(arguments: [
    "WS-001", "a", "ws_1.contoso.local", "BÜRO-1", "端末-7", "компьютер", "เครื่อง-1", "कंप्यूटर", "1", "2024", "3com",
    "WS-001-",
    String(repeating: "a", count: 253),
  ])
  func hostNames(_ text: String) throws {
    #expect(AgentName.isHostName(text))
    let name = try #require(AgentName(text))
    #expect(name.text == text)
    #expect(name.key == text.lowercased())
    var copy = text
    #expect(copy.withUTF8 { AgentName(utf8: $0) } == name)
  }

  @Test(arguments: [
    "", " ", "-a", ".a", "a.", "a..b", "a.-b", "a b", "A\\B", "a/b", "a;b", "a\u{0}b", "\u{301}a", "a-\u{301}b",
    "a" + String(repeating: "\u{301}", count: 12), "a\u{3164}b", "क्\u{200D}ष",
    "a\u{AD}b", "a\u{202E}b", "a\u{200B}b",
    "10.0.0.1",
    "14.0.12980", "a\u{FFFD}", "a–b", "-ü", "ü\u{7F}", String(repeating: "a", count: 254),
    String(repeating: "ü", count: 127),
  ])
  func otherText(_ text: String) {
    #expect(!AgentName.isHostName(text))
    #expect(AgentName(text) == nil)
    var copy = text
    #expect(copy.withUTF8 { AgentName(utf8: $0) } == nil)
  }

  @Test func decomposedFormsAreTheSameName() throws {
    let name = try #require(AgentName("BU\u{308}RO-1"))
    #expect(name.text.unicodeScalars.elementsEqual("BÜRO-1".unicodeScalars))
    #expect(name.key.utf8.elementsEqual("büro-1".utf8))
    var bytes = "BU\u{308}RO-1"
    #expect(bytes.withUTF8 { AgentName(utf8: $0) } == AgentName("BÜRO-1"))
    #expect(NameIndex([name]).matches("bü").count == 1)
  }

  @Test(arguments: [
    ("", ""),
    ("WS-001", "WS-001"),
    ("WS-003 WS-001 WS-002", "WS-[001-003]"),
    ("WS-001 SRV01 WS-002 ws-003 WS-200 WS-002", "WS-[001-003,200],SRV01"),
    ("A9 A10 A11", "A[9-11]"),
    ("A09 A10 A9", "A[9,09-10]"),
    ("A98 A99 A100", "A[98-100]"),
    ("A099 A100 A1000", "A[099-100,1000]"),
    ("A099 A999 A1000", "A[099,999-1000]"),
    (
      "WS-1.site2.contoso.local WS-2.site2.contoso.local WS-2.site3.contoso.local",
      "WS-[1-2].site2.contoso.local,WS-2.site3.contoso.local"
    ),
    ("R1-7 R1-8 R2-7", "R1-[7-8],R2-7"),
    ("WS-1A WS-2A WS-1B", "WS-[1-2]A,WS-1B"),
    ("7 8 9", "[7-9]"),
    ("all", "\"all\""),
    ("BÜRO-1 büro-2", "BÜRO-[1-2]"),
    ("X1234567890123456789 X1234567890123456790", "X1234567890123456789,X1234567890123456790"),
  ])
  func folds(_ names: String, _ text: String) {
    #expect(NameFolding.fold(names.split(separator: " ").compactMap { AgentName(String($0)) }) == text)
  }

  @Test func foldingComesBack() throws {
    var random = SeededGenerator(seed: 11)
    let letters = Array("AB-ü.019").map(String.init)
    for _ in 0..<300 {
      let names = (0..<Int.random(in: 1...60, using: &random)).compactMap { _ in
        AgentName(
          (0..<Int.random(in: 1...7, using: &random)).map { _ in letters.randomElement(using: &random)! }.joined())
      }
      guard !names.isEmpty else { continue }
      let roster = AgentRoster(names.map { Agent(name: $0) })
      let text = NameFolding.fold(names)
      let result = try Selection(text).evaluate(in: Fleet(roster: roster))
      #expect(result.agents == roster.agents, "\(text)")
      #expect(result.unmatched(allowingUnlisted: false).isEmpty, "\(text)")
    }
  }

  @Test func foldsHundredThousand() {
    let names = (1...100_000).compactMap { AgentName("WS-\(padded($0, to: 6))") }.shuffled()
    #expect(NameFolding.fold(names) == "WS-[000001-100000]")
  }

  @Test func indexFindsPrefixes() {
    let names = ["WS-010", "ws-001", "WS-002", "SRV1", "BÜRO-2", "Büro-1", "WS-002", "WS", "Ärzte", "BÖRSE"]
    let index = NameIndex(names.compactMap { AgentName($0) }) { $0.key.hasSuffix("2") ? 1 : 0 }
    #expect(index.count == 9)
    #expect(index.matches("w").count == 4)
    #expect(index.matches("W").first(10).map(\.text) == ["WS", "ws-001", "WS-002", "WS-010"])
    #expect(index.matches("ws-").commonPrefix() == "ws-0")
    #expect(index.matches("bü").first(10).map(\.text) == ["Büro-1", "BÜRO-2"])
    #expect(index.matches("B").commonPrefix() == "B")
    #expect(index.matches("BÜ").commonPrefix() == "Büro-")
    #expect(index.matches("ws").count(tagged: 1) == 1)
    #expect(index.matches("").first(2, tagged: 1).map(\.text) == ["BÜRO-2", "WS-002"])
    #expect(index.matches("").commonPrefix(tagged: 1) == "")
    #expect(index.matches("ws-0").commonPrefix(tagged: 1) == "WS-002")
    #expect(index.matches("x").count == 0)
    #expect(index.matches("zz").commonPrefix() == "")
    #expect(index.matches("WS-0022").count == 0)
    #expect(NameIndex([]).matches("a").count == 0)
  }

  @Test func indexAgreesWithAPlainSearch() {
    var random = SeededGenerator(seed: 5)
    let letters = Array("AaBbÜü-1").map(String.init)
    func word(_ most: Int) -> String {
      (0..<Int.random(in: 0...most, using: &random)).map { _ in letters.randomElement(using: &random)! }.joined()
    }
    let names = Set((0..<400).compactMap { _ in AgentName(word(6)) })
    let index = NameIndex(Array(names))
    for _ in 0..<400 {
      let prefix = word(4)
      let wanted = names.filter { $0.key.hasPrefix(prefix.lowercased()) }.map(\.key).sorted()
      let found = index.matches(prefix)
      #expect(found.first(.max).map { $0.text.lowercased() }.sorted() == wanted)
      #expect(found.count == wanted.count)
      #expect(wanted.allSatisfy { $0.hasPrefix(found.commonPrefix().lowercased()) })
    }
  }
}
