import Remote
import Testing

@Suite("A far side whose shell is PowerShell")
struct PowerShellLineTests {
  private func script(_ program: String, _ arguments: [String], in folder: String? = nil) throws -> (String, String) {
    let command = RemoteCommand(program, arguments.map { .plain($0) }, in: folder.map { WindowsPath($0) })
    let line = try CommandLineQuoting.line(for: command, shell: .powershell).reveal { $0 }
    return (line, try EncodedScript(line: line).text)
  }

  @Test func `the line holds nothing but base64 and our own words`() throws {
    let (line, _) = try script("x.exe", ["a'b", "$env:PATH", "日本", "`n"])
    #expect(line.hasPrefix("powershell -NoProfile -NonInteractive -EncodedCommand "))
    #expect(line.hasSuffix("; exit $LASTEXITCODE"))
    #expect(line.unicodeScalars.allSatisfy { $0.isASCII && $0 != "\"" && $0 != "\\" })
  }

  @Test func `single quotes of every shape are doubled`() throws {
    let (_, text) = try script(#"C:\it's\x.exe"#, ["a'b", "c\u{2019}d"], in: #"C:\Windows"#)
    #expect(text.contains(#"$s.FileName='C:\it''s\x.exe'"#))
    #expect(text.contains("$s.Arguments='a''b c\u{2019}\u{2019}d'"))
    #expect(text.contains(#"$s.WorkingDirectory='C:\Windows'"#))
    #expect(text.hasSuffix("exit $p.ExitCode"))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `the arguments come back out of the script`(seed: UInt64) throws {
    var hostile = Hostile(seed: seed)
    for _ in 0..<50 {
      let arguments = hostile.arguments()
      let command = RemoteCommand("x.exe", arguments.map { .plain($0) })
      let line = try CommandLineQuoting.line(for: command, shell: .powershell).reveal { $0 }
      let literal = try EncodedScript(line: line).literal("Arguments")
      #expect(sameScalars(CommandLineParsing.program("x.exe " + literal), ["x.exe"] + arguments), "seed \(seed)")
    }
  }
}
