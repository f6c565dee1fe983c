import Foundation
import Remote
import Testing

@Suite("A far side whose shell is PowerShell")
struct PowerShellLineTests {
  private func script(_ program: String, _ arguments: [String], in folder: String? = nil) throws -> (String, String) {
    let command = RemoteCommand(program, arguments.map { .plain($0) }, in: folder.map { WindowsPath($0) })
    let line = try CommandLineQuoting.line(for: command, shell: .powershell).reveal { $0 }
    let word = try #require(line.split(separator: " ").first { $0.hasSuffix(";") }).dropLast()
    let bytes = try #require(Data(base64Encoded: String(word)))
    let units = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
    return (line, String(decoding: units, as: UTF16.self))
  }

  @Test func `the line holds nothing but base64 and our own words`() throws {
    let (line, _) = try script("x.exe", ["a'b", "$env:PATH", "日本", "`n"])
    #expect(line.hasPrefix("powershell -NoProfile -NonInteractive -EncodedCommand "))
    #expect(line.hasSuffix("; exit $LASTEXITCODE"))
    #expect(line.unicodeScalars.allSatisfy { $0.isASCII })
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
    let arguments = hostile.arguments()
    let (_, text) = try script("x.exe", arguments)
    var scalars = text.unicodeScalars[text.range(of: "$s.Arguments='")!.upperBound...]
    var literal = String.UnicodeScalarView()
    while let scalar = scalars.popFirst() {
      if scalar == "'" || (0x2018...0x201B).contains(scalar.value) {
        guard scalars.first == scalar else { break }
        scalars.removeFirst()
      }
      literal.append(scalar)
    }
    let words = CommandLineParsing.program("x.exe " + String(literal))
    #expect(sameScalars(words, ["x.exe"] + arguments))
  }
}
