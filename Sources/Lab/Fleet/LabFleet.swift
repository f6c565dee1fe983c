package import Remote
import Synchronization

/// A simulated Apex One server and its agents' endpoints.
///
/// Everything about an agent follows from the seed, its name, and the fleet's size; an agent that nobody touches costs
/// a word of memory. What can be seen of it is what any Windows machine would show: `server` and `connector` give
/// `Host`s.
package final class LabFleet: Sendable {
  /// How many agents there are.
  package let count: Int
  package let seed: UInt64
  package let faults: FaultRecipe
  package let clock: any Timekeeper
  /// Accounts and logons; asked by tests, kept by the connectors.
  package let logons: LogonBook
  package let secrets: LabSecrets

  let settings: LabServerSettings
  let directory: LabDirectory?
  private let random: SeededRandom
  private let assignment: FaultAssignment
  private let nameWidth: Int
  private let machines: Mutex<[SimulatedWindows?]>
  private let trees = Mutex<[TreeKind: BaseTree]>([:])
  private let madeCertificates = Mutex<LabCertificates?>(nil)
  private let madeServer = Mutex<SimulatedWindows?>(nil)

  /// Makes a fleet, or opens the one that `directory` holds (which must be of the same size, seed and faults).
  /// `makesServer`: false where most likely nobody asks for it.
  package init(
    agents: Int = 200, seed: UInt64 = 1, faults: FaultRecipe = .none, directory: String? = nil,
    clock: any Timekeeper = VirtualClock(), makesServer: Bool = true
  ) throws(LabError) {
    guard (0...1_000_000).contains(agents) else {
      throw LabError("a lab has 0 to 1,000,000 agents, not \(agents)")
    }
    count = agents
    self.seed = seed
    self.faults = faults
    logsOnByPassword = faults != .keyLogon
    self.clock = clock
    random = SeededRandom(seed: SeededRandom.mix(seed))
    assignment = FaultAssignment(faults, agents: agents, random: random)
    nameWidth = max(3, String(agents).count)
    settings = LabServerSettings(random)
    secrets = LabSecrets()
    logons = LogonBook(password: faults == .logonRefused ? "another one" : LabSecrets.passwordText)
    machines = Mutex(Array(repeating: nil, count: agents))
    if let directory {
      self.directory = try LabDirectory(directory, agents: agents, seed: seed, faults: faults)
    } else {
      self.directory = nil
    }
    if makesServer { _ = try serverMachine() }
  }

  /// Made when they are first asked for: a process that plays one machine of a lab on disk needs none.
  var certificates: LabCertificates {
    madeCertificates.withLock { made in
      if let made { return made }
      guard let certificates = try? LabCertificates(seed: random) else {
        preconditionFailure("a lab's certificates follow from its seed")
      }
      made = certificates
      return certificates
    }
  }

  /// The server's machine, in a fleet that was not opened without it.
  var serverWindows: SimulatedWindows {
    guard let server = madeServer.withLock({ $0 }) else { preconditionFailure("the lab was opened without its server") }
    return server
  }

  /// The server's machine; made at first touch where the fleet was opened without it.
  func serverMachine() throws(LabError) -> SimulatedWindows {
    try madeServer.withLock { (made) throws(LabError) in
      if let made { return made }
      let server = try makeServer()
      made = server
      return server
    }
  }

  // MARK: what tests may know

  package func fault(of name: String) -> Fault? { index(of: name).map(assignment.fault) }
  package func spec(of name: String) -> AgentSpec? { index(of: name).map(spec) }
  /// How often IpXfer was started on an agent's endpoint.
  package func toolRuns(of name: String) -> Int {
    guard let index = index(of: name), let machine = touchedMachine(index) else { return 0 }
    return machine.state(at: clock.date) { $0.toolRuns ?? 0 }
  }
  /// How often an agent was removed from an endpoint, and how often one was installed there.
  package func installations(of name: String) -> (removed: Int, installed: Int) {
    guard let index = index(of: name), let machine = touchedMachine(index) else { return (0, 0) }
    return machine.state(at: clock.date) { ($0.removals ?? 0, $0.installs ?? 0) }
  }
  /// Whether an agent is installed at an endpoint now.
  package func hasAgent(_ name: String) -> Bool {
    guard let index = index(of: name), let machine = try? machine(index) else { return false }
    return machine.state(at: clock.date) { $0.agent != nil }
  }
  /// Folders directly under an endpoint's Windows folder that begin with `apexsh`.
  package func leftovers(of name: String) -> [String] {
    guard let index = index(of: name), let machine = touchedMachine(index) else { return [] }
    let entries = (try? machine.list(WindowsPath(#"C:\Windows"#))) ?? []
    return entries.map(\.name).filter { $0.hasPrefix("apexsh") }
  }
  /// In list order: `WS-001` and so on.
  package var names: [String] { (0..<count).map(name) }
  /// The bytes of the server's own `OfcNTCer.dat`, as the fleet was made.
  package var serverCertificate: [UInt8] { certificates.current }
  /// The bytes that mismatched agents hold.
  package var olderCertificate: [UInt8] { certificates.older }
  package var serverName: String { LabServerSettings.name }
  package var agentPort: Int { settings.agentPort }

  // MARK: names

  private static let prefix = "WS-"

  private func name(_ index: Int) -> String {
    let digits = String(index + 1)
    return LabFleet.prefix + String(repeating: "0", count: nameWidth - digits.count) + digits
  }

  func spec(_ index: Int) -> AgentSpec {
    AgentSpec(index: index, name: name(index), random: random, fault: assignment.fault(of: index))
  }

  /// The agent of that name, with or without `.contoso.local`, letter case ignored.
  func index(of name: String) -> Int? {
    let length = 3 + nameWidth
    guard name.utf8.count >= length else { return nil }
    if name.utf8.count > length, !String(Substring(name.utf8.dropFirst(length))).isSame(as: ".contoso.local") {
      return nil
    }
    var number = 0
    for (place, byte) in name.utf8.prefix(length).enumerated() {
      switch place {
      case 0: if byte | 0x20 != UInt8(ascii: "w") { return nil }
      case 1: if byte | 0x20 != UInt8(ascii: "s") { return nil }
      case 2: if byte != UInt8(ascii: "-") { return nil }
      default:
        guard (48...57).contains(byte) else { return nil }
        number = number * 10 + Int(byte - 48)
      }
    }
    return (1...max(1, count)).contains(number) && number <= count ? number - 1 : nil
  }

  // MARK: machines

  /// The password that agents really ask for.
  var unloadPassword: String {
    faults == .wrongPassword ? "another one" : LabSecrets.unloadText
  }
  var uninstallPassword: String {
    faults == .wrongUninstallPassword ? "another one" : LabSecrets.uninstallText
  }
  /// The account's password is shown at logon, and programs there may show it to other machines.
  let logsOnByPassword: Bool

  /// The machine of one agent, made at first touch.
  func machine(_ index: Int) throws(LabError) -> SimulatedWindows {
    if let known = machines.withLock({ $0[index] }) { return known }
    let made = try make(spec(index))
    return machines.withLock { machines in
      if let known = machines[index] { return known }
      machines[index] = made
      return made
    }
  }

  /// The machine of one agent if anybody has touched it, in this process or on disk.
  func touchedMachine(_ index: Int) -> SimulatedWindows? {
    if let known = machines.withLock({ $0[index] }) { return known }
    guard let directory, directory.hasMachine(name(index)) else { return nil }
    return try? machine(index)
  }

  private struct TreeKind: Hashable {
    let folder: String?
    let certificate: Int
  }

  private func make(_ spec: AgentSpec) throws(LabError) -> SimulatedWindows {
    let hasAgent = spec.fault != .noAgent
    let folder = hasAgent ? ProductNames.agentFolder(on: spec.architecture) : nil
    let identity = SimulatedWindows.Identity(
      name: spec.name, architecture: spec.architecture, latency: spec.latency, fault: spec.fault,
      isOtherVariant: spec.isOtherVariant, toolTime: spec.toolTime, settleTime: spec.settleTime,
      connectTime: spec.connectTime, guid: spec.guid,
      domain: spec.domain, wakes: spec.wakes)
    let agent = folder.map { folder in
      AgentRegistration(
        server: spec.fault == .otherServer ? "apexone-old.contoso.local" : LabServerSettings.name,
        httpPort: LabServerSettings.httpPort, httpsPort: LabServerSettings.httpsPort,
        agentPort: settings.agentPort,
        folder: folder, version: spec.version)
    }
    let services = ServiceTable(
      names: hasAgent ? ProductNames.requiredServices + spec.extraServices : [],
      firstPid: 1_000 + 4 * UInt32(random.number(spec.index, .pid) % 2_000))
    let state = MachineState(agent: agent, services: services)
    guard let directory else { return SimulatedWindows(identity, state: state, base: tree(spec, folder)) }
    return try directory.machine(identity, state, tree(spec, folder))
  }

  private func tree(_ spec: AgentSpec, _ agentFolder: String?) -> BaseTree {
    let certificate: KeyPath<LabCertificates, [UInt8]>?
    let kind: Int
    switch spec.fault {
    case .alreadyMatching: (certificate, kind) = (\.current, 0)
    case .otherServer: (certificate, kind) = (\.foreign, 2)
    case .certificateMissing: (certificate, kind) = (nil, 3)
    default: (certificate, kind) = (\.older, 1)
    }
    return trees.withLock { trees in
      let key = TreeKind(folder: agentFolder, certificate: kind)
      if let known = trees[key] { return known }
      let made = BaseTrees.endpoint(
        agentFolder: agentFolder, certificate: certificate.map { certificates[keyPath: $0] })
      trees[key] = made
      return made
    }
  }

  private func makeServer() throws(LabError) -> SimulatedWindows {
    let identity = SimulatedWindows.Identity(
      name: LabServerSettings.shortName, architecture: .x64, latency: 0.02, fault: .none,
      isOtherVariant: false, toolTime: 10,
      settleTime: 5, connectTime: 0.5, guid: "", domain: "")
    let state = MachineState(
      agent: nil, services: ServiceTable(names: ["ofcservice", "w3svc"], firstPid: 2_000))
    func tree() -> BaseTree { BaseTrees.server(settings, certificate: certificates.current) }
    guard let directory else { return SimulatedWindows(identity, state: state, base: tree()) }
    let folder = try directory.wholeMachine(identity.name, state, tree())
    return SimulatedWindows(identity, state: state, folder: folder)
  }
}
