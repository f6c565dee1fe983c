import ApexOne
import Foundation
import Lab
import Remote
import Synchronization

@testable import Runs

enum TestCertificates {
  static func server() throws -> AuthenticationCertificate {
    try AuthenticationCertificate(bytes: LabFleet(agents: 1).serverCertificate)
  }
}

/// A lab fleet, a journal in a scratch folder, and a run over both: what most engine tests need.
final class EngineRig {
  let fleet: LabFleet
  let scratch: Scratch
  let journal: Journal
  let certificate: AuthenticationCertificate
  var options = RunOptions()
  var unloadPassword: Secret?
  /// More secrets of the session.
  var secrets: [Secret] = []
  /// Called with each result as its agent ends, with the run's controls.
  var onResult: @Sendable (AgentResult, RunControls) -> Void = { _, _ in }
  /// Called when the run is about to begin: what is scheduled earlier comes before it.
  var onBegin: () -> Void = {}
  /// The certificate as the server shows it before each wave.
  var currentCertificate: (@Sendable () async throws -> AuthenticationCertificate)?
  var connector: (any Remote.HostConnector)?
  /// What `plan` plans instead of a transfer.
  var reinstallation: Reinstallation?
  let controls = RunControls()
  private(set) var gate: LogonGate

  init(agents: Int, faults: FaultRecipe = .none, seed: UInt64 = 1) throws {
    fleet = try LabFleet(agents: agents, seed: seed, faults: faults)
    scratch = try Scratch()
    journal = try Journal(path: scratch.file("journal.sqlite"))
    certificate = try AuthenticationCertificate(bytes: fleet.serverCertificate)
    unloadPassword = fleet.secrets.unloadPassword
    gate = LogonGate()
  }

  func use(_ gate: LogonGate) { self.gate = gate }

  /// Another gate than the usual one.
  func useGate(atOnce: Int) { gate = LogonGate(atOnce: atOnce) }

  struct Outcome {
    var run: Int
    var end: RunEnd
    var results: [AgentResult]
    subscript(_ name: String) -> AgentResult? { results.first { $0.name == name } }
  }

  func tools() async throws -> [StagedFile] {
    fleet.clock.begin()
    defer { fleet.clock.end() }
    let folder = fleet.serverPath.appending("Admin").appending("Utility").appending("IpXfer")
    var files: [StagedFile] = []
    for entry in try await fleet.server.list(folder) where entry.kind == .file {
      files.append(
        StagedFile(name: entry.name, bytes: try await fleet.server.get(folder.appending(entry.name), limit: 1 << 24)))
    }
    return files
  }

  func transfer(_ names: [String]? = nil) async throws -> Outcome {
    let connector = connector ?? fleet.connector
    let (plan, work) = try await plan(names, connector: connector)
    return try await run(plan, work, connector)
  }

  func plan(
    _ names: [String]? = nil, connector: any Remote.HostConnector
  ) async throws -> (plan: Plan, work: RepairWork) {
    if let reinstallation { return try reinstallation.plan(self, names, connector: connector) }
    let certificate = certificate
    let planner = TransferPlanner(
      server: "lab:", product: .apexOne, serverName: fleet.serverName, serverAliases: [], httpPort: 8080,
      httpsPort: 4343, agentPort: fleet.agentPort, certificate: certificate, tools: try await tools(),
      unloadPassword: unloadPassword, options: options)
    return try planner.plan(
      (names ?? fleet.names).map { PlannedAgent(name: $0) }, connector: connector,
      currentCertificate: currentCertificate ?? { certificate })
  }

  func run(_ plan: Plan, _ work: RepairWork, _ connector: any Remote.HostConnector) async throws -> Outcome {
    let run = try journal.beginRun(plan, confirmed: "\(plan.count)", parent: nil, at: 0)
    let (onResult, controls) = (onResult, controls)
    var work = work
    work.secrets += secrets
    let engine = RunEngine(
      plan: plan, work: work, connector: connector, journal: journal, run: run, clock: fleet.clock,
      controls: controls, gate: gate, reports: RunReports(ended: { onResult($0, controls) }, durable: { _ in }))
    onBegin()
    let end = await engine.execute()
    return Outcome(run: run, end: end, results: try journal.results(ofRun: run))
  }
}

extension EngineRig {
  /// Everything that the journal has on disk.
  func journalBytes() throws -> [UInt8] {
    var bytes: [UInt8] = []
    for name in ["journal.sqlite", "journal.sqlite-wal"] {
      bytes += FileManager.default.contents(atPath: scratch.file(name)) ?? Data()
    }
    return bytes
  }
}
