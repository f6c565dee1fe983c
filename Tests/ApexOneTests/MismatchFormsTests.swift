import ApexOne
import Testing

/// Forms of a list that a real one may have: each is small enough to be read here.
@Suite struct MismatchFormsTests {
  @Test(arguments: ["\r\n", "\n", "\r"]) func lineEnds(_ end: String) throws {
    let list = try read(["Host,IP", "A1,10.0.0.1", "", "A2,10.0.0.2"].joined(separator: end))
    #expect(names(list) == ["A1", "A2"])
    #expect(list.agents.map(\.line) == [2, 4])
  }

  @Test func quotedFields() throws {
    let list = try read(
      "Domain;Computer Name;Note\r\n\"A;B\";A1;\"two\r\nlines\"\r\n \"said \"\"no\"\"\" ;A2;x\r\nC;A3;\"a\" b\r\n")
    #expect(names(list) == ["A1", "A2", "A3"])
    #expect(list.agents[0].columns == ["A;B", "A1", "two\r\nlines"])
    #expect(list.agents[1].domain == "said \"no\"")
    #expect(list.agents[1].line == 4)
    #expect(list.agents[2].columns[2] == "a b")
    #expect(list.notes == [.looseText(count: 1, firstLine: 5)])
  }

  @Test func openQuoteSaysWhereItOpened() {
    #expect(throws: MismatchListError.openQuote(line: 3)) {
      try read("Host,IP\nA1,10.0.0.1\nA2,\"10.0.0.2\nA3,10.0.0.3\n")
    }
  }

  @Test func titleLinesStandAboveTheHeader() throws {
    let list = try read("Mismatched agents\nServer: apexone.contoso.local\n\nEndpoint,IP Address\nA1,10.0.0.1\n")
    #expect(names(list) == ["A1"])
    #expect(list.guess.headerLine == 4)
    #expect(
      list.notes == [.titleLines(first: 1, texts: ["Mismatched agents", "Server: apexone.contoso.local"])])
  }

  @Test func raggedRowsKeepTheirExtras() throws {
    let list = try read("Host,IP,,\nA1,10.0.0.1,,\nA2\nA3,10.0.0.3,extra,more\n")
    #expect(list.headers == ["Host", "IP"])
    #expect(names(list) == ["A1", "A2", "A3"])
    #expect(list.notes == [.raggedRows(count: 2, firstLine: 3)])
    #expect(list.agents[1].address == nil)
    #expect(list.agents[1].namedColumns?.map(\.value) == ["A2", nil])
    #expect(list.agents[2].namedColumns?.map(\.value) == ["A3", "10.0.0.3", "extra", "more"])
    #expect(list.agents[2].namedColumns?.map(\.name) == ["Host", "IP", nil, nil])
  }

  @Test func duplicatesAndRejectedRowsAreKept() throws {
    let list = try read("Host,IP\nA1,10.0.0.1\na1,10.0.0.9\nCONTOSO/A2,10.0.0.2\n,10.0.0.3\nHost,IP\nA 4,x\n")
    #expect(names(list) == ["A1"])
    #expect(list.duplicates.map(\.line) == [3])
    #expect(list.duplicates[0].firstLine == 2)
    #expect(list.duplicates[0].raw == "a1,10.0.0.9")
    #expect(list.rejected.map(\.line) == [4, 5, 6, 7])
    #expect(list.rejected[0].raw == "CONTOSO/A2,10.0.0.2")
    #expect(list.rejected[0].reason == .notAHostName("CONTOSO/A2", fault: "it holds '/'"))
    #expect(list.rejected.map(\.reason)[1...2] == [.noHost, .headerAgain])
    #expect(list.notes == [.duplicates(count: 1, firstLine: 3), .rejected(count: 4, firstLine: 4)])
  }

  @Test(arguments: ["", "\u{FEFF}", "\r\n\r\n", "  \n\t\n", ",,,\n,,\n"]) func nothing(_ text: String) throws {
    let list = try read(text)
    #expect(list.agents.isEmpty)
    #expect(list.notes.last == .emptyFile)
  }

  @Test func headerAlone() throws {
    let list = try read("Computer Name,IP Address\r\n")
    #expect(list.agents.isEmpty)
    #expect(list.notes == [.noRows])
  }

  @Test func excelSaysItsDelimiter() throws {
    let list = try read("sep=;\r\nHost;Note\r\nA1;a,b,c\r\nA2;d,e,f")
    #expect(names(list) == ["A1", "A2"])
    #expect(list.guess.isDelimiterSaid)
    #expect(list.agents.map(\.line) == [3, 4])
  }

  @Test func delimiterInsideFieldsIsNotTaken() throws {
    let list = try read("Computer Name,IP Address\nA1,10.0.0.1;fe80::1\nA2,10.0.0.2;fe80::2\n")
    #expect(list.guess.delimiter == ",")
    #expect(list.agents[0].address == "10.0.0.1;fe80::1")
  }

  @Test func oneColumn() throws {
    #expect(names(try read("WS-001\nWS-002\nWS-003")) == ["WS-001", "WS-002", "WS-003"])
    #expect(names(try read("Computer Name\nWS-001\n")) == ["WS-001"])
    // A name that is also a header word doesn't turn the agents above it into titles.
    #expect(names(try read("WS-001\nWS-002\nhost\nWS-004")) == ["WS-001", "WS-002", "host", "WS-004"])
  }

  @Test(arguments: [
    "IP-Adresse;Rechnername;Domäne;Agentenversion", "Adresse IP;Nom de l'ordinateur;Domaine;Version de l’agent",
    "Dirección IP;Nombre del equipo;Dominio;Versión del agente", "Indirizzo IP;Nome computer;Dominio;Versione agente",
    "IPアドレス;コンピュータ名;ドメイン;エージェントバージョン", "IP地址;计算机名;域;版本", "IP 位址;電腦名稱;網域;版本",
    "ip_address;ENDPOINT NAME;Domain Hierarchy;Agent Version",
  ])
  func headersInManyLanguages(_ header: String) throws {
    let list = try read(header + "\n10.0.0.1;A1;Sales;14.0.1\n")
    #expect(names(list) == ["A1"])
    #expect(list.agents[0].address == "10.0.0.1")
    #expect(list.agents[0].domain == "Sales")
    #expect(list.agents[0].version == "14.0.1")
    #expect(!list.guess.isHostColumnGuessed)
  }

  @Test func columnsWithoutHeaderAreFoundByValue() throws {
    let list = try read(
      """
      2024-05-01,Online,10.0.0.1,3ceb3ffd-97b7-4c1e-9a0b-21638b529b4a,WS-001,14.0.12980
      2024-05-02,Online,10.0.0.2,3ceb3ffd-97b7-4c1e-9a0b-21638b529b4b,WS-002,14.0.12980
      2024-05-03,Offline,10.0.0.3,3ceb3ffd-97b7-4c1e-9a0b-21638b529b4c,WS-003,14.0.12980
      """)
    #expect(names(list) == ["WS-001", "WS-002", "WS-003"])
    #expect(list.guess.columns == [.host: 4, .address: 2, .guid: 3, .version: 5])
    #expect(list.notes == [.noHeader, .hostColumnGuessed("5")])
  }

  @Test func unknownHeaderWordsAreStillAHeader() throws {
    let list = try read("Gizmo,Whereabouts\nWS-001,10.0.0.1\nWS-002,10.0.0.2\n")
    #expect(list.headers == ["Gizmo", "Whereabouts"])
    #expect(names(list) == ["WS-001", "WS-002"])
    #expect(list.notes == [.hostColumnGuessed("Gizmo")])
  }

  @Test func valuesThatAreHeaderWordsMakeNoHeader() throws {
    #expect(names(try read("WS-001,Status,Server\nWS-002,Status,Server\n")) == ["WS-001", "WS-002"])
    #expect(names(try read("WS-001,Status,Server\n")) == ["WS-001"])
    #expect(names(try read("alpha,Group,Server\nbeta,Group,Server\n")) == ["alpha", "beta"])
  }

  @Test func theUserSettlesTheColumn() throws {
    let text = "Tag,Box\nx1,WS-001\nx2,WS-002\n"
    #expect(names(try MismatchList(Array(text.utf8), hostColumn: "box")) == ["WS-001", "WS-002"])
    #expect(names(try MismatchList(Array("x1,WS-001\nx2,WS-002".utf8), hostColumn: "2")) == ["WS-001", "WS-002"])
    #expect(throws: MismatchListError.unknownColumn(name: "Nope", line: 1, columns: ["Host", "IP"])) {
      try MismatchList(Array("Host,IP\nA1,10.0.0.1\n".utf8), hostColumn: "Nope")
    }
  }

  @Test func addressesAreNoHostNames() throws {
    let list = try read("Host,Note\n10.0.0.1,x\nA1,y\n")
    #expect(names(list) == ["A1"])
    #expect(list.rejected.map(\.line) == [2])
  }
}

func read(_ text: String) throws -> MismatchList { try MismatchList(Array(text.utf8)) }
