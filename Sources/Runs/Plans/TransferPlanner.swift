package import ApexOne
package import Remote

/// Makes a transfer's plan and what it carries, without touching an endpoint.
package struct TransferPlanner: Sendable {
  /// The server's identity.
  package var server: String
  package var product: Product
  package var serverName: String
  package var serverAliases: [String]
  package var httpPort: Int
  package var httpsPort: Int?
  package var agentPort: Int
  package var certificate: AuthenticationCertificate
  /// Whose that is.
  package var certificateOrigin = CertificateOrigin.server
  /// The server's IpXfer folder.
  package var tools: [StagedFile]
  package var unloadPassword: Secret?
  package var options: RunOptions

  package init(
    server: String, product: Product, serverName: String, serverAliases: [String], httpPort: Int, httpsPort: Int?,
    agentPort: Int, certificate: AuthenticationCertificate, tools: [StagedFile], unloadPassword: Secret?,
    options: RunOptions
  ) {
    self.server = server
    self.product = product
    self.serverName = serverName
    self.serverAliases = serverAliases
    self.httpPort = httpPort
    self.httpsPort = httpsPort
    self.agentPort = agentPort
    self.certificate = certificate
    self.tools = tools
    self.unloadPassword = unloadPassword
    self.options = options
  }

  /// The plan, and what a run of it carries. `connector` says what it can't carry: those agents are refused.
  package func plan(
    _ agents: [PlannedAgent], connector: any HostConnector,
    currentCertificate: @escaping @Sendable () async throws -> AuthenticationCertificate
  ) throws(RemedyError) -> (plan: Plan, work: RepairWork) {
    try IpXferArguments.check(product, hasUnloadPassword: unloadPassword != nil)
    var filesByMachine: [EndpointArchitecture: [StagedFile]] = [:]
    for machine in [EndpointArchitecture.x64, .x86] { filesByMachine[machine] = try files(for: machine) }
    let example = try command(for: .x64, in: Staging.example.folder)
    var plan = Plan(
      remedy: .transfer, server: server, serverName: serverName, product: product.rawValue, certificate: certificate,
      files: planned(filesByMachine), command: openBitness(example), options: options,
      agents: refuse(agents, unless: connector, carries: [example]))
    plan.serverAliases = serverAliases
    plan.httpPort = httpPort
    plan.httpsPort = httpsPort
    plan.agentPort = agentPort
    return (plan, work(filesByMachine, currentCertificate))
  }

  private func work(
    _ filesByMachine: [EndpointArchitecture: [StagedFile]],
    _ currentCertificate: @escaping @Sendable () async throws -> AuthenticationCertificate
  ) -> RepairWork {
    let expectations = LookExpectations(
      serverName: serverName, serverAliases: serverAliases, agentPort: agentPort, allowMove: options.move,
      allowPortChange: options.changePort, force: options.force,
      otherMachines: options.otherMachines ?? [], certificate: certificateOrigin)
    var work = RepairWork(
      certificate: certificate, expectations: expectations,
      files: { filesByMachine[$0] ?? [] },
      command: { machine, folder throws(RemoteError) in
        do throws(RemedyError) {
          return try self.command(for: machine, in: folder)
        } catch {
          throw RemoteError(.unsupported, error.description)
        }
      },
      decide: { before, looks, _ in TransferProof(before: before, looks: looks, expected: expectations).decide() },
      currentCertificate: currentCertificate)
    work.secrets = [unloadPassword].compactMap(\.self)
    return work
  }

  private func files(for machine: EndpointArchitecture) throws(RemedyError) -> [StagedFile] {
    let names = Set(try IpXferTool.filesToStage(of: tools.map(\.name), for: machine))
    return tools.filter { names.contains($0.name) }
      + [StagedFile(name: ServerLayout.certificateName, bytes: certificate.der)]
  }

  /// Every file once, whichever machine it is for.
  private func planned(_ filesByMachine: [EndpointArchitecture: [StagedFile]]) -> [PlannedFile] {
    var seen: Set<String> = []
    return filesByMachine.values.flatMap(\.self).filter { seen.insert($0.name).inserted }
      .map(PlannedFile.init).sorted { $0.name < $1.name }
  }

  private func command(
    for machine: EndpointArchitecture, in folder: WindowsPath
  ) throws(RemedyError) -> RemoteCommand {
    let arguments = try IpXferArguments(
      product: product, server: serverName, httpPort: httpPort, httpsPort: httpsPort, agentPort: agentPort,
      certificatePath: folder.appending(ServerLayout.certificateName).text, hasUnloadPassword: unloadPassword != nil
    ).list()
    return RemoteCommand(
      folder.appending(try IpXferTool.program(for: machine)).text,
      arguments.map { argument in
        switch argument {
        case .text(let text): .plain(text)
        case .unloadPassword, .uninstallPassword: .secret(unloadPassword ?? Secret(""))
        }
      }, in: folder)
  }

  /// Which program runs is known only after the look.
  private func openBitness(_ command: RemoteCommand) -> String {
    command.masked.replacing(IpXferTool.program64, with: "IpXfer[_x64].exe", maxReplacements: 1)
  }
}

/// Agents that the transport can't serve are refused while planning.
func refuse(
  _ agents: [PlannedAgent], unless connector: any HostConnector, carries commands: [RemoteCommand],
  needs: HostAbilities = [.run, .files]
) -> [PlannedAgent] {
  var refusal: Refusal?
  let lacks = needs.subtracting(connector.abilities)
  if !lacks.isEmpty {
    refusal = Refusal(.cannotCarry, "the transport \(connector.kind) \(HostAbilities.text(lacking: lacks))")
  } else {
    do throws(RemoteError) {
      for command in commands { try connector.carries(command) }
    } catch {
      refusal = Refusal(.cannotCarry, error.message)
    }
  }
  guard let refusal else { return agents }
  return agents.map { PlannedAgent(name: $0.name, address: $0.address, refusal: $0.refusal ?? refusal) }
}
