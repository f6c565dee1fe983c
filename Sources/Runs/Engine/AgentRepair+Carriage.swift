package import ApexOne
package import Remote
import Synchronization

extension AgentRepair {
  /// Refuses, before anything is touched, what this endpoint's shell would not hand on unchanged.
  func checkCarriage(_ before: AgentFacts) async throws(RemoteError) {
    try await looking { host throws(RemoteError) in
      try await self.engine.work.checkNeeds(before, of: host)
      let machine = before.architecture ?? .x64
      try self.engine.carriage.check(machine, try await host.shell()) { shell throws(RemoteError) in
        let example = try self.engine.work.command(machine, Staging.example.folder)
        try CommandLineQuoting.check(example, shells: [shell])
      }
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
    try await checkNeeds(before, of: host)
    try await host.check(try command(before.architecture ?? .x64, Staging.example.folder))
  }

  /// The same for what is not the same on all machines of a kind: what the logon can do, and the agent's own uninstaller.
  fileprivate func checkNeeds(_ before: AgentFacts, of host: any Host) async throws(RemoteError) {
    if !host.abilities.isSuperset(of: needs) {
      throw RemoteError(.unsupported, HostAbilities.text(lacking: needs.subtracting(host.abilities)))
    }
    if let removal, before.isInstalled { try await host.check(try removal(before)) }
  }
}

extension HostAbilities {
  /// Why what is lacking forbids a repair, and what to do about it.
  static func text(lacking: HostAbilities) -> String {
    if lacking.contains(.run) { return "can't run programs; set transport" }
    if lacking.contains(.files) { return "can't move files; set transport" }
    return "logs on without network credentials, and autopcc fetches what it needs from the server's share; "
      + "log on by password (unset identity-file, set password), or use --method package"
  }
}
