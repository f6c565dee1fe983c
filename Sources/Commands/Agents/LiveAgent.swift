import ApexOne

/// What one look at an endpoint found, as results show it.
struct LiveAgent: Sendable {
  let facts: AgentFacts
  let verdict: LookVerdict
  /// Whose certificate it was held against.
  let origin: CertificateOrigin
  /// Nothing that the machine calls itself could be read.
  var isNotNamed = false
  /// Identities of the servers known here whose certificate the agent holds.
  var whose: [String] = []

  /// In words: what a repair would make of it.
  var verdictText: String { isNotNamed ? "\(meaning); \(LookVerdict.machineNotNamed)" : meaning }

  private var meaning: String {
    switch verdict {
    case .proceed:
      "a repair would go on: \(facts.certificate.map(origin.meaning) ?? "the certificate could not be looked at")"
    case .matchingUnprotected:
      "the certificate is \(origin.owner) already, and it is not protected (\(facts.stoppedServices)): a repair would "
        + "start what is stopped"
    case .alreadyMatching(let text): text
    case .refuse(let cause, let text): "a repair would be refused (\(cause.rawValue)): \(text)"
    }
  }

  /// Keys and values, services as a member of their own.
  var members: [(key: String, value: ResultValue)] {
    [
      ("verdict", .text(verdictText)), ("host_name", .init(facts.machine.host)),
      ("computer_name", .init(facts.machine.computer)), ("installed", .flag(facts.isInstalled)),
      ("server", .init(facts.server)),
      ("http_port", .init(facts.httpPort)), ("https_port", .init(facts.httpsPort)),
      ("agent_port", .init(facts.agentPort)), ("application_path", .init(facts.applicationPath)),
      ("version", .init(facts.version)), ("guid", .init(facts.guid)),
      ("architecture", .init(facts.architecture.map { "\($0)" })), ("shell", .init(facts.shell)),
      ("protected", .init(facts.isProtected)),
      ("services", .object(services)), ("certificate", .init(facts.certificate?.rawValue)),
      ("certificate_sha256", .init(facts.certificateSHA256)), ("whose", .list(whose.map { .text($0) })),
    ]
  }

  private var services: [ResultValue.Member] {
    facts.services.entries.map { .init($0.name, .text($0.fact.state.rawValue)) }
  }
}
