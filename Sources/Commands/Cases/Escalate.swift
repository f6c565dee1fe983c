import ApexOne
import ArgumentParser

/// `escalate`: makes a case for Support, takes what Support sent, closes a case.
struct Escalate: ResultCommand, CheckedCommand {
  static let configuration = CommandConfiguration(
    commandName: "escalate", abstract: "Hand agents over to Trend Micro Support as a case.",
    discussion: """
      Writes one zip: a summary to paste into the portal, the agents and what was tried for each, certificates, \
      versions, settings and the raw list. It holds no password, private key or encrypted value: the finished \
      archive is read back and searched, and removed if it has any. When Support sends a certificate, --attach keeps \
      it with the case, and transfer --case deploys it.
      """)
  static let manual = CommandManual(
    group: .cases,
    examples: [
      .init("escalate @failed --kind on-premises", "a case of the agents that the last run failed to repair"),
      .init(
        "escalate @mismatched --kind service --clp-account contoso --provision-url https://abc123.manage.trendmicro.com",
        "for Apex One as a Service"),
      .init("escalate --attach 3 --certificate OfcNTCer.dat", "keeps the certificate that Support sent for case 3"),
      .init("escalate --attach 3 --certificate OfcNTCer.dat --confirm 1A2B", "the same in a script: its serial"),
      .init("escalate --close 3", "the case is done"),
    ],
    exitCodes: [.unusableInput, .ownFiles, .refused, .interrupted],
    jsonKeys: [
      "case", "state", "kind", "server", "agents", "archive", "files", "closed", "subject", "issuer", "serial",
      "sha256", "not_before", "not_after",
    ])

  @Argument(
    help: ArgumentHelp("The agents of the case.", valueName: "selection"),
    completion: CommandCompletion.selection(preferring: "failed").kind)
  var selection: SelectionText?
  @Option(help: "What Support is asked about: on-premises or service.") var kind: CaseKind?
  @Option(help: "The Customer Licensing Portal account; for --kind service.") var clpAccount: String?
  @Option(help: "The address of the service's console; for --kind service.") var provisionURL: String?
  @Option(help: "The problem in your words.") var summary: String?
  @Option(help: ArgumentHelp("The day since when it is so, such as 2026-11-23.", valueName: "date"))
  var since: DayText?
  @Option(help: ArgumentHelp("What was changed before.", valueName: "text")) var changedBefore: String?
  @Option(name: .customLong("output"), help: ArgumentHelp("Write the archive into this folder.", valueName: "folder"))
  var folder: FolderPath?
  @Flag(help: "Take names that are not in the inventory too.") var unlisted = false
  @Option(help: ArgumentHelp("Keep a certificate with this case.", valueName: "case")) var attach: CaseNumber?
  @Option(help: ArgumentHelp("The certificate that Support sent; for --attach.", valueName: "file"))
  var certificate: FilePathArgument?
  @Option(help: ArgumentHelp("That certificate's serial: confirms it without a prompt.", valueName: "serial"))
  var confirm: String?
  @Option(help: ArgumentHelp("Close this case.", valueName: "case")) var close: CaseNumber?
  @OptionGroup var output: OutputOptions

  func check() throws {
    switch (selection, attach, close) {
    case (let selection?, nil, nil): try checkMaking(selection)
    case (nil, .some, nil): try checkAttaching()
    case (nil, nil, .some):
      try refuse(makingOptions + attachingOptions, "goes with another form, not with --close")
    default: throw Self.forms
    }
  }

  func run(in invocation: Invocation) async throws -> ExitCode {
    try check()
    if let attach, let certificate {
      return try await CaseAttachment(number: attach.value, file: certificate.path, confirmed: confirm)
        .run(in: invocation)
    }
    if let close { return try CaseStore.close(close.value, in: invocation) }
    return try await CaseMaking(request: try request()).run(in: invocation)
  }

  private static let forms = CommandError(
    .misuse,
    "escalate: give one of three: SELECTION --kind on-premises|service, --attach CASE --certificate FILE, "
      + "or --close CASE")

  private func request() throws -> CaseRequest {
    guard let selection, let kind else { throw Self.forms }
    return CaseRequest(
      selection: try Selection(selection.text), kind: kind.value, clpAccount: clpAccount, provisionURL: provisionURL,
      summary: summary, since: since?.text, changedBefore: changedBefore, folder: folder?.path,
      takesUnlisted: unlisted)
  }

  private func checkMaking(_ selection: SelectionText) throws {
    try refuse(attachingOptions, "goes with --attach only")
    _ = try Selection(selection.text)
    guard let kind else {
      throw CommandError(.misuse, "escalate: --kind is missing; give on-premises or service")
    }
    if kind == .onPremises {
      let service = [("--clp-account", clpAccount != nil), ("--provision-url", provisionURL != nil)]
      try refuse(service, "goes with --kind service only")
    }
    _ = try request().checked()
  }

  private func checkAttaching() throws {
    try refuse(makingOptions, "goes with SELECTION, not with --attach")
    guard certificate != nil else {
      throw CommandError(.misuse, "escalate --attach: --certificate FILE is missing: the file that Support sent")
    }
  }

  private func refuse(_ options: [(name: String, isGiven: Bool)], _ reason: String) throws {
    guard let first = options.first(where: \.isGiven) else { return }
    throw CommandError(.misuse, "escalate: \(first.name) \(reason)")
  }

  private var attachingOptions: [(name: String, isGiven: Bool)] {
    [("--certificate", certificate != nil), ("--confirm", confirm != nil)]
  }

  private var makingOptions: [(name: String, isGiven: Bool)] {
    [
      ("--kind", kind != nil), ("--clp-account", clpAccount != nil), ("--provision-url", provisionURL != nil),
      ("--summary", summary != nil), ("--since", since != nil), ("--changed-before", changedBefore != nil),
      ("--output", folder != nil), ("--unlisted", unlisted),
    ]
  }
}
