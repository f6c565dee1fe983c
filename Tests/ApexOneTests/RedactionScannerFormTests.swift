import Foundation
import Testing

@testable import ApexOne

/// Forms that put other things between the parts of a secret.
extension RedactionScannerTests {
  static let long = "Sommer-2026!Apex-Entladen"

  private static func hex(_ bytes: ArraySlice<UInt8>, _ separator: String, of width: Int = 1) -> String {
    stride(from: bytes.startIndex, to: bytes.endIndex, by: width).map {
      Hex.lower(Array(bytes[$0..<min($0 + width, bytes.endIndex)]))
    }.joined(separator: separator)
  }

  /// Lines of 16 bytes: offset, hex, text.
  private static func dump(_ line: (Int, ArraySlice<UInt8>, String) -> String) -> [String] {
    let bytes = Array("pw is now \(long)".utf8)
    return stride(from: 0, to: bytes.count, by: 16).map { start in
      let part = bytes[start..<min(start + 16, bytes.count)]
      return line(start, part, String(decoding: part, as: UTF8.self))
    }
  }

  private static func offset(_ value: Int, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }

  static let dumps: [[String]] = [
    dump { "\(offset($0, 8)): \(hex($1, " ", of: 2))  \($2)" },
    dump { "\(offset($0, 8))  \(hex($1.prefix(8), " "))  \(hex($1.dropFirst(8), " "))  |\($2)|" },
    dump { "\(offset($0, 4))\t\(hex($1.prefix(8), " "))  \(hex($1.dropFirst(8), " "))   \($2)" },
    dump { "\(offset($0, 8))   \(hex($1, " "))  \($2)" },
    dump { start, part, _ in "0x\(offset(start, 8)): \(hex(part, " ", of: 4))" },
  ]

  @Test(arguments: dumps, ["\n", "\r\n", " | ", " / "]) func dumpsHideNothing(lines: [String], end: String) {
    let scanner = RedactionScanner(secrets: [("unload-password", Self.long)])
    let text = "Note,\"" + lines.joined(separator: end) + "\"\r\nWS-002,ok"
    #expect(scanner.kind(in: text) == .secret("unload-password"), "\(text)")
  }

  private static func bytes(_ form: (UInt8) -> String, _ separator: String = "") -> String {
    long.utf8.map(form).joined(separator: separator)
  }

  static let separated: [String] =
    [";", ".", "_", "|", "/", "\t", "><", ", "].map { hex(Array(long.utf8)[...], $0) } + [
      bytes({ Hex.upper([$0]) + "h" }, " "), bytes { "<\(Hex.lower([$0]))>" }, bytes { "&H\(Hex.upper([$0]))" },
      bytes { "&H\(Hex.upper([$0])) " }, bytes { "&#000000\($0);" }, bytes { "&#x0000000\(String($0, radix: 16));" },
      bytes { "\\" + offsetOctal($0) }, bytes { "\\u{\(String($0, radix: 16))}" },
      bytes { "\\U000000\(Hex.lower([$0]))" }, bytes({ "&#\($0);" }).replacing("&#109;", with: "&#1\n09;"),
      "\"Sommer-\" + \"2026!Apex-Entladen\"", "\"Sommer-2026\" +\n   \"!Apex-Entladen\"",
      "\"\"Sommer-2026\"\" & _\r\n \"\"!Apex-Entladen\"\"", "\"Sommer-2026\"\n\"!Apex-Entladen\"",
      "So\u{200B}mmer-2026!Apex-Entladen", "So\u{AD}mmer-2026!Apex\u{2060}-Entladen",
      "Sommer<br>-2026!Apex<br/>-Entladen",
      "Sommer\u{0B}-2026!Apex-Entladen", "Sommer\u{0C}-2026!Apex-Entladen", "Sommer\u{85}-2026!Apex-Entladen",
      "Sommer\u{2028}-2026!Apex-Entladen", "Som&#8203;mer-2026!Apex-Entladen", "Som&shy;mer-2026!Apex-Entladen",
      "Sommer 2026 Apex Entladen", "S.o.m.m.e.r.2.0.2.6.A.p.e.x.E.n.t.l.a.d.e.n",
      "Sommer%25252D2026%252521Apex%25252DEntladen",
      base64(base64(base64("pw=" + long))), "\"\(base64(long).prefix(9))\" + \"\(base64(long).dropFirst(9))\"",
    ]

  private static func offsetOctal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 8)
    return String(repeating: "0", count: 3 - text.count) + text
  }
  private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  @Test(arguments: separated) func whatStandsBetweenHidesNothing(form: String) {
    let scanner = RedactionScanner(secrets: [("unload-password", Self.long)])
    for text in [form, "-pwd=\(form);", "Host,Note\r\nWS-001,\"\(form)\"\r\n", "10.20.0.1 \(form) end"] {
      #expect(scanner.kind(in: text) == .secret("unload-password"), "\(text)")
    }
  }

  @Test func otherBlanksHideNoPassphrase() {
    let scanner = RedactionScanner(secrets: [("password", "a b?c-d")])
    for form in ["a\u{A0}b?c-d", "a&nbsp;b?c-d", "a\u{2009}b?c-d", "a b?c\u{200B}-d"] {
      #expect(scanner.kind(in: "x \(form) y") == .secret("password"), "\(form)")
    }
  }

  /// A list and a server's settings, beside secrets that look like what stands in them.
  @Test func ordinaryListsAndSettingsAreNotTakenForSecrets() {
    let secrets = [
      "P@ssw0rd-unload", "WS0001", "Sales2024", "20241231", "10200125", "Trend-Micro1", "abcdef12", "MasterPort8080",

    ]
    let scanner = RedactionScanner(secrets: secrets.map { ($0, $0) })
    var list = "Host name,IP address,Domain,Version,GUID,Last seen\r\n"
    for number in 0..<10_000 {
      let mixed = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
      list +=
        "WKS-\(number),10.20.\(number % 250).\(number % 199),Sales,2025-\(number % 12 + 1)-03 10:\(number % 60):07,"
        + "14.0.\(mixed % 20_000),\(String(mixed, radix: 16))-\(number)\r\n"
    }
    #expect(scanner.kind(in: list) == nil)
    var ini = "[INI_SERVER_SECTION]\r\nMaster_DomainName=apex.contoso.local\r\nMaster_DomainPort=8080\r\n"
    for number in 0..<500 {
      ini +=
        "[Scan_\(number)]\r\nEnable=1\r\nHour=\(number % 24)\r\nExt=exe;dll;com;sys\r\nDir=C:\\A\(number)\r\n"
    }
    #expect(scanner.kind(in: ini) == nil)
  }
}
