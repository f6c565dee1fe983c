/// What one look at an endpoint found out about its agent. What is nil was not there, or could not be read.
package struct AgentFacts: Sendable, Hashable, Codable {
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
  /// By service name in lower case; a service that was not looked at is missing.
  package private(set) var services: [String: ServiceFact]
  /// Against the certificate to deploy; nil where the file was not looked at.
  package var certificate: CertificateVerdict?
  /// SHA-256 of the certificate's DER, or of the file's bytes where it is unreadable; lower-case hex.
  package var certificateSHA256: String?
  /// In words, what command lines to the endpoint go through; nil where nobody asked.
  package var shell: String?

  package init(
    isInstalled: Bool, server: String? = nil, httpPort: Int? = nil, httpsPort: Int? = nil, agentPort: Int? = nil,
    applicationPath: String? = nil, version: String? = nil, guid: String? = nil,
    architecture: EndpointArchitecture? = nil, services: [String: ServiceFact] = [:],
    certificate: CertificateVerdict? = nil, certificateSHA256: String? = nil,
    shell: String? = nil
  ) {
    self.isInstalled = isInstalled
    self.server = server
    self.httpPort = httpPort
    self.httpsPort = httpsPort
    self.agentPort = agentPort
    self.applicationPath = applicationPath
    self.version = version
    self.guid = guid
    self.architecture = architecture
    self.services = Dictionary(services.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
    self.certificate = certificate
    self.certificateSHA256 = certificateSHA256
    self.shell = shell
  }

  /// A service by its name in any case; nil where it was not looked at.
  package subscript(service name: String) -> ServiceFact? {
    get { services[name] ?? services[name.lowercased()] }
    set { services[name.lowercased()] = newValue }
  }

  /// The required agent services run. False as soon as one is known not to; nil where no agent is installed, or where
  /// it is not known.
  package var isProtected: Bool? {
    guard isInstalled else { return nil }
    let required = AgentService.required.map { self[service: $0]?.state }
    if required.contains(where: { $0 != nil && $0 != .running }) { return false }
    return required.contains(nil) ? nil : true
  }

  /// The services that must run after a repair: the required ones, and whichever other ran at this look. In lower
  /// case, the required ones first.
  package var servicesToRestore: [String] {
    let others = services.filter { $0.value.state == .running && !AgentService.required.contains($0.key) }
    return AgentService.required + others.keys.sorted()
  }
}

/// One Windows service of the agent.
package struct ServiceFact: Sendable, Hashable, Codable {
  package enum State: String, Sendable, Hashable, Codable, CaseIterable {
    case running, stopped, paused
    case startPending = "start-pending"
    case stopPending = "stop-pending"
    /// A pause or a continuation under way.
    case pending
    /// Windows knows no service of this name.
    case absent
  }

  package var state: State
  /// The process id; nil where there is none or it was not asked for.
  package var pid: UInt32?

  package init(_ state: State, pid: UInt32? = nil) {
    self.state = state
    self.pid = pid == 0 ? nil : pid
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
}
