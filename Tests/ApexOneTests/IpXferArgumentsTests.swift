import Testing

@testable import ApexOne

/// IpXfer's command lines, as a table by product.
@Suite struct IpXferArgumentsTests {
  private func list(
    _ product: Product, password: Bool = true, server: String = "apexone.contoso.local", http: Int = 8080,
    https: Int? = 4343, port: Int = 21_112, certificate: String = "C:\\Windows\\apexsh-1\\OfcNTCer.dat"
  ) throws -> String {
    let arguments = IpXferArguments(
      product: product, server: server, httpPort: http, httpsPort: https, agentPort: port,
      certificatePath: certificate, hasUnloadPassword: password)
    return try arguments.list().map(\.masked).joined(separator: " ")
  }

  @Test(arguments: [Product.apexOne, .apexOneService, .officeScanXG]) func withPassword(product: Product) throws {
    let line = try list(product)
    #expect(
      line == "-s apexone.contoso.local -p 8080 -sp 4343 -c 21112 -e C:\\Windows\\apexsh-1\\OfcNTCer.dat -pwd ••••")
    #expect(try list(product, password: false) == line.dropLast(10))
  }

  @Test func officeScan11HasNoHTTPSPortAndNoKnownPasswordSwitch() throws {
    #expect(
      try list(.officeScan11, password: false, https: nil)
        == "-s apexone.contoso.local -p 8080 -c 21112 -e C:\\Windows\\apexsh-1\\OfcNTCer.dat")
    #expect(throws: RemedyError.self) { try list(.officeScan11) }
  }

  @Test(arguments: [true, false]) func officeScan10CannotRepair(password: Bool) {
    #expect { try list(.officeScan10, password: password) } throws: { ($0 as? RemedyError)?.kind == .product }
  }

  @Test func everySwitchIsPlainASCII() throws {
    for product in [Product.apexOne, .apexOneService, .officeScanXG] {
      #expect(try list(product, password: false).allSatisfy(\.isASCII))
    }
  }

  @Test(arguments: [
    "", "-e", "a b", "a&b", "$(x)", "a\"b", "apexone.", ".local", "a..b", "-", "1.2.3", "a/b", "a:b", "a-.b",
    "a.-b", "a.b-", "a.1-", "a,b", String(repeating: "a", count: 64), String(repeating: "a.", count: 127) + "b",
  ])
  func refusesWhatIsNoServerName(server: String) {
    #expect { try list(.apexOne, server: server) } throws: { ($0 as? RemedyError)?.kind == .setting }
  }

  @Test(arguments: [
    "APEXONE", "apex_one", "10.20.0.1", "2001:db8::1", "::1", "fe80::1:2:3:10.0.0.1", "xn--a", "apéx", "ws.3com",
    "a-b.c--d", String(repeating: "a", count: 63), String(repeating: "a.", count: 126) + "b",
  ])
  func takesNamesAndAddresses(server: String) throws {
    #expect(try list(.apexOne, server: server).hasPrefix("-s \(server) "))
  }

  @Test(arguments: ["1::2::3", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::g", ":::", "1:2:3:4:5:6:7::8"])
  func refusesWhatIsNoIPv6Address(text: String) { #expect(!ServerName.isIPv6(text)) }

  @Test(arguments: [0, -1, 65_536]) func refusesPorts(port: Int) {
    #expect(throws: RemedyError.self) { try list(.apexOne, http: port) }
    #expect(throws: RemedyError.self) { try list(.apexOne, https: port) }
    #expect(throws: RemedyError.self) { try list(.apexOne, port: port) }
    #expect(throws: RemedyError.self) { try list(.apexOne, https: nil) }
  }

  @Test(arguments: [
    "OfcNTCer.dat", "-e", "C:OfcNTCer.dat", "C:\\a\\..\\b", "C:\\a\"b", "C:\\a\nb", "C:/a/b", "\\\\", "\\\\\\a\\b",
    "C:\\a\\\\b", "C:\\a\\.", "C:\\.\\b", "C:\\a\\", "C:\\a|b", "1:\\a", "C:\\é\\..",
  ])
  func refusesWhatIsNoFullPath(path: String) {
    #expect(throws: RemedyError.self) { try list(.apexOne, certificate: path) }
  }

  @Test(arguments: ["C:\\a", "c:\\...\\b", "C:\\a b\\.c", "C:\\é\\b", "\\\\server\\share\\b"])
  func takesFullPaths(path: String) throws { #expect(try list(.apexOne, certificate: path).contains(path)) }

  @Test func stagesOneBitness() throws {
    let names = ["ipxfer.EXE", "IpXfer_x64.exe", "Cgiloc.dll", "OfcNTCer.dat", "ofcpipc.dll"]
    #expect(try IpXferTool.filesToStage(of: names, for: .x64) == ["Cgiloc.dll", "IpXfer_x64.exe", "ofcpipc.dll"])
    #expect(try IpXferTool.filesToStage(of: names, for: .x86) == ["Cgiloc.dll", "ipxfer.EXE", "ofcpipc.dll"])
    #expect { try IpXferTool.filesToStage(of: names, for: .other("ARM64")) } throws: {
      ($0 as? RemedyError)?.kind == .machine
    }
    #expect(throws: RemedyError.self) { try IpXferTool.filesToStage(of: ["IpXfer.exe"], for: .x64) }
    for strange in ["..\\x.dll", "../x", "a:b", "..", "x ", "-x"] {
      #expect(throws: RemedyError.self) { try IpXferTool.filesToStage(of: names + [strange], for: .x64) }
    }
  }
}
