/// What one look at an endpoint found out about its agent. What is nil was not there, or could not be read.
///
/// Thousands of agents have several looks each, and most of what a look says is what the one before said: that part is
/// shared, so that a copy is a few words.
@dynamicMemberLookup
package struct AgentFacts: Sendable, Hashable {
  private var shared: Shared
  /// A service that was not looked at is missing.
  package private(set) var services: ServiceFacts
  /// Against the certificate to deploy; nil where the file was not looked at.
  package var certificate: CertificateVerdict?
  /// SHA-256 of the certificate's DER, or of the file's bytes where it is unreadable; lower-case hex.
  package var certificateSHA256: String?

  package init(
    isInstalled: Bool, server: String? = nil, httpPort: Int? = nil, httpsPort: Int? = nil, agentPort: Int? = nil,
    applicationPath: String? = nil, version: String? = nil, guid: String? = nil,
    architecture: EndpointArchitecture? = nil, services: ServiceFacts = [:],
    certificate: CertificateVerdict? = nil, certificateSHA256: String? = nil,
    shell: String? = nil, machine: MachineNames = MachineNames()
  ) {
    shared = Shared(
      Installation(
        isInstalled: isInstalled, server: server, httpPort: httpPort, httpsPort: httpsPort, agentPort: agentPort,
        applicationPath: applicationPath, version: version, guid: guid, architecture: architecture, shell: shell,
        machine: machine))
    self.services = services
    self.certificate = certificate
    self.certificateSHA256 = certificateSHA256
  }

  /// What doesn't change while an agent is repaired.
  package struct Installation: Sendable, Hashable {
    /// The agent's key is in the registry.
    package var isInstalled: Bool
    /// The managing server, as the agent knows it.
    package var server: String?
    package var httpPort: Int?
    package var httpsPort: Int?
    /// The port the agent listens on.
    package var agentPort: Int?
    /// The agent's folder, with backslashes.
    package var applicationPath: String?
    package var version: String?
    package var guid: String?
    package var architecture: EndpointArchitecture?
    /// In words, what command lines to the endpoint go through; nil where nobody asked.
    package var shell: String?
    /// What the machine calls itself.
    package var machine: MachineNames
  }

  private final class Shared: Sendable, Hashable {
    let installation: Installation
    init(_ installation: Installation) { self.installation = installation }
    static func == (left: Shared, right: Shared) -> Bool {
      left === right || left.installation == right.installation
    }
    func hash(into hasher: inout Hasher) { hasher.combine(installation) }
  }

  package subscript<Value>(dynamicMember member: WritableKeyPath<Installation, Value>) -> Value {
    get { shared.installation[keyPath: member] }
    set {
      var installation = shared.installation
      installation[keyPath: member] = newValue
      shared = Shared(installation)
    }
  }

  /// A service by its name in any case; nil where it was not looked at.
  package subscript(service name: String) -> ServiceFact? {
    get { services[name] }
    set { services[name] = newValue }
  }

  /// The same with the services as a later look saw them. What it could not read is not known any more.
  package func with(_ later: ServiceFacts) -> AgentFacts {
    var facts = self
    facts.services = later
    return facts
  }

  /// The required agent services run. False as soon as one is known not to; nil where no agent is installed, or where
  /// it is not known.
  package var isProtected: Bool? {
    guard self.isInstalled else { return nil }
    let required = AgentService.required.map { self[service: $0]?.state }
    if required.contains(where: { $0 != nil && $0 != .running }) { return false }
    return required.contains(nil) ? nil : true
  }

  /// The services that later looks ask for: the required ones, and whichever other is there.
  package var servicesToWatch: [String] { servicesWith { $0 != .absent } }

  /// The services that must run after a repair: the required ones, and whichever other ran at this look. In lower
  /// case, the required ones first.
  package var servicesToRestore: [String] { servicesWith { $0 == .running } }

  private func servicesWith(_ isWanted: (ServiceFact.State) -> Bool) -> [String] {
    AgentService.required
      + services.entries.filter { isWanted($0.fact.state) && !AgentService.required.contains($0.name) }.map(\.name)
  }
}

/// The names of the agent's services, in lower case.
package enum AgentService {
  /// Takes the server's commands.
  package static let listener = "tmlisten"
  /// Real-time, scheduled and manual scan.
  package static let scanner = "ntrtscan"
  /// Without these an endpoint is not protected.
  package static let required = [listener, scanner]
  /// Others that an agent may have.
  package static let optional = ["tmccsf", "tmbmserver"]
  package static let all = required + optional
}
