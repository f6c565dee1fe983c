import Remote
import Testing

@Suite("A command line arrives as it was meant")
struct CommandLineQuotingTests {
  private let program = #"C:\Program Files (x86)\Trend Micro\IpXfer_x64.exe"#
  private let variables = ["PATH": #"C:\Windows & echo stolen"#, "OS": "Windows_NT", "": "empty", " ": "blank"]

  private func line(
    _ program: String, _ arguments: [String], in folder: String? = nil, _ shell: FarShell
  ) throws -> String {
    let command = RemoteCommand(program, arguments.map { .plain($0) }, in: folder.map { WindowsPath($0) })
    return try CommandLineQuoting.line(for: command, shell: shell).reveal { $0 }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `what the C runtime splits is what was quoted`(seed: UInt64) throws {
    var hostile = Hostile(seed: seed)
    for _ in 0..<100 {
      let arguments = hostile.arguments()
      let words = CommandLineParsing.program(try line(program, arguments, .program))
      #expect(sameScalars(words, [program] + arguments), "seed \(seed): \(arguments)")
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `what passes through cmd is what was quoted`(seed: UInt64) throws {
    var hostile = Hostile(seed: seed)
    for _ in 0..<100 {
      let arguments = hostile.arguments()
      let text = try line(program, arguments, in: #"C:\Windows\apexsh-1 (a&b)"#, .cmd)
      let call = try CommandLineParsing.cmd(text, variables: variables)
      #expect(call.folder == #"C:\Windows\apexsh-1 (a&b)"#)
      #expect(sameScalars(call.words, [program] + arguments), "seed \(seed): \(text)")
    }
  }

  @Test func `cmd gets the agreed form`() throws {
    #expect(
      try line(#"C:\W\x.exe"#, ["-s", "a b", "P@ss&\"1", "50%"], in: #"C:\Windows\apexsh-1"#, .cmd)
        == #"cd /d "C:\Windows\apexsh-1" && C:\W\x.exe -s ^"a b^" ^"P@ss^&\^"1^" ^"50^%^""#)
    #expect(
      try line("reg.exe", ["query", #"HKLM\SOFTWARE\A B"#, "/reg:32"], .cmd)
        == #"reg.exe query ^"HKLM\SOFTWARE\A B^" /reg:32"#)
  }

  @Test func `carets before percents alone would not do`() throws {
    // The naive escaping: cmd still finds PATH before the colon.
    let naive = try CommandLineParsing.cmd("x.exe ^%PATH:a=b^%", variables: ["PATH": "stolen"])
    #expect(naive.words == ["x.exe", "stolen"])
    let ours = try CommandLineParsing.cmd(try line("x.exe", ["%PATH:a=b%"], .cmd), variables: ["PATH": "stolen"])
    #expect(ours.words == ["x.exe", "%PATH:a=b%"])
  }

  @Test func `the model of cmd does expand, and does see operators`() throws {
    #expect(try CommandLineParsing.cmd("x %os%", variables: variables).words == ["x", "Windows_NT"])
    #expect(try CommandLineParsing.cmd(#"x "a & b""#).words == ["x", "a & b"])
    #expect(throws: CommandLineParsing.Fault.self) { try CommandLineParsing.cmd("x a & y") }
    #expect(throws: CommandLineParsing.Fault.self) { try CommandLineParsing.cmd("dir && x") }
    #expect(throws: CommandLineParsing.Fault.self) { try CommandLineParsing.cmd(#"cd /d "C:\" && x && y"#) }
  }

  @Test(arguments: ["a\nb", "a\r", "a\0b", "x\u{FF02} & y"])
  func `what no line can carry is refused`(argument: String) {
    for shell in FarShell.allCases {
      #expect(throws: RemoteError.self) { try line("x.exe", [argument], shell) }
    }
  }

  @Test func `paths that can't be protected are refused`() throws {
    #expect(throws: RemoteError.self) { try line(#"C:\%OS%\x.exe"#, [], .cmd) }
    #expect(throws: RemoteError.self) { try line("x.exe", [], in: #"C:\100%"#, .cmd) }
    #expect(throws: RemoteError.self) { try line(#"C:\a"b\x.exe"#, [], .program) }
    #expect(throws: RemoteError.self) { try line("x.exe", [], in: #"\\server\share"#, .cmd) }
    #expect(throws: RemoteError.self) { try line("", [], .cmd) }
  }

  @Test func `a line that is too long is refused with both lengths`() throws {
    let fits = String(repeating: "a", count: FarShell.cmd.limit - "x.exe ".count)
    #expect(try line("x.exe", [fits], .cmd).utf16.count == FarShell.cmd.limit)
    #expect { try line("x.exe", [fits + "a"], .cmd) } throws: { error in
      let error = error as? RemoteError
      return error?.kind == .unsupported && error?.message.contains("\(FarShell.cmd.limit + 1)") == true
    }
    #expect(try line("x.exe", [fits + "a"], .program).isEmpty == false)
    #expect(throws: RemoteError.self) { try line("x.exe", [String(repeating: "a", count: 32_767)], .program) }
  }

  @Test func `a line shows as dots`() throws {
    let command = RemoteCommand("IpXfer.exe", ["-pwd", .secret(Secret("P@ssw0rd"))])
    let line = try CommandLineQuoting.line(for: command, shell: .cmd)
    #expect("\(line)" == Secret.dots)
    #expect(line.reveal { $0 } == "IpXfer.exe -pwd P@ssw0rd")
  }

  @Test func `a refusal never repeats a secret`() {
    let command = RemoteCommand("IpXfer.exe", ["-pwd", .secret(Secret("P@ssw0rd\n"))])
    #expect { try CommandLineQuoting.line(for: command, shell: .cmd) } throws: { "\($0)".contains("P@ss") == false }
  }
}
