import Foundation
import Testing

@testable import ApexOne

/// Passwords that nobody here knows are found where programs write them down, and ordinary lines pass.
@Suite struct CredentialSearchTests {
  private let scanner = RedactionScanner(secrets: [("unload-password", "P@ssw0rd"), ("password", "Sommer2026!")])

  private func kinds(_ text: String) -> [RedactionScanner.Finding.Kind] {
    scanner.scan(Array(text.utf8), name: "a.txt").map(\.kind)
  }

  /// Known ones in pieces and as numbers.
  @Test(arguments: [
    "80, 64, 115, 115, 119, 48, 114, 100", "80 64 115 115 119 48 114 100", "080,064,115,115,119,048,114,100",
    "[char]80+[char]64+[char]115+[char]115+[char]119+[char]48+[char]114+[char]100",
    "{80;64;115;115;119;48;114;100}", "80\r\n64\r\n115\r\n115\r\n119\r\n48\r\n114\r\n100\r\n",
    "80,0,64,0,115,0,115,0,119,0,48,0,114,0,100,0",
    "Chr(80) & Chr(64) & Chr(115) & Chr(115) & Chr(119) & Chr(48) & Chr(114) & Chr(100)",
    "'P@','ssw','0rd'", "'P@', 'ssw', '0rd'", "\"P@\" + \"ssw\" + \"0rd\"", "P@ ssw 0rd", "P,@,s,s,w,0,r,d",
    "10.20.0.1 80 64 115 115 119 48 114 100 17",
  ])
  func piecesAndNumbersOfKnownOnes(text: String) {
    for text in [text, "before: \(text) after"] {
      #expect(kinds(text).contains(.secret("unload-password")), "\(text)")
    }
  }

  @Test(arguments: [
    "admin:hunter2@proxy.contoso.local", "connecting to admin:hunter2@10.20.0.1:8080", "http://admin:hunter2@proxy:80/",
    "net use \\\\apexone\\ofcscan /user:CONTOSO\\admin hunter2", "net use Z: \\\\apexone\\ofcscan hunter2 /user:admin",
    "C:\\Windows\\system32\\net.exe use \\\\a\\b /USER:admin \"hunter2\" /persistent:no", "tool.exe -pwd=hunter2",
    "tool.exe /pwd:hunter2",
    "tool --password hunter2 --verbose", "tool.exe -pwd hunter2", "tool.exe /Password hunter2",
    "IpXfer -s a -unload-pass 'hunter2'",
    "ConvertTo-SecureString \"hunter2\" -AsPlainText -Force",
    "ConvertTo-SecureString -String hunter2 -AsPlainText -Force",
    "ConvertTo-SecureString -AsPlainText -Force 'hunter2'", "'hunter2' | ConvertTo-SecureString -AsPlainText -Force",
    "{\"unloadPassword\": \"hunter2\"}", "{\\\"unloadPassword\\\":\\\"hunter2\\\"}", "<pwd>hunter2</pwd>",
    "<UnloadPassword>hunter2</UnloadPassword>",
    "&lt;pwd&gt;hunter2&lt;/pwd&gt;", "<add name=\"password\" value=\"hunter2\"/>", "Uninstall_Pwd=hunter2",
    "password = hunter2", "Password: hunter2",
    "$password = 'hunter2'", "Kennwort: hunter2", "client_secret=abcdef", "api_key: abcdef012",
    "Authorization: Basic YWRtaW46aHVudGVyMg==", "Authorization: Bearer abc", "\"Authorization\": \"Basic YWRtaW4=\"",
    "bearer 0123456789abcdef0123",
    "Proxy-Authorization: NTLM TlRMTVNTUAAB", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "token: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.",
    "password1=hunter2", "DB_PASSWORD=hunter2", "--unload-password hunter2", "Password=%hunter2", "Pwd=''hunter2''",
  ])
  func placesOfUnknownOnes(text: String) {
    for text in [text, "started \(text)\r\nended", "a\r\n\(text)"] {
      #expect(kinds(text) == [.credential], "\(text)")
      let wide = Array(text.data(using: .utf16LittleEndian) ?? Data())
      #expect(scanner.scan(wide, name: "a.txt").map(\.kind) == [.credential], "UTF-16: \(text)")
    }
  }

  @Test(arguments: [
    "IpXfer_x64.exe -s apexone.contoso.local -p 8080 -sp 4343 -c 21112 -e OfcNTCer.dat -pwd ••••", "Unload_Pwd=••••",
    "\"password\": \"••••\"",
    "<pwd>••••</pwd>", "password: ********", "net use \\\\apexone\\ofcscan /user:CONTOSO\\admin ••••",
    "net use * \\\\a\\b /user:admin *",
    "net use Z: \\\\apexone\\ofcscan /persistent:no", "http://••••@proxy:80", "Authorization: Basic ••••",
    "no unload-password; give it by: set unload-password",
    "set password --from-env VAR", "--unload-password-from-file FILE",
    "the password was refused: Permission denied (password,publickey)",
    "the password: it was refused before", "a wrong unload password would be wrong everywhere", "password: refused",
    "Password required: yes", "PasswordLength=8", "Use_Password=1",
    "bypass: yes", "PublicKeyToken=b77a5c561934e089", "pass: 3, fail: 0", "tests: 12 pass", "serial 0A1B2C3D4E5F",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "{680A3FDF-6C0D-4AF8-836B-646EB0B5D44F}", "14.0.0.12980", "2026-11-28T23:18:46Z",
    "WS-001,10.20.0.1,Sales\\North,14.0.12737", "ssh://admin@apexone.contoso.local:22/C:/x",
    "mailto:admin@contoso.local", "From:admin@contoso.local", "admin@contoso.local", "12:30@noon",
    "image:tag@sha256:9f86d081", "C:\\Program Files\\x", "Basic authentication is needed",
    "bearer of the news", "basic understanding", "$password = Read-Host -AsSecureString",
    "ConvertTo-SecureString $password -AsPlainText", "password=%PASSWORD%", "--password <password>",
    "-pwd $env:PWD", "ipconfig /all", "MAC 00-50-56-C0-00-08", "eyJub3QgYSB0b2tlbg",
    "subject CN=apexone.contoso.local, O=Contoso", "secrets: two kinds of them", "tokens=3",
    "cause: logon-refused", "Passed: 12", "-password -AsPlainText", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
    "10.20.0.1, 10.20.0.2, 10.20.0.3",
  ])
  func ordinaryLinesPass(text: String) {
    for text in [text, "before\r\n\(text)\r\nafter"] { #expect(kinds(text) == [], "\(text)") }
  }

  /// No length or sign of a text makes the search slow or fall.
  @Test func noTextBreaksIt() {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "password", "=", ":", "\"", "@", "/user:", "net use ", " ", "eyJ", ".", "authorization", "bearer ", "•", "a", "1",
      "\n", "<", ">", "\\",
    ]
    for _ in 0..<200 {
      let text = (0..<Int.random(in: 0..<20, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      _ = kinds(text)
    }
    for piece in pieces { _ = CredentialSearch.first(in: Array(String(repeating: piece, count: 4_000).utf8)) }
  }
}
