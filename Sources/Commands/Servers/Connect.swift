import ApexOne
import ArgumentParser
import Remote
import Runs

/// `connect [ADDRESS]`: reads the server and says what it found.
struct Connect: ShellCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "connect", abstract: "Connect to a server: read its settings, certificate and tools.",
    discussion: """
      Names and ports come from the server's ofcscan.ini; what you set yourself wins over them. Nothing is changed \
      on the server.
      """)
  static let manual = CommandManual(
    group: .session,
    examples: [
      .init("connect lab:", "a simulated server and fleet, to learn and rehearse"),
      .init(
        "connect 'ssh://admin@apexone.contoso.local/C:/Program Files (x86)/Trend Micro/Apex One/PCCSRV'", "a real one"),
    ],
    exitCodes: [.unusableInput, .serverUnavailable, .ownFiles, .refused])

  @Argument(help: ArgumentHelp("The server's address; the one that is set where it is left out.", valueName: "address"))
  var address: String?

  /// A password in an address is refused, and must not be kept by what kept the line.
  static func secrecy(of words: [String]) -> CommandSecrecy {
    words.contains(where: ServerAddress.mayHoldPassword) ? .secret : .open
  }

  func run(in invocation: Invocation) async throws -> ExitCode {
    var invocation = invocation
    if let address { try invocation.settings.set(.server, address, from: .set) }
    let place = try invocation.place()
    let facts = try await ServerFactsReader.refresh(place, in: invocation)
    if let address { try await invocation.state.set(.server, address, from: .set) }
    try await invocation.state.learn(facts.learned, from: "ofcscan.ini of \(place.identity)")
    invocation.settings = await invocation.state.settings
    try report(facts, place, invocation)
    for problem in facts.problems { invocation.console.note(problem) }
    if let problem = facts.certificateProblem { invocation.console.note(problem) }
    if let problem = facts.toolsProblem { invocation.console.note(problem) }
    try await invocation.refreshLookups(place)
    return .success
  }

  private func report(_ facts: ServerFacts, _ place: ServerPlace, _ invocation: Invocation) throws {
    let settings = invocation.settings
    func port(_ key: SettingKey) -> String { settings.text(key) ?? "not known: set \(key.rawValue) PORT" }
    let name = settings.serverName ?? "name not known: set server-name NAME"
    let product = settings.product.flatMap(Product.init)?.title ?? facts.product?.title
    let pattern = facts.patternVersion.map { ", virus pattern \($0.text)" } ?? ""
    let traits = invocation.console.traits
    let width = traits.outputIsTerminal ? traits.width : nil
    let inventory = try invocation.inventory(place)
    let danger = DangerText(inventory.endangered).lines(limit: width.map { max(20, $0 - 45) } ?? 100)
    let lines: [(String, String)] =
      [
        ("server", "\(name) (\(place.identity))"),
        ("product", (product ?? "not known: set product apex-one|officescan-xg|…") + pattern),
        (
          "ports",
          "HTTP \(port(.httpPort)), HTTPS \(port(.httpsPort)), agents \(port(.agentPort))"
        ),
        (
          "certificate",
          facts.certificate.map { Self.describe($0, in: width.map { $0 - 13 }) }
            ?? "none that can be used; see: check server"
        ),
        ("mismatched", Self.mismatched(inventory, at: place.clock.date)),
      ] + danger.map { ("danger", $0) }
    for (key, value) in lines {
      let line = CellWidth.fit(key, 11) + "  " + OutputText.visible(value)
      // A line each at a terminal: show server and show certificate have what doesn't fit.
      try invocation.console.writeLine(width.map { CellWidth.cut(line, max(40, $0)) } ?? line)
    }
  }

  /// Whole, or in that many columns: a person looks at the beginnings of numbers.
  private static func describe(_ certificate: ServerFacts.Certificate, in width: Int?) -> String {
    func shown(_ digits: String) -> String { width == nil || digits.count <= 7 ? digits : digits.prefix(6) + "…" }
    let rest =
      ", serial \(shown(certificate.serial)), SHA-256 \(shown(certificate.sha256)), until "
      + TimeText.date(certificate.notAfter)
    let subject = OutputText.visible(certificate.subject)
    return (width.map { CellWidth.cut(subject, max(10, $0 - CellWidth.of(rest))) } ?? subject) + rest
  }

  private static func mismatched(_ inventory: Inventory, at date: Double) -> String {
    guard let list = inventory.list else { return "not known yet: list-mismatched" }
    return "\(NumberText.grouped(inventory.mismatched.count)) (list \(ListAge(of: list.at, at: date).text))"
  }
}
