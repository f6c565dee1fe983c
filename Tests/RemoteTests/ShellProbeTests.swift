import Remote
import Testing

/// Answers as the shells give them. cmd's under wine is asked for really (`SoakWineTests`), a Unix shell's by OpenSSH
/// (`OpenSSHTests`); PowerShell's is written from its documented rules.
@Suite("Which shell it is, is asked")
struct ShellProbeTests {
  private func shell(_ output: String, errors: String = "", exitCode: UInt32 = 0) throws -> FarShell {
    try ShellProbe.read(
      CommandResult(exitCode: exitCode, output: Array(output.utf8), errors: Array(errors.utf8)))
  }

  private func refusal(_ output: String, errors: String = "", exitCode: UInt32 = 0) -> RemoteError? {
    do {
      _ = try shell(output, errors: errors, exitCode: exitCode)
      return nil
    } catch { return error as? RemoteError }
  }

  private let tail = "$PSHOME $ExecutionContext.SessionState.LanguageMode\r\n"

  @Test func `cmd puts in what stands between percents, and carets keep it out`() throws {
    #expect(try shell("apexsh-probe Windows_NT %OS% !OS! " + tail) == .cmd)
    #expect(try shell("apexsh-probe Windows_NT Windows_NT !OS! " + tail) == FarShell(.cmd, .replacesAnyway))
    #expect(try shell("apexsh-probe Windows_NT %OS% Windows_NT " + tail) == FarShell(.cmd, .delayedExpansion))
    let both = try shell("apexsh-probe Windows_NT Windows_NT Windows_NT " + tail)
    #expect(both == FarShell(.cmd, [.replacesAnyway, .delayedExpansion]))
    #expect("\(both)" == "cmd.exe (replaces %NAME% in spite of carets, with delayed expansion)")
  }

  @Test func `our own model of cmd answers as cmd`() throws {
    let call = try CommandLineParsing.cmd(ShellProbe.line, variables: ["OS": "Windows_NT"])
    #expect(call.words.first == "echo")
    #expect(try shell(call.words.dropFirst().joined(separator: " ") + "\r\n") == .cmd)
  }

  @Test(arguments: [#"C:\Windows\System32\WindowsPowerShell\v1.0"#, #"C:\Program Files\PowerShell\7"#])
  func `PowerShell puts in its own variables, a line each`(home: String) throws {
    let words = ["apexsh-probe", "%OS%", "^%^OS^%", "!OS!", home, "FullLanguage"]
    #expect(try shell(words.joined(separator: "\r\n") + "\r\n") == .powershell)
    let constrained = refusal(words.dropLast().joined(separator: "\r\n") + "\r\nConstrainedLanguage\r\n")
    #expect(constrained?.kind == .unsupported)
    #expect(constrained?.message.contains("ConstrainedLanguage") == true)
  }

  @Test(arguments: [
    "apexsh-probe %OS% ^%^OS^% !OS! .SessionState.LanguageMode\n",
    "apexsh-probe %OS% ^%^OS^% !OS!  \n",
    "apexsh-probe\n%OS%\n^%^OS^%\n!OS!\n/opt/microsoft/powershell/7\nFullLanguage\n",
  ])
  func `a Unix shell is refused with the way out`(answer: String) {
    let error = refusal(answer)
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains("Unix shell") == true)
    #expect(error?.message.contains(#"HKLM\SOFTWARE\OpenSSH"#) == true)
  }

  @Test func `what comes before the answer is passed over`() throws {
    let motd = "Welcome, 22:00 is quiet time.\r\nActive code page: 65001\r\n\r\n"
    #expect(try shell(motd + "apexsh-probe Windows_NT %OS% !OS! " + tail) == .cmd)
  }

  @Test(arguments: [
    ("", "PSHOME: Undefined variable.\n"), ("This service allows sftp connections only.\r\n", ""), ("", ""),
    (ShellProbe.line, ""), ("apexsh-probe %OS% %OS% !OS! $PSHOME $ExecutionContext.SessionState.LanguageMode", ""),
    ("apexsh-probe Windows_NT %OS% !OS!", ""),
  ])
  func `whatever else answers is refused, and quoted in short`(output: String, errors: String) {
    let error = refusal(output + String(repeating: "\0", count: 300), errors: errors, exitCode: 1)
    #expect(error?.kind == .unsupported)
    #expect(error.map { $0.message.count < 350 && !$0.message.contains("\n") } == true)
    #expect(error?.message.contains(#"HKLM\SOFTWARE\OpenSSH"#) == true)
  }
}
