import Testing

@testable import ApexOne

/// Addresses in fields of a list, and words that mean addresses.
@Suite struct AgentsAddressTests {
  private struct Universe: SelectionUniverse {
    var roster: AgentRoster
    var lines: [String] = []
    func names(in set: SelectionSet) throws(SelectionUnavailable) -> [AgentName] { [AgentName("GONE-1")!] }
    func lines(ofFile path: String) throws(SelectionUnavailable) -> [String] { lines }
  }

  private func universe(_ addresses: [String?], _ lines: [String] = []) -> Universe {
    Universe(
      roster: AgentRoster(addresses.enumerated().map { Agent(name: AgentName("WS-\($0 + 1)")!, address: $1) }),
      lines: lines)
  }

  /// Whatever tools and people write around it.
  @Test(arguments: [
    "10.20.0.2", "IP:10.20.0.2", "IPv4:10.20.0.2;IPv6:fe80::1", "10.20.0.2&10.30.0.3", "10.20.0.2%12", "10.20.0.2%eth0",
    "10.20.0.2-", "10.20.0.2 -fe80::1", "10.20.0.2..10.20.0.9", "10.20.0.1-10.20.0.2-10.20.0.3", "10.9.0.2\\10.20.0.3",
    "10.9.0.2+10.20.0.3", "10.20.0.2~10.20.0.9", "10.20.0.2#1", "10.20.0.2@eth0", "eth0:10.20.0.2",
    "192.168.1.1:10.20.0.2", "10.20.0.2_old", "~10.20.0.2", "10.20.0.2!", "192.168.1.1 - 10.20.0.2",
    "192.168.1.1--10.20.0.2", "$10.20.0.2", "10.20.0.2:", "010.020.000.002", "10.20.0.2:80:90", "tcp://10.20.0.2:80",
    "VPN-10.20.0.2", "10.20.0.2-24", "10.20.0.2.contoso.local", "::ffff:10.20.0.2", "[::ffff:10.20.0.2]:80",
    "::FFFF:0A14:0002", "::ffff:10.20.0.2:80", "64:ff9b::10.20.0.2", "IPv4 Address. . . : 10.20.0.2(Preferred)",
    "10．20．0．2", "１０.２０.０.２", "10。20。0。2", "١٠.٢٠.٠.٢", "10.20.0.2\u{200B}", "10.\u{200B}20.0.2",
    "192.168.0.1\u{200B}10.20.0.2", "10.20.0.2²", "inet:10.20.0.2/24", "10.20.0.2/24:eth0", "#10.20.0.2",
    "cafe10.20.0.2cafe", "10.19.0.1-10.21.0.1", "10.20.0.0/24", "10.16.0.0/12", "fe80::1,10.20.0.2",
    "10.20.0.2/255.255.0.0", "東京10.20.0.2東京",
    // What can't be read may be in it.
    "169541634", "0x0A140002", "10.20.2", "10,20,0,2", "10.20.0.2.5", "10.20.0.0002", "192.168.0.1 10.20.2",
    "2.0.20.10.in-addr.arpa", "ip-10-20-0-2", "10. 20. 0. 2",
  ])
  func isLeftOut(_ field: String) throws {
    for text in ["all!10.20.0.0/16", "all!@file:x", "all!10.20.*"] {
      let result = try Selection(text).evaluate(in: universe(["172.16.0.1", field], ["10.20.0.0/255.255.0.0"]))
      #expect(result.agents.map(\.name.text) == ["WS-1"], "\(text)")
    }
  }

  @Test(arguments: [
    ("IPv6:fe80::7", "fe80::7"), ("eth0:fe80::7", "fe80::7"), ("fe80::7%eth0", "fe80::7"), ("[fe80::7]:443", "fe80::7"),
    ("addr:fe80::7.", "fe80::7"), ("::1", "::1"), ("x=2001:db8::5/64;", "2001:db8::5"), ("fe80::1-fe80::9", "fe80::5"),
  ])
  func isFoundOfIPv6(_ field: String, _ address: String) throws {
    #expect(try Selection("all!\(address)").evaluate(in: universe(["10.0.0.1", field])).agents.count == 1)
    #expect(!AddressScan(field).hasUnread)
  }

  @Test func whoStaysAndWhoIsLeftOutIsSaid() throws {
    let fleet = universe(["10.20.2", nil, "n/a", "10.9.0.1", "00:15:5D:01:02:03 10.9.0.2", "12:30:45 10.9.0.3"])
    let result = try Selection("all!10.20.0.0/16").evaluate(in: fleet)
    #expect(result.agents.map(\.name.text) == ["WS-2", "WS-3", "WS-4", "WS-5", "WS-6"])
    #expect(result.unreadAddresses.map(\.text) == ["WS-1"])
    #expect(result.withoutAddress.map(\.text) == ["WS-2", "WS-3"])
    // Who is to be touched has an address that is written.
    let named = try Selection("10.9.0.0/16").evaluate(in: universe(["10.9.2", "10.8.0.1-10.10.0.1", "10.9.0.1"]))
    #expect(named.agents.map(\.name.text) == ["WS-3"] && named.unreadAddresses.map(\.text) == ["WS-1"])
    #expect(named.withoutAddress.isEmpty)
  }

  @Test(arguments: ["all!10.20.0.0/16", "all!@file:x", "@failed!@file:x"]) func networksAskForAddresses(_ text: String)
  {
    #expect(throws: SelectionError.self) {
      try Selection(text).evaluate(in: universe(text.hasPrefix("all") ? [nil, ""] : ["10.9.0.1"], ["10.20.0.0/16"]))
    }
  }

  @Test(arguments: [
    ("10.20.0.*", [1, 2, 3]), ("10.20.*", [1, 2, 3, 4]), ("10.20.*.*", [1, 2, 3, 4]), ("10.20.0.x", [1, 2, 3]),
    ("10.20.0.?", [1, 2]), ("10.20.0.1?", [3]), ("10.20.0.[1-9,12]", [1, 2, 3]), ("10.20.0.1-9", [1, 2]),
    ("10.20.0.1-10.20.0.9", [1, 2]), ("10.20.0.0/255.255.0.0", [1, 2, 3, 4]), ("10.*.0.2", [2]), ("10.20.0.2.", [2]),
    ("\"10.20.0.2\"", [2]), ("１０.２０.０.２", [2]), ("10.20.x.x", [1, 2, 3, 4]), ("fe80::1-fe80::9", [5]),
  ])
  func patterns(_ word: String, _ places: [Int]) throws {
    let addresses = ["10.20.0.1", "10.20.0.2", "10.20.0.12", "10.20.7.1", "fe80::5", "172.16.0.1"]
    let names = places.map { "WS-\($0)" }
    #expect(try Selection(word).evaluate(in: universe(addresses)).agents.map(\.name.text) == names)
    for text in ["all!\(word)", "all!@file:x"] {
      let left = try Selection(text).evaluate(in: universe(addresses, [word])).agents.map(\.name.text)
      #expect(left == (1...6).map { "WS-\($0)" }.filter { !names.contains($0) }, "\(text)")
    }
  }

  @Test(arguments: [
    "10.20.", "10.20.0", "10.20", "10.20.0.2-", "10.20.0.9-1", "10.20.0.2-VPN", "10.20.0.2_old", "10.20.0.300",
    "10.20.0.[1-300]", "10.20.0.0/255.0.255.0", "fe80::*", "10.20.1-9", "10.20.0.*/24", "1?.20",
  ])
  func whatMeansAddressesAndIsNoneIsRefused(_ word: String) {
    for text in [word, "all!\(word)", "all!@file:x"] {
      let error = #expect(throws: SelectionError.self) {
        try Selection(text).evaluate(in: universe(["10.20.0.1"], [word]))
      }
      #expect(error?.description.contains("is no") == true, "\(error?.description ?? "")")
    }
  }

  @Test func decorationHidesNoAddress() {
    var random = SeededGenerator(seed: 7)
    let signs = Array(" ,;|/\\()[]{}<>'\"=+~#&$@!_%*^?-:").map(String.init) + ["eth", "IP", "VPN ", "東", "\u{A0}", "－"]
    func decoration() -> String {
      (0..<Int.random(in: 0...4, using: &random)).map { _ in signs.randomElement(using: &random)! }.joined()
    }
    for _ in 0..<5_000 {
      let value = UInt32.random(in: 0 ... .max, using: &random)
      let address = [24, 16, 8, 0].map { "\(value >> UInt32($0) & 255)" }.joined(separator: ".")
      let field = decoration() + address + decoration()
      let scan = AddressScan(field)
      #expect(scan.written.contains(NetworkAddress(four: value)) || scan.hasUnread, "\(field)")
      let two = AddressScan("10.9.8.7" + signs.randomElement(using: &random)! + field)
      #expect(two.written.contains(NetworkAddress(four: value)) || two.hasUnread, "\(field)")
    }
  }

  @Test func anyTextIsRead() {
    var random = SeededGenerator(seed: 3)
    let letters = Array("0123456789....::::abcf/%-~ x[]１．\u{200B}東").map(String.init)
    for _ in 0..<3_000 {
      let text = (0..<Int.random(in: 0...50, using: &random)).map { _ in letters.randomElement(using: &random)! }
        .joined()
      let scan = AddressScan(text)
      #expect(scan.written.count <= text.utf8.count)
      _ = NetworkRange(text)
    }
    for piece in ["1.", "a:", "::", "1.1.1.1-", "10.0.0.0/8 ", "1.2.3.4.", ":1", "\u{200B}1."] {
      _ = AddressScan(String(repeating: piece, count: 100_000))
    }
  }

  @Test func theIndexAgreesWithAPlainSearch() {
    var random = SeededGenerator(seed: 9)
    func address() -> NetworkAddress { NetworkAddress(four: UInt32.random(in: 0...2_000, using: &random)) }
    func text(_ address: NetworkAddress) -> String {
      [24, 16, 8, 0].map { "\((address.four ?? 0) >> UInt32($0) & 255)" }.joined(separator: ".")
    }
    let fields = (0..<400).map { $0 % 3 == 0 ? "\(text(address()))-\(text(address()))" : text(address()) }
    let index = AddressIndex(universe(fields).roster.agents)
    for _ in 0..<200 {
      let (one, other) = (address(), address())
      guard let range = NetworkRange("\(text(min(one, other)))-\(text(max(one, other)))") else { continue }
      let wanted = fields.indices.filter { place in
        AddressScan(fields[place]).spans.contains { $0.first <= range.spans[0].last && $0.last >= range.spans[0].first }
      }
      #expect(Set(index.places(in: range)) == Set(wanted))
    }
  }
}

/// What counts as one name.
@Suite struct AgentsNameKeyTests {
  @Test(arguments: [
    ("ΚΌΣΜΟΣ", "κόσμος"), ("straße", "STRASSE"), ("STRAẞE", "strasse"), ("İSTANBUL", "istanbul"),
    ("ISTANBUL", "ıstanbul"),
    ("ＷＳ００１", "ws001"), ("ws００２", "WS002"), ("BÜRO", "bu\u{308}ro"), ("KELVIN-\u{212A}", "kelvin-k"), ("ﬁ-1", "FI-1"),
  ])
  func oneAgent(_ left: String, _ right: String) throws {
    let (one, other) = (try #require(AgentName(left)), try #require(AgentName(right)))
    #expect(one == other)
    #expect(MachineNames(host: right).match(left) == .same)
    #expect(NameIndex([one]).matches(right).count == 1)
    struct Universe: SelectionUniverse {
      let roster: AgentRoster
      let line: String
      func names(in set: SelectionSet) throws(SelectionUnavailable) -> [AgentName] { [] }
      func lines(ofFile path: String) throws(SelectionUnavailable) -> [String] { [line] }
    }
    let fleet = Universe(roster: AgentRoster([Agent(name: one), Agent(name: AgentName("Z")!)]), line: right)
    for text in ["all!\(right)", "all!@file:x", "all!\(right)*", "all!?\(left.dropFirst())"] {
      #expect(try Selection(text).evaluate(in: fleet).agents.map(\.name.text) == ["Z"], "\(text)")
    }
  }

  @Test func everyLetterIsFoldedOnceAndForAll() {
    for value in UInt32(0x80)...0x2FFFF {
      guard let scalar = Unicode.Scalar(value), scalar.properties.isAlphabetic else { continue }
      let key = AgentName.key(of: String(scalar))
      #expect(AgentName.key(of: key) == key, "\(value)")
      for form in [scalar.properties.uppercaseMapping, scalar.properties.lowercaseMapping] where form != String(scalar)
      {
        #expect(AgentName.key(of: form) == key, "\(value)")
      }
    }
  }

  /// NetBIOS has room for 15 bytes of the machine's code page.
  @Test(arguments: [
    ("東京本社営業部端末０３", "東京本社営業部", MachineNames.Match.same), ("東京本社営業部端末03", "東京本社営", .same),
    ("東京本社営業部端末03", "東京本社", .different), ("東京本社営業部端末03", "東京本社営業", .different),
    ("BÜRO-NÜRNBERG-0017", "BÜRO-NÜRNBERG-0", .same), ("BÜRO-NÜRNBERG-0017", "BÜRO-NÜRNBERG", .same),
    ("BÜRO-NÜRNBERG-0017", "BÜRO-NÜRNB", .different), ("ACCOUNTING-PC-0017", "ACCOUNTING-PC-", .different),
  ])
  func cutByBytes(_ agent: String, _ computer: String, _ match: MachineNames.Match) {
    #expect(MachineNames(computer: computer).match(agent) == match)
  }
}
