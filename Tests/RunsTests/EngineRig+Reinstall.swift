import ApexOne
import Lab
import Remote

@testable import Runs

/// What a reinstallation in the lab is made of.
struct Reinstallation {
  var ending = ".msi"
  var isAutopcc = false
  var uninstallFirst = false
  /// Where the package says something else than the lab's server would.
  var serverName: String?
  var httpPort = 8080
  var certificate: [UInt8]?
  /// Runs on every machine of the lab but ARM64.
  var architecture = AgentSpec.Architecture.x86

  func plan(
    _ rig: EngineRig, _ names: [String]? = nil, connector: any Remote.HostConnector
  ) throws -> (plan: Plan, work: RepairWork) {
    let package = LabPackage(
      server: serverName ?? rig.fleet.serverName, httpPort: httpPort, httpsPort: 4343, agentPort: rig.fleet.agentPort,
      version: "14.0.12980", certificate: certificate ?? rig.fleet.serverCertificate,
      architecture: architecture)
    let bytes = package.make(ending == ".exe" ? .exe : .msi)
    let own = rig.certificate
    let planner = ReinstallPlanner(
      server: "lab:", product: .apexOne, serverName: rig.fleet.serverName, serverAliases: [], httpPort: 8080,
      certificate: own,
      source: isAutopcc
        ? .autopcc
        : .package(
          StagedFile(name: "package" + ending, bytes: bytes),
          try AgentPackage(name: "Agent" + ending, bytes: bytes)),
      arguments: [], uninstallPassword: uninstallFirst ? rig.fleet.secrets.uninstallPassword : nil,
      options: rig.options)
    return try planner.plan(
      (names ?? rig.fleet.names).map { PlannedAgent(name: $0) }, connector: connector, currentCertificate: { own })
  }
}

extension EngineRig {
  func reinstall(_ what: Reinstallation = Reinstallation(), _ names: [String]? = nil) async throws -> Outcome {
    let connector = connector ?? fleet.connector
    let (plan, work) = try what.plan(self, names, connector: connector)
    return try await run(plan, work, connector)
  }

  /// Lets the lab's time pass.
  func wait(_ seconds: Int) async throws {
    try await fleet.clock.living { try await fleet.clock.sleep(for: .seconds(seconds)) }
  }

  /// The steps of an agent in a run: intents in brackets.
  func steps(_ run: Int, _ name: String) throws -> [String] {
    guard let position = fleet.names.firstIndex(of: name) else { return [] }
    return try steps(run, at: position)
  }

  func steps(_ run: Int, at position: Int) throws -> [String] {
    try journal.events(ofRun: run, position: position).map { $0.isIntent ? "[\($0.word)]" : $0.word }
  }

  /// Agents that have this fault.
  func struck(_ fault: Fault) -> [String] { fleet.names.filter { fleet.fault(of: $0) == fault } }
}
