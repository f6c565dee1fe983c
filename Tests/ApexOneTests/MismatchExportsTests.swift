import InputText
import Testing

@testable import ApexOne

/// Lists as reports, spreadsheets and shells write them: what stands around the table is no agent, and said.
@Suite struct MismatchExportsTests {
  private static let rows = "WS-001,10.0.0.1,HQ\nWS-002,10.0.0.2,HQ\n"

  @Test(arguments: [
    "Report,2026\nx,y,z\nHosts,Addr,Site\n", "Report,2026\nHosts,Addr,Site\n",
    "Report,2026,HQ\nHosts,Addr,Site\n", "Apex One,14.0,x\nCreated,2026-11-28\nMaskiner,Addr,Site\n",
  ])
  func titlesOfSeveralCells(_ head: String) throws {
    let list = try read(head + Self.rows)
    #expect(names(list) == ["WS-001", "WS-002"], "\(list.notes)")
    #expect(list.agents[0].address == "10.0.0.1" || list.guess.columns[.address] == nil)
    #expect(list.notes.contains { if case .titleLines = $0 { true } else { false } })
  }

  @Test(arguments: ["Host", "HOSTNAME", "Computers", "hostname", "Rechner", "コンピュータ名"])
  func aSecondHeaderInAListOfOneColumn(_ word: String) throws {
    for head in ["", "Computer\n", "Maskiner\n", "Report\nComputer\n"] {
      let list = try read("\(head)WS-001\nWS-002\n\(word)\nWS-003\n")
      #expect(names(list) == ["WS-001", "WS-002", "WS-003"], "\(head)")
      #expect(list.rejected.map(\.reason) == [.headerAgain], "\(head)")
    }
    // Where names have no digits, it may be one.
    #expect(try names(read("Computer\nZEUS\nHERA\n\(word)\nAPOLLO\n")).count == 4)
  }

  @Test(arguments: [
    "Total,12", "Total,2,", "TOTAL", "Gesamt,,2", "合計,2", "Sum", "\nTotal,2", "\nConfidential", "\nEnd,,",
  ])
  func whatStandsBelowTheTable(_ line: String) throws {
    let list = try read("Computer,IP Address,Site\n" + Self.rows + line + "\n")
    #expect(names(list) == ["WS-001", "WS-002"], "\(list.rejected)")
    #expect(list.rejected.count == 1 && [.total, .remark].contains(list.rejected[0].reason))
    let bare = try read(Self.rows + line + "\n")
    #expect(names(bare) == ["WS-001", "WS-002"])
  }

  @Test func whatMayBeAMachineIsNone() throws {
    #expect(try names(read("Computer,IP\nWS-001,10.0.0.1\nWS-002,10.0.0.2\nTOTAL,10.0.0.3\n")).last == "TOTAL")
    #expect(try names(read("Computer,IP\nWS-001,10.0.0.1\nWS-002,10.0.0.2\nzeus,\n")).last == "zeus")
    #expect(try names(read("Computer,IP\nWS-001,10.0.0.1\nWS-002,10.0.0.2\n\nWS-003,\n")).last == "WS-003")
    #expect(try names(read("Computer\nzeus\nhera\ntotal\n")).last == "total")
    #expect(try names(read("Computer,IP\nTotal,2\n")) == ["Total"])
  }

  @Test(arguments: [
    "sep=;\nComputer;IP Address;Site\nWS-001;10.0.0.1;HQ\nWS-002;10.0.0.2;HQ\nTotal;2;\n",
    "\"Computer\nName\",\"IP\r\nAddress\",Site\nWS-001,10.0.0.1,HQ\nWS-002,10.0.0.2,HQ\n",
    ",Computer,IP Address\n,WS-001,10.0.0.1\n,WS-002,10.0.0.2\n",
    "Computer\tIP Address\nWS-001\t10.0.0.1\nWS-002\t10.0.0.2\n\t\n\t\n\t\n",
    "Computer,IP Address,Computer\nWS-001,10.0.0.1,\nWS-002,10.0.0.2,\n,,\n,,\n",
    "Report of 2026-11-28,,\nComputer,IP Address,Site\n" + rows
      + "\n\nExported by CONTOSO\\admin on 2026-11-28 at 23:00\n",
    "Computer,IP Address\n\"WS-001\",\"10.0.0.1\"\n\"WS-002\",\"10.0.0.2\"\n\"2 rows\",\n",
  ])
  func otherExports(_ text: String) throws {
    let list = try read(text)
    #expect(names(list) == ["WS-001", "WS-002"], "\(list.notes)")
    #expect(list.agents[0].address == "10.0.0.1")
    #expect(try names(MismatchList(utf16(text))) == names(list))
  }

  @Test(arguments: [600, 5_000]) func thousandsOfEmptyColumns(_ count: Int) throws {
    let tail = String(repeating: ",", count: count) + "\n"
    let list = try read("Computer,IP Address" + tail + "WS-001,10.0.0.1" + tail + "WS-002,10.0.0.2" + tail)
    #expect(names(list) == ["WS-001", "WS-002"] && list.agents[1].address == "10.0.0.2")
    let joined = try read(
      "Gizmo,Where" + tail + "WS-001,10.0.0.1" + tail + "Computer,IP" + tail + "WS-002,10.0.0.2" + tail)
    #expect(names(joined) == ["WS-001", "WS-002"])
  }

  // MARK: Two encodings

  private func utf16(_ text: String, isBigEndian: Bool = false, hasMark: Bool = true) -> [UInt8] {
    Array(((hasMark ? "\u{FEFF}" : "") + text).utf16).flatMap { unit in
      isBigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
  }

  /// `cat a.csv b.csv` of a shell that wrote one of them in UTF-16.
  @Test(arguments: [true, false], [true, false])
  func filesOfTwoEncodingsAreRefusedWithThePlace(isBigEndian: Bool, hasMark: Bool) throws {
    let narrow = Array("Computer,IP Address\r\nWS-001,10.0.0.1\r\n".utf8)
    for text in [
      "Computer,IP Address\r\nWS-002,10.0.0.2\r\n", "Computer,IP Address\r\n端末-002,10.0.0.2\r\n", "WS-2\n",
      String(repeating: "WS-002,10.0.0.2\r\n", count: 2_000),
    ] {
      let wide = utf16(text, isBigEndian: isBigEndian, hasMark: hasMark)
      for (mark, first, second, isWideFirst) in [
        (0, narrow, wide, false), (3, FileText.mark + narrow, wide, false), (0, wide, narrow, true),
        (0, wide, FileText.mark + narrow, true), (0, wide, Array("WS-3\n".utf8), true),
        (0, wide, Array(String(repeating: "WS-003,10.0.0.3\n", count: 2_000).utf8), true),
      ] {
        let error = #expect(throws: MismatchListError.self, "\(text.prefix(20)) \(mark) \(isWideFirst)") {
          try MismatchList(first + second)
        }
        guard case .mixedEncodings(let offset, let isWide) = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
        #expect(isWide == isWideFirst && abs(offset - first.count) <= 1, "\(offset), not \(first.count)")
        #expect(throws: FileTextFault.self) { try FileText.decode(first + second) }
      }
    }
  }

  @Test(arguments: [true, false]) func oneEncodingIsNotTwo(isBigEndian: Bool) throws {
    let words = [
      "端末名,アドレス\r\n端末-001,10.0.0.1\r\n", "计算机名称,部门\n计算机一二三四五六七八九十,丠丮中丰丱丷丸丹为主丼丽举\n",
      "ਕੰਪਿਊਟਰ,ਪਤਾ\nਕੰਪਿਊਟਰਕੰਪਿਊਟਰਕੰਪਿਊਟਰ,ਪਤਾ\n", "കമ്പ്യൂട്ടർ,സ്ഥലം\nകമ്പ്യൂട്ടർകമ്പ്യൂട്ടർ,സ്ഥലം", "Computer\nWS-001\n",
    ]
    for text in words {
      #expect(UTF16Text.joint(in: utf16(text, isBigEndian: isBigEndian)) == nil, "\(text)")
      #expect(UTF16Text.joint(in: Array(text.utf8)) == nil)
    }
    let joined =
      utf16("Computer\nWS-001\n", isBigEndian: isBigEndian) + utf16("Computer\nWS-002\n", isBigEndian: !isBigEndian)
    #expect(try names(MismatchList(joined)) == ["WS-001", "WS-002"])
  }
}
