import Testing

@testable import Remote

@Suite("Several programs in one line to cmd")
struct CommandSequenceTests {
  private let looks = [
    RemoteCommand("reg.exe", ["query", #"HKLM\SOFTWARE\A B"#, "/reg:32"]),
    RemoteCommand("sc.exe", ["queryex", "tmlisten"]),
  ]

  private func line(_ commands: [RemoteCommand], _ shell: FarShell = .cmd) throws -> String? {
    try CommandSequence(commands, shell: shell)?.line.reveal { $0 }
  }

  private static let mark = "apexsh-end-[0-9a-f]{8}-"

  @Test func `cmd gets the agreed form, with marks that nobody can know beforehand`() throws {
    let lines = try (0..<3).map { _ in try #require(try line(looks)) }
    #expect(Set(lines).count == 3)
    let plain = try lines.map { $0.replacing(try Regex(Self.mark), with: "M-") }
    #expect(
      Set(plain) == [
        #"reg.exe query ^"HKLM\SOFTWARE\A B^" /reg:32 2>&1 & echo M-1 & sc.exe queryex tmlisten 2>&1 & echo M-2"#
      ])
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `what passes through cmd is what was quoted`(seed: UInt64) throws {
    var hostile = Hostile(seed: seed)
    for _ in 0..<50 {
      let words = (0..<3).map { _ in hostile.arguments() }
      let commands = words.map { RemoteCommand(#"C:\Program Files\x.exe"#, $0.map { .plain($0) }) }
      guard let text = try line(commands) else { continue }
      let calls = try CommandLineParsing.calls(text, variables: ["PATH": "stolen & x", "OS": "Windows_NT"])
      #expect(calls.count == 6 && calls.map(\.mergesErrors) == [true, false, true, false, true, false])
      for (place, words) in words.enumerated() {
        #expect(sameScalars(calls[place * 2].words, [#"C:\Program Files\x.exe"#] + words), "seed \(seed): \(text)")
      }
    }
  }

  @Test func `what can't go in one line is left to go one by one`() throws {
    #expect(try line(looks, .powershell) == nil)
    #expect(try line(looks, .program) == nil)
    #expect(try line([looks[0]]) == nil)
    #expect(try line(looks + [RemoteCommand("x.exe", [], in: WindowsPath(#"C:\Windows"#))]) == nil)
    #expect(try line(looks + [RemoteCommand("x.exe", [.plain(String(repeating: "a", count: 8_000))])]) == nil)
    // Each is refused for itself; two percent signs of two programs are a pair for a cmd that replaces them anyway.
    #expect(throws: RemoteError.self) { try line(looks + [RemoteCommand("x.exe", ["a\nb"])]) }
    let halves = [RemoteCommand("x.exe", ["50%"]), RemoteCommand("x.exe", ["60%"])]
    #expect(throws: RemoteError.self) { try line(halves, FarShell(.cmd, .replacesAnyway)) }
  }

  /// `M-` stands for the line's own marks.
  private func results(_ text: String, isCut: Bool = false) throws -> [String]? {
    let sequence = try #require(try CommandSequence(looks, shell: .cmd))
    let line = sequence.line.reveal { $0 }
    let mark = try #require(line.firstMatch(of: try Regex(Self.mark))).output[0].substring ?? ""
    let output = Array(text.replacing("M-", with: mark).utf8)
    return sequence.results(of: CommandResult(exitCode: 0, output: output, isCut: isCut))?
      .map { String(decoding: $0.output, as: UTF8.self) }
  }

  @Test func `each program gets what it wrote`() throws {
    #expect(try results("a\r\nb\r\nM-1 \r\n\r\nc\r\nM-2 \r\n") == ["a\r\nb\r\n", "\r\nc\r\n"])
    #expect(try results("M-1\nM-2\n") == ["", ""])
    // What a profile prints before belongs to the first, what comes behind to none.
    #expect(try results("hello\nM-1\nx\nM-2\nbye\n") == ["hello\n", "x\n"])
    // A value may hold what looks like a mark, of another line.
    #expect(
      try results("apexsh-end-1\napexsh-end-00000000-1\nM-1\nM-2\n") == ["apexsh-end-1\napexsh-end-00000000-1\n", ""])
  }

  @Test(arguments: [
    "", "a\n", "M-1\n", "M-2\nM-1\n", "M-1 & sc.exe\nM-2\n", "M-11\nM-2\n", "'&' is not recognized\n",
  ])
  func `a shell that read the line otherwise is seen by its marks`(text: String) throws {
    #expect(try results(text) == nil)
  }

  @Test func `an output that was cut says nothing`() throws {
    #expect(try results("M-1\nM-2\n", isCut: true) == nil)
  }

  @Test(arguments: [
    "x a & y", "x a 2>&1 & y", "x a 2>&1 & echo apexsh-end-1 & y", "x 2>&1 & echo apexsh-end-2",
    "x & echo apexsh-end-1", "x 2>&1 & echo apexsh-end-1 && y 2>&1 & echo apexsh-end-2",
    "x 2>&1 | y & echo apexsh-end-1",
  ])
  func `the model of cmd sees operators that got out of an argument`(line: String) {
    #expect(throws: CommandLineParsing.Fault.self) { try CommandLineParsing.calls(line) }
  }
}
