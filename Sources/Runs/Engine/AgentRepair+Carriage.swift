package import ApexOne
package import Remote

extension AgentRepair {
  /// Refuses, before anything is touched, what this endpoint's shell would not hand on unchanged.
  func checkCarriage(_ before: AgentFacts) async throws {
    do {
      try await connection.within(options.copySeconds, "looking") { host throws(RemoteError) in
        try await self.engine.work.checkCarriage(before, to: host)
      }
    } catch {
      throw Ending(working: error)
    }
  }
}

extension RepairWork {
  /// Throws `.unsupported` where the command can't reach this machine unchanged. The folder's name has its final length.
  package func checkCarriage(_ before: AgentFacts, to host: any Host) async throws(RemoteError) {
    if !host.abilities.isSuperset(of: needs) {
      throw RemoteError(.unsupported, HostAbilities.text(lacking: needs.subtracting(host.abilities)))
    }
    if let removal, before.isInstalled { try await host.check(try removal(before)) }
    try await host.check(try command(before.architecture ?? .x64, Staging.example.folder))
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
