import ApexOne
import ArgumentParser
import Runs

/// `show server`
struct ShowServer: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "show server", abstract: "Show what is known of the server, and where each value came from.",
    discussion: "Uses what was read last and says its age; reads the server where nothing is known of it yet.")
  static let manual = CommandManual(
    group: .looking,
    examples: [
      .init("show server", "as it was read last"), .init("show server --refresh", "as it is now"),
    ],
    exitCodes: [.unusableInput, .serverUnavailable, .ownFiles, .refused], jsonKeys: ["key", "value", "source"])

  private typealias Value = (key: String, value: String?, source: String?)

  @Flag(help: "Read the server again instead of using what is known.") var refresh = false
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let place = try invocation.place()
    let (facts, at) = try await invocation.knownServer(place, afresh: refresh)
    try write(values(facts, place) + [("read", TimeText.rfc3339(at), nil)], in: invocation)
    overrides(facts, invocation)
    for problem in facts.problems + [facts.certificateProblem, facts.toolsProblem].compactMap(\.self) {
      invocation.console.note(OutputText.visible(problem))
    }
    return .success
  }

  private func write(_ values: [Value], in invocation: Invocation) throws {
    if invocation.format == .table {
      // A table would cut what one wants to copy.
      return try invocation.details(
        values.map { value in
          (value.key, .init(value.value.map { text in text + (value.source.map { "  (\($0))" } ?? "") }))
        })
    }
    let rows = invocation.rows([ResultColumn("key"), ResultColumn("value"), ResultColumn("source")])
    for (key, value, source) in values { try rows.write([.text(key), .init(value), .init(source)]) }
    try rows.end()
  }

  private func values(
    _ facts: ServerFacts, _ place: ServerPlace
  ) -> [Value] {
    let layout = place.layout
    let certificate = facts.certificate
    let manager = facts.hasCertificateManager ? "there" : "not there"
    let tools = facts.tools.isEmpty ? nil : facts.tools.map(\.name).joined(separator: ", ")
    return [
      ("server", place.identity, "the setting server"), ("folder", facts.root, "the setting server"),
      ("server-name", facts.serverName?.text, facts.serverName?.place),
      ("http-port", facts.httpPort?.text, facts.httpPort?.place),
      ("https-port", facts.httpsPort?.text, facts.httpsPort?.place),
      ("agent-port", facts.agentPort?.text, facts.agentPort?.place),
      ("product", facts.product?.rawValue, facts.product.map { _ in "the folder's name" }),
      ("pattern-version", facts.patternVersion?.text, facts.patternVersion?.place),
      ("certificate-subject", certificate?.subject, certificate?.place),
      ("certificate-serial", certificate?.serial, certificate?.place),
      ("certificate-sha256", certificate?.sha256, certificate?.place),
      ("certificate-not-after", certificate.map { TimeText.rfc3339($0.notAfter) }, certificate?.place),
      ("certificate-manager", manager, layout.shown(layout.certificateManager)),
      ("tools", tools, layout.shown(layout.ipXferFolder)),
    ]
  }

  /// A setting of one's own wins over what the server says: said where they differ.
  private func overrides(_ facts: ServerFacts, _ invocation: Invocation) {
    for (key, text) in facts.learned.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      guard invocation.settings.givenKeys.contains(key), let entry = invocation.settings[key], entry.text != text,
        key != .serverName || !ServerName.areEqual(entry.text, text)
      else { continue }
      invocation.console.note("\(key.rawValue) \(entry.text) (\(entry.source)) is used instead of \(text)")
    }
  }
}
