import Remote
import Testing

@Suite("What a command line can't carry is refused")
struct CommandLineLimitsTests {
  private func refusal(_ arguments: [String], _ shell: FarShell, program: String = "x.exe") -> String? {
    do {
      _ = try CommandLineQuoting.line(for: RemoteCommand(program, arguments.map { .plain($0) }), shell: shell)
      return nil
    } catch { return error.kind == .unsupported ? error.message : "kind \(error.kind)" }
  }

  @Test func `a cmd that replaces in spite of carets is sent one percent at most`() {
    let wine = FarShell(.cmd, .replacesAnyway)
    for carried in [["100%"], ["%", "no more"], ["a^b&c"]] { #expect(refusal(carried, wine) == nil) }
    for refused in [["%PATH%"], ["%%"], ["50%", "50%"], ["a%b", "c%d"], ["%é%"]] {
      #expect(refusal(refused, wine)?.contains("more than one %") == true, "\(refused)")
      #expect(refusal(refused, .cmd) == nil, "carets keep it")
      #expect(refusal(refused, .powershell) == nil)
      #expect(refusal(refused, .program) == nil)
    }
  }

  @Test func `delayed expansion refuses exclamation marks only`() {
    let delayed = FarShell(.cmd, .delayedExpansion)
    #expect(refusal(["Secret!"], delayed)?.contains("delayed expansion") == true)
    #expect(refusal([], delayed, program: #"C:\a!b\x.exe"#)?.contains("delayed expansion") == true)
    #expect(refusal(["^&%PATH%"], delayed) == nil)
    #expect(refusal(["Secret!"], .cmd) == nil)
  }

  @Test(arguments: ["\0", "\r", "\n", "\u{1}", "\u{8}", "\u{1A}", "\u{1B}"])
  func `control characters are refused by every shell`(character: String) {
    for shell in FarShell.allCases { #expect(refusal(["a\(character)b"], shell) != nil) }
    #expect(refusal(["a\tb"], .cmd) == nil)
  }

  @Test func `what becomes a backslash before a quote is refused, elsewhere it is not`() {
    for yen in ["¥", "₩", "\u{FF3C}", "\u{2216}"] {
      #expect(refusal(["a b\(yen)"], .program)?.contains("backslash") == true)
      #expect(refusal(["a b\\\(yen)\\"], .cmd)?.contains("backslash") == true)
      #expect(refusal(["a\(yen)\"b"], .powershell)?.contains("backslash") == true)
      for carried in ["a\(yen)", "\(yen)a b", "a\(yen)b"] { #expect(refusal([carried], .cmd) == nil) }
    }
  }

  @Test func `what becomes a blank stands in quotes`() throws {
    for blank in ["\u{A0}", "\u{2003}", "\u{3000}"] {
      let line = try CommandLineQuoting.line(for: RemoteCommand("x", [.plain("a\(blank)b")]), shell: .program)
      #expect(line.reveal { $0 } == "x \"a\(blank)b\"")
    }
  }

  @Test func `a plan is refused only where no shell would carry it`() throws {
    func check(_ argument: String, _ shells: [FarShell]) -> RemoteError? {
      do {
        try CommandLineQuoting.check(RemoteCommand("x.exe", [.plain(argument)]), shells: shells)
        return nil
      } catch { return error }
    }
    let long = String(repeating: "a", count: 9_000)
    #expect(check(long, [.cmd])?.message.contains("8127") == true)
    #expect(check(long, FarShell.overSSH) == nil, "PowerShell takes it")
    #expect(check(String(repeating: "a", count: 13_000), FarShell.overSSH)?.message.contains("cmd.exe") == true)
    #expect(check("a\nb", FarShell.overSSH)?.kind == .unsupported)
  }
}
