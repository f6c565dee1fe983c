import Testing

@testable import ApexOne

/// Names and addresses as tools and people write them: what is read, what is said, what is refused.
@Suite struct MismatchNamesTests {
  @Test func invisibleEndsOfTheField() throws {
    let list = try MismatchList(sample("names-with-invisible-ends"))
    #expect(names(list) == ["WS-001", "WS-002", "WS-003"])
    #expect(list.rejected.isEmpty)
    #expect(list.notes == [.mendedNames(count: 3, firstLine: 2, text: "WS-001\u{A0}", name: "WS-001")])
    #expect(list.notes[0].sentence.hasSuffix(#"the first on line 2: 'WS-001\u{A0}' as WS-001"#))
    #expect(list.agents.map(\.address) == ["10.20.0.11", "10.20.0.12", "10.20.0.13"])
    #expect(list.agents.allSatisfy { $0.domain == "Sales" })
  }

  @Test(arguments: [
    "\u{A0}WS-001", "WS-001\u{200B}", "\u{FEFF}WS-001", "WS-001\u{200E}", "\u{200F}WS-001", "\u{202A}WS-001\u{202C}",
    "WS-001\u{AD}", "\u{3000}WS-001", "WS-001\u{2060}", "\u{2066}WS-001\u{2069}", "=\"WS-001\"", "\"=\"\"WS-001\"\"\"",
    "'WS-001", "'WS-001'", "“WS-001”", "WS-001.", "WS-001$", "\\\\WS-001", "ＷＳ－００１", "WS-001\u{200D}",
    "CONTOSO\\WS-001", "CONTOSO\\WS-001$", "\u{FEFF}\"WS-001\"",
  ])
  func readAsOne(_ text: String) throws {
    let list = try read("Computer,IP Address\n\(text),10.0.0.1\nWS-002,10.0.0.2\n")
    #expect(names(list) == ["WS-001", "WS-002"])
    let isSaid = list.notes.contains { if case .mendedNames(1, 2, _, "WS-001") = $0 { true } else { false } }
    // A byte order mark at the beginning of a row is that of a file that was put behind.
    #expect(isSaid || text.unicodeScalars.first == "\u{FEFF}")
    #expect(try names(read("\(text)\nWS-002\n")) == ["WS-001", "WS-002"], "without a header")
  }

  @Test func fullNamesWithADot() throws {
    #expect(try names(read("Host,IP\nws-001.contoso.local.,10.0.0.1\n")) == ["ws-001.contoso.local"])
    #expect(try names(read("Host,IP\nws-001..,10.0.0.1\nWS-2,10.0.0.2\n")) == ["WS-2"])
  }

  @Test(arguments: [
    "WS\u{200B}-001", "W\u{AD}S-001", "WS\u{200D}001", "\u{202E}WS-001", "\u{1B}WS-001", "WS-001\u{1B}[0m", "WS-001$$",
    "=WS-001", "=cmd|'/c calc'!A1", "=\"\"", "'", "A\\B\\C", "\\\\SRV\\share", "WS-001;WS-002", "a\u{3164}b",
  ])
  func refused(_ text: String) throws {
    let list = try read("Computer,IP Address\n\(text),10.0.0.1\nWS-002,10.0.0.2\n")
    #expect(names(list) == ["WS-002"])
    #expect(list.rejected.map(\.line) == [2])
  }

  @Test func aDomainIsTakenOffWhereAllNamesHaveTheSame() throws {
    let one = try read("Computer,IP\nCONTOSO\\WS-001,10.0.0.1\ncontoso\\WS-002$,10.0.0.2\nWS-003,10.0.0.3\n")
    #expect(names(one) == ["WS-001", "WS-002", "WS-003"])
    let two = try read("Computer,IP\nCONTOSO\\WS-001,10.0.0.1\nOTHER\\WS-001,10.0.0.2\nWS-003,10.0.0.3\n")
    #expect(names(two) == ["WS-003"])
    #expect(two.rejected[0].reason.sentence.contains("it names the domain CONTOSO, and other rows name others"))
  }

  @Test(arguments: ["เครื่อง-ที่-1", "कंप्यूटर-1", "BU\u{308}RO-1", "Ｗ-1".replacing("Ｗ", with: "端末"), "ኮምፒውተር1", "კომპ-1"])
  func lettersOfAnyScript(_ name: String) throws {
    let list = try read("Computer,IP Address\n\(name),10.0.0.1\n")
    #expect(list.agents.map(\.name) == [try #require(AgentName(name))] && list.rejected.isEmpty)
    #expect(list.notes.isEmpty)
    let twice = try read("Computer,IP\nBU\u{308}RO-1,10.0.0.1\nBÜRO-1,10.0.0.1\n")
    #expect(twice.agents.count == 1 && twice.duplicates.count == 1)
  }

  @Test func severalAddressesOfTheField() throws {
    let list = try MismatchList(sample("several-addresses"))
    #expect(list.agents.count == 7)
    #expect(list.guess.columns[.address] == 1)
    func inNetwork(_ text: String) throws -> [Int] {
      let network = try #require(NetworkRange(text))
      return AddressIndex(list.agents.enumerated().map { ($0, $1) }).places(in: network).map { $0 + 1 }
    }
    #expect(Set(try inNetwork("10.20.0.0/16")) == [1, 2, 3, 4, 5, 7])
    #expect(try inNetwork("192.168.7.0/24") == [1])
    #expect(try inNetwork("10.20.0.13") == [2] && inNetwork("10.20.0.15") == [3] && inNetwork("10.20.0.18") == [7])
    #expect(Set(try inNetwork("fe80::/10")) == [1, 5])
    #expect(try inNetwork("10.20.9.0/24") == [])
  }

  @Test(arguments: [
    ("{10.20.0.17, fe80::a1b2}", ["10.20.0.0/24", "fe80::/64"]), ("10.20.0.16/24", ["10.20.0.0/24"]),
    ("10.0.0.1;10.0.1.1|10.0.2.1", ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]),
    ("[fe80::1%eth0]", ["fe80::/64"]), ("2001:db8:1:2:3::4/64", ["2001:db8:1:2::/64"]),
    ("10.0.0.1:8080", ["10.0.0.0/24"]),
    ("10.0.0.1 (DHCP)", ["10.0.0.0/24"]), ("10.0.0.1\u{A0}\n10.0.0.2", ["10.0.0.0/24"]),
    ("::ffff:10.0.0.1", ["10.0.0.0/24"]),
    ("\"10.0.0.1\"", ["10.0.0.0/24"]), ("System.String[]", []), ("n/a", []), ("14.0.12980", []), ("10.0.0.256", []),
    ("", []),
    ("010.020.000.018", ["10.20.0.0/24"]), ("::1", ["::/64"]),
    ("10.20.0.2.", ["10.20.0.0/24"]), ("10.20.0.3-10.20.1.9", ["10.20.0.0/24", "10.20.1.0/24"]),
    ("10.20.0.31/255.255.255.0", ["10.20.0.0/24"]), ("10.20.0.1/10.20.1.1", ["10.20.0.0/24", "10.20.1.0/24"]),
    ("ws-10.20.0.1", []), ("10.20.0.4-DHCP", ["10.20.0.0/24"]),
  ])
  func subnets(_ field: String, _ subnets: [String]) {
    #expect(NetworkRange.subnets(in: field) == subnets)
  }

  @Test func aLeadingEscapeOfADomainIsKept() throws {
    let list = try read("Computer,Domain\nWS-001,\u{1B}[2JSales\nWS-002,\u{A0}Sales\u{200B}\nWS-003,=\"Sales\"\n")
    #expect(list.agents.map(\.domain) == ["\u{1B}[2JSales", "Sales", "Sales"])
    #expect(list.counts(of: list.agents, by: .domain) == ["\u{1B}[2JSales": 1, "Sales": 2])
  }

  // MARK: Size

  @Test func aBrokenRowIsShownAndNotRead() throws {
    let wide = "WS-002" + String(repeating: ",x", count: 20_000)
    let list = try read("Computer,IP Address\nWS-001,10.0.0.1\n\(wide)\nWS-003,10.0.0.3\n")
    #expect(names(list) == ["WS-001", "WS-003"])
    #expect(list.rejected.map(\.reason) == [.broken(cells: 20_001)])
    #expect(list.rejected[0].raw == wide && list.rejected[0].columns.count == 10_000)
    let atTop = try read("\(wide)\nComputer,IP Address\nWS-001,10.0.0.1\nWS-002,10.0.0.2\n")
    #expect(names(atTop).contains("WS-001") && !names(atTop).contains("Computer"))
    let fits = try read("Computer,IP\nWS-001" + String(repeating: ",", count: 9_999) + "\n")
    #expect(names(fits) == ["WS-001"])
  }

  @Test func rowsAreBounded() {
    let rows = String(repeating: "a\n", count: 1_000_001)
    #expect(throws: MismatchListError.tooManyRows(line: 1_000_001)) { try read(rows) }
  }

  @Test func textThatMustBeConvertedIsBounded() {
    let bytes = [UInt8](repeating: 0xE9, count: (96 << 20) + 1)
    #expect(throws: MismatchListError.tooLarge(bytes: bytes.count, most: 96 << 20)) { try MismatchList(bytes) }
  }
}
