import ArgumentParser
import InputText

/// `trust import FILE`: host keys from a known_hosts file.
struct ImportTrust: ResultCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust import", abstract: "Trust the host keys of a known_hosts file.",
    discussion: """
      Every line is checked and said to be added, known, replaced or refused. A key that differs from the one known \
      for its host is refused without --replace.
      """)
  static let manual = CommandManual(
    group: .trust,
    examples: [
      .init("trust import ~/.ssh/known_hosts", "what ssh trusts already"),
      .init("trust import fleet.keys --replace", "keys of machines that were installed anew"),
    ],
    exitCodes: [.incomplete, .unusableInput, .ownFiles],
    jsonKeys: ["line", "host", "type", "sha256", "result", "detail"])

  @Argument(help: ArgumentHelp("A file in known_hosts form.", valueName: "file")) var file: FilePathArgument
  @Flag(help: "Take the file's key where another one is known for the host.") var replace = false
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let store = try KnownKeysFile(invocation)
    let bytes = try InputFile.read(file.path, limit: 64 << 20)
    let given = KnownKeys(FileText.repaired(bytes), try invocation.services.trustServices())
    let name = OutputText.visible(file.path)
    guard given.lines.contains(where: { $0.entry != nil }) else {
      if bytes.starts(with: Array("-----BEGIN ".utf8)) {
        throw CommandError(
          .unusableInput, "\(name): a certificate, and those are not there yet; give host keys in known_hosts form")
      }
      let bad = given.lines.firstIndex { $0.isMalformed }
      throw CommandError(
        .unusableInput,
        "\(name)\(bad.map { ":\($0 + 1)" } ?? ""): holds no host key in known_hosts form; nothing was changed")
    }
    let date = TimeText.rfc3339(TimeText.now)
    let findings = try store.update { keys in
      TrustMerge.merge(given, into: &keys, replacing: replace, date: date)
    }
    try OutputClosed.ending { try write(findings, in: invocation) }
    func count(_ verdict: TrustMerge.Verdict) -> Int { findings.count { $0.verdict == verdict } }
    let counts = [TrustMerge.Verdict.added, .known, .replaced, .refused]
      .map { "\(NumberText.grouped(count($0))) \($0.rawValue)" }.joined(separator: ", ")
    invocation.console.note("\(name): \(counts)")
    return count(.refused) == 0 ? .success : .incomplete
  }

  private func write(_ findings: [TrustMerge.Finding], in invocation: Invocation) throws {
    let rows = invocation.rows([
      ResultColumn("line", isNumeric: true), ResultColumn("host"), ResultColumn("type"), ResultColumn("sha256"),
      ResultColumn("result"), ResultColumn("detail"),
    ])
    for finding in findings {
      try rows.write([
        .number(finding.line), .text(finding.host), .init(finding.key?.type), .init(finding.key?.sha256),
        .text(finding.verdict.rawValue), .init(finding.detail),
      ])
    }
    try rows.end()
  }
}
