import ApexOne
import Archives
import Foundation
import Lab
import Remote
import Runs
import Synchronization
import Testing

@testable import Commands

/// A lab, its journal in a folder of the test's own, and a way to run commands about cases as the shell would.
final class CaseRig: Sendable {
  struct Ran {
    var code: ExitCode
    var console: TestConsole
    /// What the shell would say of it.
    var error: String
  }

  static let identity = "lab:cases"

  let fleet: LabFleet
  let folder: String
  let vault = SecretVault()
  let isReachable = Mutex(true)
  let settings = Mutex(Settings())
  private let services = Mutex<Services?>(nil)

  init(agents: Int = 3, faults: FaultRecipe = .none, clock: VirtualClock = VirtualClock()) throws {
    fleet = try LabFleet(agents: agents, faults: faults, clock: clock)
    folder = TemporaryFolder.newPath("case")
    try FileManager.default.createDirectory(atPath: folder + "/out", withIntermediateDirectories: true)
    try set(.server, "lab:")
    services.withLock { $0 = Services(transports: [kind]) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func set(_ key: SettingKey, _ text: String) throws { try settings.withLock { try $0.set(key, text, from: .set) } }

  private var kind: TransportKind {
    TransportKind(
      scheme: "lab", endpoints: { [fleet] _ in fleet.connector },
      server: { [weak self] _ in
        guard let self, isReachable.withLock({ $0 }) else {
          throw RemoteError(.unreachable, "apexone.contoso.local: connection refused")
        }
        return fleet.server
      },
      place: { [fleet, folder] _ in
        ServerPlace(
          address: try ServerAddress("lab:"), identity: CaseRig.identity,
          layout: ServerLayout(root: fleet.serverPath.text), clock: fleet.clock, journal: folder + "/journal.sqlite",
          secrets: [.unloadPassword: fleet.secrets.unloadPassword, .password: fleet.secrets.password])
      })
  }

  func invocation(_ console: TestConsole = TestConsole(), _ format: OutputFormat = .json) throws -> Invocation {
    let services = try #require(services.withLock { $0 })
    let state = ShellState(settings: settings.withLock { $0 }, secrets: vault)
    return Invocation(
      settings: settings.withLock { $0 }, secrets: vault, console: console, format: format,
      folders: Folders(state: folder + "/state", config: folder + "/config"), services: services,
      registry: CommandRegistry(CaseCommands.all), state: state, lookups: EmptySnapshot(), isOneShot: true,
      words: [], shell: NoShell())
  }

  var journal: Journal { get throws { try invocation().journal() } }

  /// Runs one line's words; a case's archive goes into `out`.
  func run(
    _ words: [String], answers: [String?]? = nil, format: OutputFormat = .json
  ) async throws -> Ran {
    let traits = ConsoleTraits(isInteractive: answers != nil)
    let console = TestConsole(traits: traits, answers: answers ?? [])
    let registry = CommandRegistry(CaseCommands.all)
    do {
      guard case .command(let type, let consumed) = registry.match(words) else {
        throw CommandError(.misuse, "no command \(words)")
      }
      let command = try CommandParsing.parse(type, Array(words.dropFirst(consumed)))
      return Ran(code: try await command.run(in: invocation(console, format)), console: console, error: "")
    } catch {
      let rendered = RenderedError(error)
      return Ran(code: rendered.exitCode, console: console, error: rendered.message)
    }
  }

  func escalate(_ words: String...) async throws -> Ran {
    try await run(["escalate"] + words + ["--output", folder + "/out"])
  }

  var made: [String] { OwnFile.names(in: folder + "/out") }

  func entries(_ number: Int = 1) throws -> [String: [UInt8]] {
    let entries = try ZipArchive.read(folder + "/out/apexsh-case-\(number).zip")
    return Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.bytes) })
  }

  func text(_ name: String, _ number: Int = 1) throws -> String {
    String(decoding: try #require(try entries(number)[name]), as: UTF8.self)
  }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
    return folder + "/" + name
  }

  func keepList(_ text: String) throws {
    try journal.keepList(
      server: CaseRig.identity, bytes: Array(text.utf8), source: "test", hostColumn: nil, agents: 1,
      at: fleet.clock.date)
  }

  /// A run over all agents as `transfer` would do it. Returns its number.
  func transfer() async throws -> Int {
    fleet.clock.begin()
    let folder = fleet.serverPath.appending("Admin").appending("Utility").appending("IpXfer")
    var tools: [StagedFile] = []
    for entry in try await fleet.server.list(folder) where entry.kind == .file {
      tools.append(
        StagedFile(name: entry.name, bytes: try await fleet.server.get(folder.appending(entry.name), limit: 1 << 24)))
    }
    fleet.clock.end()
    let certificate = try AuthenticationCertificate(bytes: fleet.serverCertificate)
    let planner = TransferPlanner(
      server: CaseRig.identity, product: .apexOne, serverName: fleet.serverName, serverAliases: [], httpPort: 8080,
      httpsPort: 4343, agentPort: fleet.agentPort, certificate: certificate, tools: tools,
      unloadPassword: fleet.secrets.unloadPassword, options: Runs.RunOptions())
    let (plan, work) = try planner.plan(
      fleet.names.map { PlannedAgent(name: $0) }, connector: fleet.connector, currentCertificate: { certificate })
    let journal = try journal
    let run = try journal.beginRun(plan, confirmed: "\(plan.count)", parent: nil, at: fleet.clock.date)
    let engine = RunEngine(
      plan: plan, work: work, connector: fleet.connector, journal: journal, run: run, clock: fleet.clock,
      controls: RunControls(), gate: LogonGate(), reports: RunReports { _ in })
    _ = await engine.execute()
    return run
  }
}

/// Commands about cases ask nothing of the shell.
struct NoShell: ShellActions {
  func leave() {}
  func source(_ path: String) async throws -> ExitCode { .fault }
  func complete(line: String, cursor: Int) async -> LookupResult { LookupResult(start: 0, candidates: [], total: 0) }
}
