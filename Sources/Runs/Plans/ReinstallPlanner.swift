package import ApexOne
package import Remote

/// Makes the plan of a reinstallation with an Agent Packager package, and what it carries.
package struct ReinstallPlanner: Sendable {
  package var server: String
  package var product: Product
  package var serverName: String
  package var serverAliases: [String]
  package var certificate: AuthenticationCertificate
  package var package: StagedFile
  package var arguments: [String]
  package var options: RunOptions

  package init(
    server: String, product: Product, serverName: String, serverAliases: [String],
    certificate: AuthenticationCertificate, package: StagedFile, arguments: [String], options: RunOptions
  ) {
    self.server = server
    self.product = product
    self.serverName = serverName
    self.serverAliases = serverAliases
    self.certificate = certificate
    self.package = package
    self.arguments = arguments
    self.options = options
  }

  package func plan(
    _ agents: [PlannedAgent], connector: any HostConnector,
    currentCertificate: @escaping @Sendable () async throws -> AuthenticationCertificate
  ) throws(RemedyError) -> (plan: Plan, work: RepairWork) {
    let example = try command(in: Staging.example.folder)
    var plan = Plan(
      remedy: .reinstall, server: server, serverName: serverName, product: product.rawValue, certificate: certificate,
      files: [PlannedFile(package)], command: example.masked, options: options,
      agents: refuse(agents, unless: connector, carries: example))
    plan.serverAliases = serverAliases
    return (plan, work(currentCertificate))
  }

  private func work(
    _ currentCertificate: @escaping @Sendable () async throws -> AuthenticationCertificate
  ) -> RepairWork {
    let expectations = LookExpectations(
      serverName: serverName, serverAliases: serverAliases, allowMove: options.move, force: options.force,
      needsAgent: false, needsKnownMachine: false)
    return RepairWork(
      certificate: certificate, expectations: expectations, files: { [package] _ in [package] },
      command: { _, folder throws(RemoteError) in
        do throws(RemedyError) {
          return try self.command(in: folder)
        } catch {
          throw RemoteError(.unsupported, error.description)
        }
      },
      decide: { before, looks, result in
        ReinstallProof(
          before: before, looks: looks, installer: result?.exitCode.map(InstallerResult.init(exitCode:)),
          expected: expectations
        ).decide()
      },
      looksAtAll: true, currentCertificate: currentCertificate)
  }

  private func command(in folder: WindowsPath) throws(RemedyError) -> RemoteCommand {
    let installer = try InstallerCommand.install(packageAt: folder.appending(package.name).text, extra: arguments)
    return RemoteCommand(installer.program, installer.arguments.map { .plain($0.masked) }, in: folder)
  }
}
