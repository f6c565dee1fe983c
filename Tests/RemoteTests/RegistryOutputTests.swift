import Remote
import Testing

@Suite("What reg.exe writes")
struct RegistryOutputTests {
  private let english = [
    "", #"HKEY_LOCAL_MACHINE\SOFTWARE\TrendMicro\PC-cillinNTCorp\CurrentVersion"#,
    "    Server    REG_SZ    apexone.contoso.local", "    ServerPort    REG_DWORD    0x1f90",
    #"    Application Path    REG_EXPAND_SZ    %ProgramFiles%\Trend Micro\Apex One Client\"#,
    "    Blob    REG_BINARY    00FF10", #"    Names    REG_MULTI_SZ    one\0two"#, "    Empty    REG_SZ    ",
    "    (Default)    REG_SZ    (value not set)", "",
    #"HKEY_LOCAL_MACHINE\SOFTWARE\TrendMicro\PC-cillinNTCorp\CurrentVersion\Misc."#, "",
  ].joined(separator: "\r\n")

  private func read(_ text: String, exitCode: UInt32? = 0) -> RegistryOutput {
    RegistryOutput(Array(text.utf8), exitCode: exitCode)
  }

  @Test func `values come with their types`() {
    let output = read(english)
    #expect(output.values.count == 7)
    #expect(output["server"] == RegistryValue(type: "REG_SZ", text: "apexone.contoso.local"))
    #expect(output["ServerPort"]?.number == 0x1F90)
    #expect(output["Application Path"]?.text == #"%ProgramFiles%\Trend Micro\Apex One Client\"#)
    #expect(output["Blob"] == RegistryValue(type: "REG_BINARY", text: "00FF10"))
    #expect(output["Names"]?.type == "REG_MULTI_SZ")
    #expect(output["Empty"] == RegistryValue(type: "REG_SZ", text: ""))
    #expect(output["Server"]?.number == nil)
    #expect(!output.isMissing)
  }

  @Test func `other languages and code pages change nothing`() {
    let german =
      "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\X\r\n    (Standard)    REG_SZ    (Wert nicht gesetzt)\r\n"
      + "    Port    REG_DWORD    0x50\r\n\r\nEnde der Suche: 2 Übereinstimmung(en) gefunden.\r\n"
    #expect(read(german)["Port"]?.number == 80)
    // "Übung" in code page 850, a Japanese name in 932 whose second byte is a backslash.
    let bytes =
      Array("    Pfad    REG_SZ    C:\\".utf8) + [0x9A] + Array("bung\r\n    A".utf8) + [0x83, 0x5C]
      + Array("    REG_DWORD    0x1\r\n    Port    REG_DWORD    0x50\r\n".utf8)
    let output = RegistryOutput(bytes, exitCode: 0)
    #expect(output["Pfad"]?.text.hasPrefix("C:\\") == true)
    #expect(output["Pfad"]?.text.hasSuffix("bung") == true)
    #expect(output["Port"]?.number == 80)
    #expect(output.values.count == 3)
  }

  @Test func `a missing key is exit code 1 and nothing else`() {
    #expect(read("", exitCode: 1).isMissing)
    #expect(read("FEHLER: Der angegebene Schlüssel wurde nicht gefunden.\r\n", exitCode: 1).isMissing)
    #expect(!read("", exitCode: 0).isMissing)
    #expect(!read("", exitCode: nil).isMissing)
    #expect(!read(english, exitCode: 1).isMissing)
  }

  @Test func `names and values may look like separators`() {
    let output = read("    a    b    REG_SZ    c    REG_DWORD    0x1\n    REG_X    REG_SZ    y\n")
    #expect(output["a    b"] == RegistryValue(type: "REG_SZ", text: "c    REG_DWORD    0x1"))
    #expect(output["REG_X"]?.text == "y")
    #expect(read("Server    REG_SZ    not indented\n").values.isEmpty)
    #expect(read("    Server    REG_    x\n    Server    reg_sz    x\n").values.isEmpty)
  }

  @Test func `a value is capped`() throws {
    let output = read("    Long    REG_SZ    " + String(repeating: "é", count: 5_000) + "\n")
    #expect(try #require(output["Long"]).text.utf8.count == RegistryOutput.valueLimit)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `broken output never traps and never invents a type`(seed: UInt64) {
    var random = Hostile(seed: seed)
    var bytes = Array(english.utf8)
    for _ in 0..<Int.random(in: 1...60, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch random.next() % 3 {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      }
    }
    let output = RegistryOutput(bytes, exitCode: 0)
    #expect(output.values.values.allSatisfy { $0.type.hasPrefix("REG_") && $0.text.utf8.count <= 4_096 })
    _ = ServiceOutput(bytes)
  }
}
