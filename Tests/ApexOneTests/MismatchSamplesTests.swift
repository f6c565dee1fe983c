import ApexOne
import Foundation
import Testing

/// The lists in `Samples`, one a form that servers and spreadsheets are known to write.
@Suite struct MismatchSamplesTests {
  @Test func utf8WithComma() throws {
    let list = try MismatchList(sample("utf8-comma"))
    #expect(names(list) == (1...40).map { "WS-\(padded($0))" })
    #expect(list.headers?.count == 7)
    #expect(list.guess.encoding == .utf8)
    #expect(list.guess.delimiter == ",")
    #expect(list.guess.headerLine == 1)
    #expect(list.notes.isEmpty)
    let second = list.agents[1]
    #expect(second.address == "10.20.0.3")
    #expect(second.domain == "Plant\\Line 2")
    #expect(second.guid == "5eb561a4-ea7b-4c1e-9a0b-795b9a9a80fd")
    #expect(second.version == "14.0.12980")
    #expect(second.line == 3)
    #expect(second.columns.count == 7)
    #expect(second.namedColumns?.map(\.name) == list.headers)
    #expect(second.namedColumns?.last?.value == "Online")
  }

  @Test func utf16WithTab() throws {
    let list = try MismatchList(sample("utf16le-tab"))
    #expect(names(list) == (1...25).map { "LAP-\(padded($0))" })
    #expect(list.guess.encoding == .utf16LittleEndian)
    #expect(list.guess.isEncodingCertain)
    #expect(list.guess.delimiter == "\t")
    #expect(list.agents[1].domain == "Plant\\Line 2")
  }

  @Test func codePageWithSemicolon() throws {
    let list = try MismatchList(sample("cp1252-semicolon"))
    #expect(names(list) == (1...12).map { "BÜRO-\(padded($0).dropFirst())" })
    #expect(list.guess.encoding == .windows1252)
    #expect(list.notes == [.encodingGuessed(.windows1252)])
    #expect(list.agents[0].domain == "Köln;Süd")
    #expect(list.headers == ["Rechnername", "IP-Adresse", "Domäne", "Betriebssystem"])
  }

  @Test func withoutHeader() throws {
    let list = try MismatchList(sample("no-header"))
    #expect(names(list) == (1...7).map { "SRV0\($0)" })
    #expect(list.headers == nil)
    #expect(list.agents[6].address == "10.9.8.7")
    #expect(list.agents[6].namedColumns == nil)
    #expect(list.agents[6].columns == ["SRV07", "10.9.8.7"])
    #expect(list.notes.contains(.noHeader))
  }

  @Test func pageIsRefused() throws {
    #expect(throws: MismatchListError.notAList(line: 1, looksLike: "a web page (HTML)")) {
      try MismatchList(sample("not-a-list"))
    }
  }
}

func sample(_ name: String) throws -> [UInt8] {
  let url = try #require(Bundle.module.url(forResource: "Samples/\(name)", withExtension: "csv"))
  return Array(try Data(contentsOf: url))
}

func names(_ list: MismatchList) -> [String] { list.agents.map(\.name.text) }

func padded(_ number: Int, to width: Int = 3) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(width - digits.count, 0)) + digits
}
