import ApexOne
@_exported import CommandTestSupport
import Foundation
import Lab
import Remote
import Runs
import Synchronization
@_exported import TestSupport

@testable import Commands

/// A session on a lab of its own, in a scratch folder: runs lines as the prompt would, and shows what came of each.
final class CommandRig: Sendable {
  struct Result: Sendable {
    var code: ExitCode
    /// What a run behind the prompt says later comes here too.
    let console: TestConsole
    /// The run that the line has put behind the prompt.
    var run: BackgroundRun?
    var output: String { console.output }
    var notes: [String] { console.notes }

    /// The lines of the output, split at tabs: rows of tsv.
    var rows: [[String]] {
      output.split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
    }
    var said: String { notes.joined(separator: "\n") }

    /// The objects of a JSON output.
    func objects() throws -> [[String: Any]] {
      try output.split(separator: "\n").compactMap {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
    }
  }

  static let identity = "lab:rig"
  let fleet: LabFleet
  let folder: String
  let state = ShellState()
  private let services: Services
  private let registry = CommandRegistry.all

  /// - Parameters:
  ///   - server: stands before the server's connection, to break something there.
  ///   - endpoint: the same before those of the endpoints.
  init(
    agents: Int = 20, faults: FaultRecipe = .none, seed: UInt64 = 1, isConnected: Bool = true,
    server: (@Sendable (any Remote.Host) throws -> any Remote.Host)? = nil,
    endpoint: (@Sendable (any Remote.Host) -> any Remote.Host)? = nil
  ) async throws {
    let fleet = try LabFleet(agents: agents, seed: seed, faults: faults)
    self.fleet = fleet
    folder = TemporaryFolder.newPath("commands")
    services = Services(transports: [
      TransportKind(
        scheme: "lab",
        endpoints: { _ in endpoint.map { WrappingConnector(base: fleet.connector, wrap: $0) } ?? fleet.connector },
        server: { _ in try server?(fleet.server) ?? fleet.server },
        place: { _ in
          ServerPlace(
            address: try ServerAddress("lab:"), identity: CommandRig.identity,
            layout: ServerLayout(root: fleet.serverPath.text), clock: fleet.clock, journal: "lab.sqlite",
            secrets: [.password: fleet.secrets.password, .unloadPassword: fleet.secrets.unloadPassword],
            user: fleet.secrets.user, transport: "lab", isRehearsal: true)
        })
    ])
    if isConnected { try await state.set(.server, "lab:", from: .set) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var folders: Folders { Folders(state: folder + "/state", config: folder + "/config") }

  /// The journal that the commands write.
  func journal() throws -> Journal {
    try services.journals.journal(at: folder + "/state/lab.sqlite") { _ in }
  }

  /// Runs one command line; an error becomes a note and its code, as at the prompt.
  func run(_ line: String, format: OutputFormat = .tsv) async throws -> Result {
    let console = TestConsole()
    var background: BackgroundRun?
    let parsed = try ParsedLine(line)
    guard case .command(let words, _, _)? = parsed.steps.first?.body else {
      throw CommandError(.misuse, "no command: \(line)")
    }
    let texts = words.map(\.text)
    let match = registry.match(texts)
    guard case .command(let type, let consumed) = match else {
      let error = CommandParsing.unknown(match, in: registry) ?? CommandError(.misuse, "unknown: \(line)")
      console.note(error.message)
      return Result(code: error.exitCode, console: console, run: nil)
    }
    var code: ExitCode
    do {
      let command = try CommandParsing.parse(type, Array(texts.dropFirst(consumed)))
      let asked = (command as? any ResultCommand)?.output.format
      var invocation = await invocation(console, asked ?? format, texts)
      invocation.isLooking = (command as? any LookingCommand)?.isLooking ?? false
      invocation.ticket = parsed.isBackground ? BackgroundTicket() : nil
      code = try await command.run(in: invocation)
      if let run = invocation.ticket?.run { background = run }
    } catch {
      let rendered = RenderedError(error)
      console.note(rendered.message)
      code = rendered.exitCode
    }
    return Result(code: code, console: console, run: background)
  }

  func invocation(
    _ console: TestConsole = TestConsole(), _ format: OutputFormat = .tsv, _ words: [String] = []
  ) async -> Invocation {
    Invocation(
      settings: await state.settings, secrets: state.secrets, console: console, format: format, folders: folders,
      services: services, registry: registry, state: state, lookups: await state.completionSnapshot,
      isOneShot: false, words: words, shell: NoShell())
  }
}

/// The server's connection with one thing different: a file missing, replaced, or every access failing.
final class AlteredHost: Remote.Host {
  enum Change: Sendable {
    case missing
    case bytes([UInt8])
    case error(RemoteError.Kind)
  }

  private let host: any Remote.Host
  /// Every file that was asked for, in order.
  let fetched = Mutex<[String]>([])
  /// By the end of the path, in lower case.
  private let changes: [String: Change]

  init(_ host: any Remote.Host, _ changes: [String: Change]) {
    self.host = host
    self.changes = changes
  }

  var abilities: HostAbilities { host.abilities }
  func shell() async throws(RemoteError) -> FarShell { try await host.shell() }
  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult { try await host.run(command) }
  func makeFolder(_ folder: WindowsPath) async throws(RemoteError) { try await host.makeFolder(folder) }
  func put(_ bytes: [UInt8], to file: WindowsPath) async throws(RemoteError) { try await host.put(bytes, to: file) }
  func get(_ file: WindowsPath, limit: Int) async throws(RemoteError) -> [UInt8] {
    fetched.withLock { $0.append(file.text) }
    switch changes.first(where: { file.text.lowercased().hasSuffix($0.key) })?.value {
    case .missing: throw RemoteError(.notFound, "\(file): not there")
    case .bytes(let bytes): return bytes
    case .error(let kind): throw RemoteError(kind, "\(file): \(kind.rawValue)")
    case nil: return try await host.get(file, limit: limit)
    }
  }
  func list(_ folder: WindowsPath) async throws(RemoteError) -> [RemoteEntry] {
    let entries = try await host.list(folder)
    return entries.filter { entry in
      let path = folder.appending(entry.name).text.lowercased()
      guard case .missing? = changes.first(where: { path.hasSuffix($0.key) })?.value else { return true }
      return false
    }
  }
  func removeFile(_ file: WindowsPath) async throws(RemoteError) { try await host.removeFile(file) }
  func removeFolder(_ folder: WindowsPath) async throws(RemoteError) { try await host.removeFolder(folder) }
  func abort() { host.abort() }
  func close() async { await host.close() }
}
