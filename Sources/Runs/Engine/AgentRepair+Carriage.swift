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
    try await host.check(try command(before.architecture ?? .x64, Staging.example.folder))
  }
}
