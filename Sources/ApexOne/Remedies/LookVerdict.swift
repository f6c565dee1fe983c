/// What the administrator allows and expects of the agents that are repaired.
package struct LookExpectations: Sendable, Hashable, Codable {
  /// What agents call the server.
  package var serverName: String
  /// Other names of the same server.
  package var serverAliases: [String]
  /// The port agents should listen on; nil where the remedy leaves it.
  package var agentPort: Int?
  package var allowMove: Bool
  package var allowPortChange: Bool
  /// Repair agents that match already.
  package var force: Bool
  /// The remedy works on an installed agent: a transfer does, an installation needn't.
  package var needsAgent: Bool
  /// The remedy runs a program made for x86 or x64: IpXfer does.
  package var needsKnownMachine: Bool
  /// The server's HTTP port, which a reinstalled agent must have; nil where it is not known.
  package var httpPort: Int?
  /// Names of machines that may answer under an agent's name though they call themselves so.
  package var otherMachines: [String]
  /// Whose the certificate is that agents are held against.
  package var certificate: CertificateOrigin
  /// The kind of machine that the package to install is for; nil where none is.
  package var package: EndpointArchitecture?

  package init(
    serverName: String, serverAliases: [String] = [], agentPort: Int? = nil, allowMove: Bool = false,
    allowPortChange: Bool = false, force: Bool = false, needsAgent: Bool = true, needsKnownMachine: Bool = true,
    httpPort: Int? = nil, otherMachines: [String] = [], certificate: CertificateOrigin = .server,
    package: EndpointArchitecture? = nil
  ) {
    self.serverName = serverName
    self.serverAliases = serverAliases
    self.agentPort = agentPort
    self.allowMove = allowMove
    self.allowPortChange = allowPortChange
    self.force = force
    self.needsAgent = needsAgent
    self.needsKnownMachine = needsKnownMachine
    self.httpPort = httpPort
    self.otherMachines = otherMachines
    self.certificate = certificate
    self.package = package
  }

  /// A repair of this agent moves it to this server, or to another port.
  package func changesPlace(of agent: AgentFacts) -> Bool {
    let moves = allowMove && !(agent.server.map(isOwnServer) ?? false)
    return moves || allowPortChange && agentPort != nil && agent.agentPort != agentPort
  }

  /// Names are equal but for case, addresses however they are spelt. `host` and `host.domain` are two names unless an
  /// alias says otherwise: a short name may be another machine in another domain.
  package func isOwnServer(_ name: String) -> Bool {
    let key = ServerName.key(name)
    return ([serverName] + serverAliases).contains { ServerName.key($0) == key }
  }
}

/// Whose a certificate is that is deployed, or that agents are held against.
package enum CertificateOrigin: String, Sendable, Hashable, Codable {
  /// The server's own.
  case server
  /// Another one than the server's own.
  case other
  /// The server's own is not known.
  case notCompared

  /// What an agent that holds it has: `the server's`.
  package var owner: String {
    switch self {
    case .server: "the server's"
    case .other: "the one to deploy, which is NOT the server's own"
    case .notCompared: "the one to deploy (the server's own is not known)"
    }
  }

  /// What a verdict against this certificate says of an agent's.
  package func meaning(of verdict: CertificateVerdict) -> String {
    verdict == .equal ? "the certificate is \(owner)" : verdict.meaning
  }
}

/// What one look at an endpoint means for a repair: go on, leave it, or nothing to do. A pure rule, before touching.
package enum LookVerdict: Sendable, Hashable {
  case proceed
  /// The certificate is right already; the note says what the list's claim may come from.
  case alreadyMatching(String)
  /// The same, and a required service does not run: it is started, without the tool.
  case matchingUnprotected(String)
  /// By a rule; the sentence names what was found and what would allow it.
  case refuse(Cause, String)

  /// `agent`: its name, which the machine must bear; nil where that was looked at before.
  package init(_ facts: AgentFacts, _ expected: LookExpectations, of agent: String? = nil) {
    let refusal = agent.flatMap { LookVerdict.machine(facts.machine, $0, expected) }
    if let refusal = refusal ?? LookVerdict.ownership(facts, expected) {
      self = refusal
      return
    }
    let staysHere = facts.server.map(expected.isOwnServer) ?? false
    let newPort = LookVerdict.newPort(facts, expected)
    let changesPort = newPort != nil && expected.allowPortChange
    if facts.isInstalled, facts.certificate == .equal, staysHere, !changesPort, !expected.force {
      let text =
        "the certificate is \(expected.certificate.owner) already: "
        + (expected.certificate == .server ? "the list is stale, or the service has not loaded it; " : "")
        + "--force repairs it all the same"
      self = facts.isProtected == false ? .matchingUnprotected(text) : .alreadyMatching(text)
    } else if let newPort, let port = facts.agentPort, !expected.allowPortChange {
      self = .refuse(.otherPort, "its port would change from \(port) to \(newPort); --change-port allows it")
    } else if let refusal = LookVerdict.machine(facts, expected) {
      self = refusal
    } else {
      self = .proceed
    }
  }

  /// Is the machine the agent's? Nil where it is, where a person allowed it, and where its name could not be
  /// read.
  package static func machine(
    _ names: MachineNames, _ agent: String, _ expected: LookExpectations
  ) -> LookVerdict? {
    if names.match(agent, or: expected.otherMachines) != .different { return nil }
    return .refuse(
      .otherMachine,
      "the machine that answers calls itself \(names.text), not \(agent) (stale DNS, or a wrong line in ssh_config?); "
        + "--other-machine \(names.host ?? names.computer ?? "NAME") allows it")
  }

  /// Nothing that the machine calls itself could be read, so it can't be told from another one.
  package static func isNotNamed(_ names: MachineNames, _ agent: String, _ expected: LookExpectations) -> Bool {
    names.match(agent, or: expected.otherMachines) == .notRead
  }

  /// What is said of a machine whose names could not be read.
  package static let machineNotNamed =
    "what the machine calls itself could not be read, so that it is the agent's is not known; what was known to be wrong "
    + "there stays known, unless the agent has the GUID seen with it"

  private static func ownership(_ facts: AgentFacts, _ expected: LookExpectations) -> LookVerdict? {
    guard facts.isInstalled else {
      return expected.needsAgent ? .refuse(.noAgent, "no agent is installed; reinstall can install one") : nil
    }
    if expected.allowMove { return nil }
    guard let server = facts.server, !server.isEmpty else {
      return .refuse(.otherServer, "the agent names no server; --move gives it to \(expected.serverName)")
    }
    if expected.isOwnServer(server) { return nil }
    let isOtherForm = ([expected.serverName] + expected.serverAliases).contains { sharesFirstLabel($0, server) }
    let hint =
      isOtherForm
      ? "a short and a full name count as two: if it is the same server, add it to server-aliases"
      : "--move takes it over, server-aliases names it as the same server"
    return .refuse(.otherServer, "the agent belongs to \(server), not to \(expected.serverName); \(hint)")
  }

  /// `apexone` and `apexone.contoso.local`, one of them short.
  private static func sharesFirstLabel(_ left: String, _ right: String) -> Bool {
    let (left, right) = (ServerName.key(left), ServerName.key(right))
    guard left.contains(".") != right.contains("."), ServerName.address(left) == nil, ServerName.address(right) == nil
    else { return false }
    return left.prefix { $0 != "." } == right.prefix { $0 != "." }
  }

  /// The port that the agent would get; nil where it keeps its own, or its own is not known.
  private static func newPort(_ facts: AgentFacts, _ expected: LookExpectations) -> Int? {
    guard facts.isInstalled, let own = facts.agentPort, let port = expected.agentPort, own != port else { return nil }
    return port
  }

  private static func machine(_ facts: AgentFacts, _ expected: LookExpectations) -> LookVerdict? {
    guard expected.needsKnownMachine || expected.package != nil else { return nil }
    guard let architecture = facts.architecture else {
      return .refuse(.unsupportedMachine, "it could not be told whether the machine is x86 or x64")
    }
    if let package = expected.package {
      if package.runs(on: architecture) { return nil }
      return .refuse(
        .wrongPackage, "the package is for \(package) machines, and this one is \(architecture); give one made for it")
    }
    if architecture.isSupported { return nil }
    return .refuse(.unsupportedMachine, "the machine is \(architecture); IpXfer exists for x86 and x64 only")
  }
}
