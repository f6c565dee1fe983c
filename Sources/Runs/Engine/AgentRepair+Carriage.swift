package import ApexOne
package import Remote
import Synchronization

extension AgentRepair {
  /// Refuses, before anything is touched, what this endpoint's shell would not hand on unchanged.
  func checkCarriage(_ before: AgentFacts) async throws {
    do {
      try await connection.within(options.copySeconds, "looking") { host throws(RemoteError) in
        let machine = before.architecture ?? .x64
        try self.engine.carriage.check(machine, try await host.shell()) { shell throws(RemoteError) in
          let example = try self.engine.work.command(machine, Staging.example.folder)
          try CommandLineQuoting.check(example, shells: [shell])
        }
      }
    } catch {
      throw Ending(working: error)
    }
  }
}

/// Whether a run's command reaches a kind of machine through a kind of shell: found out once for all that are alike.
final class CarriageChecks: Sendable {
  private struct Kind: Hashable {
    var machine: EndpointArchitecture
    var shell: FarShell
  }

  private let known = Mutex<[Kind: RemoteError?]>([:])

  /// `check` is asked for a kind that is met for the first time; throws what it threw.
  func check(
    _ machine: EndpointArchitecture, _ shell: FarShell, _ check: (FarShell) throws(RemoteError) -> Void
  ) throws(RemoteError) {
    let kind = Kind(machine: machine, shell: shell)
    if let known = known.withLock({ $0[kind] }) {
      if let error = known { throw error }
      return
    }
    var failure: RemoteError?
    do throws(RemoteError) { try check(shell) } catch { failure = error }
    known.withLock { [failure] in $0[kind] = .some(failure) }
    if let failure { throw failure }
  }
}

extension RepairWork {
  /// Throws `.unsupported` where the command can't reach this machine unchanged. The folder's name has its final length.
  package func checkCarriage(_ before: AgentFacts, to host: any Host) async throws(RemoteError) {
    try await host.check(try command(before.architecture ?? .x64, Staging.example.folder))
  }
}
