package import ApexOne
package import Remote

/// Makes the plan of a reinstallation, and what it carries.
package struct ReinstallPlanner: Sendable {
  /// How the agent comes to the endpoint.
  package enum Source: Sendable {
    /// A package of the Agent Packager, put there first.
    case package(StagedFile, AgentPackage)
    /// AutoPcc on the server's share.
    case autopcc
  }

  package var server: String
  package var product: Product
  package var serverName: String
  package var serverAliases: [String]
  /// The server's HTTP port, which the new agent must know; nil where it is not known.
  package var httpPort: Int?
  package var certificate: AuthenticationCertificate
  /// Whose that is.
  package var certificateOrigin = CertificateOrigin.server
  package var source: Source
  /// More arguments for the installer.
  package var arguments: [String]
  /// Given where an installed agent is removed first.
  package var uninstallPassword: Secret?
  package var options: RunOptions

  package init(
    server: String, product: Product, serverName: String, serverAliases: [String], httpPort: Int? = nil,
    certificate: AuthenticationCertificate, source: Source, arguments: [String], uninstallPassword: Secret? = nil,
    options: RunOptions
  ) {
    self.server = server
    self.product = product
    self.serverName = serverName
    self.serverAliases = serverAliases
    self.httpPort = httpPort
    self.certificate = certificate
    self.source = source
    self.arguments = arguments
    self.uninstallPassword = uninstallPassword
    self.options = options
  }

  package func plan(
    _ agents: [PlannedAgent], connector: any HostConnector,
    currentCertificate: @escaping @Sendable () async throws -> AuthenticationCertificate
  ) throws(RemedyError) -> (plan: Plan, work: RepairWork) {
    let example = try command(in: Staging.example.folder)
    let uninstaller = try uninstallPassword.map { password throws(RemedyError) in
      try uninstall(ReinstallPlanner.usualFolder, password)
    }
    var options = options
    if isAutopcc || uninstaller != nil { options.waves = options.waves.beginningWithOne }
    var plan = Plan(
      remedy: .reinstall, server: server, serverName: serverName, product: product.rawValue, certificate: certificate,
      files: files.map(PlannedFile.init), command: example.masked, options: options,
      agents: refuse(
        agents, unless: connector, carries: [uninstaller, example].compactMap(\.self),
        needs: isAutopcc ? [.run, .files, .network] : [.run, .files]))
    plan.serverAliases = serverAliases
    plan.httpPort = httpPort
    plan.uninstallCommand = uninstaller?.masked
    if case .package(let file, let package) = source { plan.package = PlannedPackage(package, file) }
    return (plan, work(currentCertificate))
  }

  /// Where an agent usually is; where one really is, its look says.
  private static let usualFolder = #"C:\Program Files (x86)\Trend Micro\Security Agent"#

  private var architecture: EndpointArchitecture? {
    if case .package(_, let package) = source { package.architecture } else { nil }
  }
  private var isAutopcc: Bool { if case .autopcc = source { true } else { false } }
  private var files: [StagedFile] { if case .package(let file, _) = source { [file] } else { [] } }

  private func work(
    _ currentCertificate: @escaping @Sendable () async throws -> AuthenticationCertificate
  ) -> RepairWork {
    let expectations = LookExpectations(
      serverName: serverName, serverAliases: serverAliases, allowMove: options.move, force: options.force,
      needsAgent: false, needsKnownMachine: false, httpPort: httpPort,
      otherMachines: options.otherMachines ?? [], certificate: certificateOrigin, package: architecture)
    var work = RepairWork(
      certificate: certificate, expectations: expectations, files: { [files] _ in files },
      command: { _, folder throws(RemoteError) in try carried { () throws(RemedyError) in try command(in: folder) } },
      decide: { before, looks, result in
        ReinstallProof(
          before: before, looks: looks, installer: result?.exitCode.map(InstallerResult.init(exitCode:)),
          expected: expectations
        ).decide()
      },
      installs: true, currentCertificate: currentCertificate)
    work.noEffect = "the same package would do no more elsewhere"
    if isAutopcc {
      work.needs.insert(.network)
      work.provesFirst = "no vendor's document says that this way works"
    }
    if let uninstallPassword {
      work.secrets = [uninstallPassword]
      work.noEffect = "a wrong uninstall password would be wrong everywhere"
      work.provesFirst = "a second agent is removed only when the first new one is proved"
      work.removal = { before throws(RemoteError) in
        try carried { () throws(RemedyError) in try uninstall(before.applicationPath ?? "", uninstallPassword) }
      }
    }
    return work
  }

  private func command(in folder: WindowsPath) throws(RemedyError) -> RemoteCommand {
    switch source {
    case .autopcc: return remote(try .autopcc(server: serverName, extra: arguments), in: nil)
    case .package(let file, _):
      return remote(try .install(packageAt: folder.appending(file.name).text, extra: arguments), in: folder)
    }
  }

  /// Started from no folder of the agent's, which must be able to go.
  private func uninstall(_ folder: String, _ password: Secret) throws(RemedyError) -> RemoteCommand {
    remote(try .uninstall(agentFolder: folder), in: nil, password)
  }

  private func remote(_ command: InstallerCommand, in folder: WindowsPath?, _ password: Secret? = nil) -> RemoteCommand
  {
    let arguments = command.arguments.map { argument -> RemoteArgument in
      switch argument {
      case .text(let text): .plain(text)
      case .unloadPassword, .uninstallPassword: .secret(password ?? Secret(""))
      }
    }
    return RemoteCommand(command.program, arguments, in: folder)
  }

  private func carried(_ make: () throws(RemedyError) -> RemoteCommand) throws(RemoteError) -> RemoteCommand {
    do throws(RemedyError) { return try make() } catch { throw RemoteError(.unsupported, error.description) }
  }
}
