package import Commands
import Synchronization

/// What all lines of one process share.
package final class Session: Sendable {
  package let registry: CommandRegistry
  package let state: ShellState
  package let services: Services
  package let folders: Folders
  package let console: any Console
  /// From `--var`.
  package let variables: [String: String]
  /// From `--format`; nil where the place of the output decides.
  package let format: OutputFormat?
  /// The process ends after its one command.
  package let isOneShot: Bool
  /// From `--keep-going`.
  package let keepsGoing: Bool
  private let isLeaving = Mutex(false)

  package init(
    registry: CommandRegistry, state: ShellState, services: Services, folders: Folders, console: any Console,
    variables: [String: String] = [:], format: OutputFormat? = nil, isOneShot: Bool = true, keepsGoing: Bool = false
  ) {
    self.registry = registry
    self.state = state
    self.services = services
    self.folders = folders
    self.console = console
    self.variables = variables
    self.format = format
    self.isOneShot = isOneShot
    self.keepsGoing = keepsGoing
  }

  /// The session ends when the line that runs is done.
  package var leaves: Bool { isLeaving.withLock { $0 } }
  package func leave() { isLeaving.withLock { $0 = true } }
  /// It doesn't: something still goes on.
  func stay() { isLeaving.withLock { $0 = false } }

  /// What lookups see: what the state knows of the inventory, and the contexts on disk.
  package func lookups() async -> any CompletionSnapshot {
    WithContexts(base: await state.completionSnapshot, contexts: ContextFile.names(in: folders))
  }
}

/// A snapshot with the saved contexts as they are now.
private struct WithContexts: CompletionSnapshot {
  let base: any CompletionSnapshot
  let contexts: [String]
  var domains: [String] { base.domains }
  var runs: [LookupCandidate] { base.runs }
  var cases: [LookupCandidate] { base.cases }
  func agents(prefix: String, preferring set: String?, limit: Int) -> (candidates: [LookupCandidate], total: Int) {
    base.agents(prefix: prefix, preferring: set, limit: limit)
  }
  func agentsPrefix(_ prefix: String, preferring set: String?) -> String? {
    base.agentsPrefix(prefix, preferring: set)
  }
}
