import Foundation
import Testing

@testable import ApexOne

/// The ini as it may come: any encoding, duplicates, halves; and that no secret is in what is left of it.
@Suite struct OfcscanINITests {
  private static let sample = """
    ; made by the server
    [INI_SERVER_SECTION]
    Master_DomainName=apexone.contoso.local
    Master_DomainPort = 8080
    Master_SSLPort="4343"
    Uninstall_Pwd=!CRYPT!10A2B3C4D5
    Unload_Pwd=P@ssw0rd
    Alone
    =nothing
    [Global Setting]
    ActivationCode=AB-CDEF-12345
    Proxy_Server=!CRYPT!77
    [INI_SERVER_SECTION]
    Master_DomainName=other.contoso.local
    Client_LocalServer_Port=21112

    """

  private func file(_ text: String) throws -> OfcscanINI { try OfcscanINI(bytes: Array(text.utf8)) }

  @Test(arguments: ["\n", "\r\n", "\r"]) func readsKeysWithTheirPlaces(newline: String) throws {
    let ini = try file(Self.sample.replacingOccurrences(of: "\n", with: newline))
    #expect(ini.entries(of: "master_domainport").map(\.value) == [.text("8080")])
    #expect(ini.entries(of: "Master_SSLPort").map(\.value) == [.text("4343")])
    #expect(ini.entries(of: "Alone").map(\.value) == [.missing])
    let port = try #require(ini.entries(of: "Client_LocalServer_Port").first)
    #expect(port.section == "INI_SERVER_SECTION")
    #expect(port.line == 15)
  }

  @Test func firstOfTwoWinsAndANoteSaysSo() throws {
    let ini = try file(Self.sample)
    #expect(ini.entries(of: "Master_DomainName").map(\.value) == [.text("apexone.contoso.local")])
    #expect(
      ini.notes == [
        "ofcscan.ini:9: a value without a key was passed over",
        "ofcscan.ini:14: the key stands in line 3 already, which counts",
      ])
  }

  @Test(arguments: [
    "Kennwort=hunter2pw", "Passwort=hunter2pw", "MotDePasse=hunter2pw", "Contraseña=hunter2pw", "contrasena=hunter2pw",
    "Senha=hunter2pw", "Wachtwoord=hunter2pw", "Hasło=hunter2pw", "Heslo=hunter2pw", "Parola_1=hunter2pw",
    "Auth=Basic hunter2pw", "Header=Authorization: Basic hunter2pw", "Header=Bearer hunter2pw", "Api_Token=hunter2pw",
    "Proxy=http://u:hunter2pw@proxy:80", "Update=a http://proxy/ ftp://u:hunter2pw/x@y@proxy:80/z",
    "Proxy=https://hunter2pw@proxy:80",
  ])
  func noSecretIsInTheRedactedText(line: String) throws {
    let text = try file("[S]\nPort=1\n" + line + "\n").redacted()
    #expect(text.contains("••••") && text.contains("Port=1") && !text.contains("hunter2pw"), "\(text)")
    #expect(!line.contains("proxy") || text.contains("proxy"), "\(text)")
  }

  @Test(arguments: [
    "Proxy=http://proxy.contoso.local:80/a", "Mail=admin@contoso.local", "URL=https://a/ b@c", "Level=basic ",
  ])
  func ordinaryValuesStay(line: String) throws {
    #expect(try file("[S]\n" + line + "\n").redacted().contains(line.trimmingCharacters(in: .whitespaces)))
  }

  @Test func everyEncodingGivesTheSame() throws {
    let plain = try file(Self.sample).entries
    let text = Self.sample
    let forms: [[UInt8]] = [
      [0xEF, 0xBB, 0xBF] + Array(text.utf8),
      [0xFF, 0xFE] + Array(text.data(using: .utf16LittleEndian) ?? Data()),
      [0xFE, 0xFF] + Array(text.data(using: .utf16BigEndian) ?? Data()),
    ]
    for bytes in forms { #expect(try OfcscanINI(bytes: bytes).entries == plain) }
    let ansi = Array("[S]\nName=".utf8) + [0x81, 0xE9, 0x80] + Array("\nPort=1".utf8)
    #expect(try OfcscanINI(bytes: ansi).entries.last?.value == .text("1"))
  }

  @Test func noSecretIsLeft() throws {
    let ini = try file(Self.sample)
    for key in ["Uninstall_Pwd", "Unload_Pwd", "ActivationCode", "Proxy_Server"] {
      #expect(ini.entries(of: key).map(\.value) == [.secret])
    }
    var shown = ini.redacted()
    dump(ini, to: &shown)
    for secret in ["10A2B3", "P@ssw0rd", "AB-CDEF", "!CRYPT!"] { #expect(!shown.contains(secret)) }
    #expect(ini.redacted().contains("Unload_Pwd=••••\n"))
    #expect(ini.redacted().contains("[INI_SERVER_SECTION]\nMaster_DomainName=apexone.contoso.local\n"))
  }

  @Test(arguments: [
    "[!CRYPT!AA]\nx=1", "x=1\n!CRYPT!AA", "x=1\n!crypt!AA=2", "x=\"!CRYPT!AA\"", "x= !Crypt!AA", "y;!CRYPT!AA=1\nx=1",
    "Proxy Password=AA\nx=1", "SMTP-PassWord = AA\nx=1", "MySecretKey=AA\nx=1", "Activation Code=AA\nx=1",
  ])
  func secretsInOddPlacesAreDropped(text: String) throws {
    var shown = ""
    let ini = try file(text)
    dump(ini, to: &shown)
    #expect(text.contains("AA") && !shown.contains("AA") && !ini.redacted().contains("AA"))
    // What stands beside it is still there.
    #expect(shown.contains("\"x\"") && ini.redacted().contains("x="), "\(ini.redacted())")
  }

  @Test func refusesWhatIsNoIni() {
    #expect(throws: OfcscanINIError.noKeys) { try OfcscanINI(bytes: []) }
    #expect(throws: OfcscanINIError.noKeys) { try OfcscanINI(bytes: Array("; only\n[a]\n".utf8)) }
    #expect(throws: OfcscanINIError.binary) { try OfcscanINI(bytes: [77, 90, 0, 1]) }
    #expect(throws: OfcscanINIError.tooLarge(1_048_577)) {
      try OfcscanINI(bytes: [UInt8](repeating: 65, count: 1_048_577))
    }
  }

  @Test(arguments: 1...6) func anyCutAndNoiseIsRead(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let whole = Array(Self.sample.utf8)
    var (read, secret) = (0, 0)
    for _ in 0..<200 {
      var bytes = Array(whole.prefix(Int(random.next() % UInt64(whole.count))))
      for _ in 0..<4 where !bytes.isEmpty {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      let ini: OfcscanINI
      do throws(OfcscanINIError) { ini = try OfcscanINI(bytes: bytes) } catch {
        #expect(error == .noKeys || error == .binary, "\(bytes)")
        continue
      }
      read += 1
      if String(decoding: bytes, as: UTF8.self).uppercased().contains("!CRYPT!") { secret += 1 }
      #expect(ini.entries.allSatisfy { $0.line > 0 && !$0.key.isEmpty })
      #expect(!ini.redacted().uppercased().contains("!CRYPT!"))
    }
    #expect(read > 100 && secret > 50, "\(read) read, \(secret) with a secret")
  }
}
