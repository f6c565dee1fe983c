import Testing

@testable import ApexOne

/// A header is never an agent: at the top, under titles, in the middle of files that were put together.
@Suite struct MismatchHeadersTests {
  @Test func joinedFilesOfTheField() throws {
    let list = try MismatchList(sample("joined-bom"))
    #expect(names(list) == ["WS-001", "WS-002"])
    #expect(list.rejected.map(\.reason) == [.headerAgain])
    #expect(list.agents[1].address == "10.20.0.12")
  }

  @Test(arguments: [
    // Three files, one without an end of line before the next.
    "\u{FEFF}Computer,IP Address\r\nWS-001,10.0.0.1\r\n\u{FEFF}Computer,IP Address\r\nWS-002,10.0.0.2\r\n"
      + "\u{FEFF}Computer,IP Address\r\nWS-003,10.0.0.3\r\n",
    // In other languages, in capitals, in quotes.
    "Computer,IP Address\nWS-001,10.0.0.1\nRechnername,IP-Adresse\nWS-002,10.0.0.2\nHost,IP\nWS-003,10.0.0.3\n",
    "Computer,IP Address\nWS-001,10.0.0.1\n\"COMPUTER\",\"IP ADDRESS\"\n\"WS-002\",\"10.0.0.2\"\nWS-003,10.0.0.3\n",
    // Quoted fields behind a byte order mark, a comma in one.
    "\u{FEFF}\"Computer\",\"IP Address\"\nWS-001,10.0.0.1\n\u{FEFF}\"Computer\",\"IP Address\"\n"
      + "\"WS-002\",\"10.0.0.2,10.0.0.9\"\nWS-003,10.0.0.3\n",
    // Words that nobody knows.
    "Gizmo,Whereabouts\nWS-001,10.0.0.1\nGizmo,Whereabouts\nWS-002,10.0.0.2\nGIZMO,whereabouts\nWS-003,10.0.0.3\n",
    "\u{FEFF}Gizmo,Whereabouts\nWS-001,10.0.0.1\nWS-002,10.0.0.2\n\u{FEFF}Maskin,Plats\nWS-003,10.0.0.3\n",
    // The first without a header.
    "WS-001,10.0.0.1\nWS-002,10.0.0.2\nComputer,IP Address\nWS-003,10.0.0.3\n",
    "\u{FEFF}WS-001,10.0.0.1\n\u{FEFF}WS-002,10.0.0.2\n\u{FEFF}Computer,IP Address\nWS-003,10.0.0.3\n",
    // With title lines.
    "Report\nComputer,IP Address\nWS-001,10.0.0.1\nWS-002,10.0.0.2\n\u{FEFF}Computer,IP Address\nWS-003,10.0.0.3\n",
  ])
  func joined(_ text: String) throws {
    let list = try read(text)
    #expect(names(list) == ["WS-001", "WS-002", "WS-003"])
    #expect(list.agents.map(\.address).map { $0?.prefix(8) } == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
    #expect(list.rejected.allSatisfy { $0.reason == .headerAgain })
    #expect(try names(MismatchList(utf16(text, true))) == names(list))
    let halves = text.unicodeScalars.split(separator: "\u{FEFF}").map { String(Substring($0)) }
    let joined = halves.enumerated().flatMap { utf16($1, $0 % 2 == 0) }
    #expect(try names(MismatchList(joined)) == names(list), "UTF-16, in turns of each byte order")
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func joinedNarrowLists(_ end: String) throws {
    let lines = ["\u{FEFF}Computer", "WS-001", "Computer", "WS-002", "\u{FEFF}Host", "host", "\u{FEFF}WS-003"]
    let list = try read(lines.joined(separator: end))
    // A machine may be called host; a file doesn't begin with it.
    #expect(names(list) == ["WS-001", "WS-002", "host", "WS-003"])
    #expect(list.rejected.map(\.line) == [3, 5])
  }

  @Test func joinedWithOtherColumns() throws {
    let list = try read(
      """
      Computer,IP Address,Domain
      WS-001,10.0.0.1,Sales
      Domain,Version,Computer
      Plant,14.0.1,WS-002
      Plant,14.0.2,WS-003
      IP Address,Host
      10.0.0.4,WS-004
      """)
    #expect(names(list) == ["WS-001", "WS-002", "WS-003", "WS-004"])
    #expect(list.agents.map(\.domain) == ["Sales", "Plant", "Plant", nil])
    #expect(list.agents.map(\.address) == ["10.0.0.1", nil, nil, "10.0.0.4"])
    #expect(list.agents[2].version == "14.0.2")
    #expect(list.agents[1].namedColumns?.map(\.name) == ["Domain", "Version", "Computer"])
    #expect(list.counts(of: list.agents, by: .domain) == ["Sales": 1, "Plant": 2, "": 1])
    #expect(list.counts(of: list.agents, column: 2) == ["Sales": 1, "Plant": 2, "": 1])
    #expect(list.notes.contains(.furtherHeaders(count: 2, firstLine: 3)))
    #expect(list.rejected.map(\.line) == [3, 6])
  }

  @Test(arguments: [
    "Mismatched agents\nServer,apexone,Date,2024-05-01\nComputer,IP Address\n",
    "Mismatched agents\nServer,apexone\nComputer,IP Address\n",
    "Server:,apexone.contoso.local,,\nCreated:,2024-05-01 08:00,by,admin\nComputer,IP Address,,\n",
    "Total,2\nComputer,IP Address\n", "Report,Mismatched\nComputer,IP Address\n",
    "Report\nServer,apexone,Date,today\nGizmo,Whereabouts\n", "Mismatched agents\n\nGizmo,Whereabouts\n",
    "Apex One,Server 1\nMaskin,IP-adress\n",
  ])
  func titles(_ head: String) throws {
    let list = try read(head + "WS-001,10.0.0.1\nWS-002,10.0.0.2\n")
    #expect(names(list) == ["WS-001", "WS-002"])
    #expect(list.rejected.isEmpty)
    #expect(list.agents[0].address == "10.0.0.1" || list.guess.columns[.address] == nil)
    #expect(list.notes.contains { if case .titleLines = $0 { true } else { false } })
  }

  @Test(arguments: [
    "Computers", "Hosts", "Maskiner", "Rechner", "Servers", "Endpoints", "PCs", "AllMachines", "ชื่อเครื่อง", "कंप्यूटर",
    "Máy tính", "מחשבים", "Machine_List", "Devices in scope",
  ])
  func oneColumnUnderAnyWord(_ word: String) throws {
    for end in ["\n", "\r\n", "\r"] {
      #expect(try names(read([word, "WS-001", "WS-002", ""].joined(separator: end))) == ["WS-001", "WS-002"])
    }
    let list = try read("\(word),Group\nWS-001,Sales\nWS-002,Plant\n")
    #expect(names(list) == ["WS-001", "WS-002"])
  }

  @Test func aHeaderToldByItsShapeIsSaid() throws {
    let list = try read("Maskiner\nWS-001\nWS-002\n")
    #expect(list.headers == ["Maskiner"])
    #expect(list.notes.contains(.headerByShape(line: 1, text: "Maskiner")))
  }

  @Test func whatIsNoHeaderStaysAnAgent() throws {
    #expect(try names(read("ZEUS\nHERA\nWS-001\n")) == ["ZEUS", "HERA", "WS-001"])
    #expect(try names(read("ZEUS\nHERA\nAPOLLO\n")) == ["ZEUS", "HERA", "APOLLO"])
    #expect(try names(read("zeus,Sales\nws-1,Sales\nws-2,Plant\n")) == ["zeus", "ws-1", "ws-2"])
    #expect(try names(read("WS-001,n/a\nWS-002,10.0.0.2\nWS-003,10.0.0.3\n")) == ["WS-001", "WS-002", "WS-003"])
    #expect(try names(read("Gizmo,Where\ndb-server,n/a\nWS-2,10.0.0.2\nWS-3,10.0.0.3\n")).first == "db-server")
    #expect(try names(read("Host,IP,Group\nclient,10.0.0.1,Sales\nhost,10.0.0.2,Status\n")) == ["client", "host"])
    #expect(try names(read("Host,Group\nWS-1,Sales\nclient,Sales\nserver,Plant\n")) == ["WS-1", "client", "server"])
  }

  @Test func aHeaderWiderThanItsRows() throws {
    let plain = try read("Computer,IP Address,Domain,Remark,Owner\nWS-001,10.0.0.1\nWS-002,10.0.0.2\n")
    #expect(names(plain) == ["WS-001", "WS-002"] && plain.agents[1].address == "10.0.0.2")
    let unknown = try read("Gizmo,Whereabouts,Remark\nWS-001,10.0.0.1\nWS-002,10.0.0.2\n")
    #expect(names(unknown) == ["WS-001", "WS-002"])
    // A comma inside a name moves all that stands behind it.
    let shifted = try read(
      "Address (IPv4, IPv6),Computer,Domain\n10.0.0.1,WS-001,Sales\n10.0.0.2,WS-002,Plant\n10.0.0.3,WS-003,Sales\n")
    #expect(names(shifted) == ["WS-001", "WS-002", "WS-003"])
    #expect(shifted.agents.map(\.address) == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
    #expect(shifted.agents.allSatisfy { $0.domain == nil }, "which column is the domain's can't be told")
    #expect(shifted.guess.isHostColumnGuessed)
  }

  @Test func aHeaderNarrowerThanItsRows() throws {
    let list = try read("Computer,Domain\n1,WS-001,Sales\n2,WS-002,Sales\n3,WS-003,Plant\n")
    #expect(names(list) == ["WS-001", "WS-002", "WS-003"])
    let more = try read("Computer,IP Address\nWS-001,10.0.0.1,x,y\nWS-002,10.0.0.2,x,z\n")
    #expect(names(more) == ["WS-001", "WS-002"] && more.agents[0].address == "10.0.0.1")
  }

  @Test func aNameThatStandsTwice() throws {
    let list = try MismatchList(sample("host-column-twice"))
    #expect(names(list) == ["WS-001", "WS-002", "WS-003"])
    #expect(list.notes == [.columnTwice(name: "Host", columns: [1, 3], taken: "Host #2")])
    #expect(list.notes[0].sentence.contains("'Host' stands twice (columns 1, 3): 'Host #2' was taken"))
    let first = try MismatchList(sample("host-column-twice"), hostColumn: "host #1")
    #expect(
      names(first) == ["ESX-01", "ESX-02"] && first.notes.contains { if case .duplicates = $0 { true } else { false } })
    #expect(try names(MismatchList(sample("host-column-twice"), hostColumn: "Host #2")) == names(list))
    #expect(try names(MismatchList(sample("host-column-twice"), hostColumn: "Host")) == names(list))
    #expect(try names(MismatchList(sample("host-column-twice"), hostColumn: "1")) == ["ESX-01", "ESX-02"])
    let error = #expect(throws: MismatchListError.self) {
      try MismatchList(sample("host-column-twice"), hostColumn: "Host #3")
    }
    #expect(error == .unknownColumn(name: "Host #3", line: 1, columns: ["Host #1", "IP", "Host #2"]))
    let unknown = try read("Gizmo,Gizmo,IP\nold,WS-001,10.0.0.1\nold,WS-002,10.0.0.2\n")
    #expect(names(unknown) == ["WS-001", "WS-002"])
    let empty = try read("Computer,IP,IP,Computer\nWS-001,,10.0.0.1,\nWS-002,,10.0.0.2,\n")
    #expect(names(empty) == ["WS-001", "WS-002"] && empty.agents[0].address == "10.0.0.1")
  }

  private func utf16(_ text: String, _ isBigEndian: Bool) -> [UInt8] {
    Array(("\u{FEFF}" + text).utf16).flatMap { unit in
      isBigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
  }
}
