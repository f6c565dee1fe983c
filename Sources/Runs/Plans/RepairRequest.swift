package import ApexOne
package import Remote

/// What a person and their site give for a repair, beside the server and the agents: a plan is made of it the first
/// time, and again for one that is carried on.
package struct RepairRequest: Sendable {
  package var remedy: Remedy
  package var recipe: PlanRecipe
  package var options: RunOptions
  /// What the recipe allows was allowed by a person now, and not for an older plan.
  package var isAllowedNow: Bool
  /// What the vendor's program takes there: the unload or the uninstall password; nil where it takes none.
  package var password: Secret?
  /// What a reinstallation installs; nil for AutoPcc.
  package var package: (file: StagedFile, agent: AgentPackage)?
  package var toolResults = ToolResults.none

  package init(_ remedy: Remedy, _ recipe: PlanRecipe, _ options: RunOptions, isAllowedNow: Bool) {
    self.remedy = remedy
    self.recipe = recipe
    self.options = options
    self.isAllowedNow = isAllowedNow
  }

  /// Looks at what can be refused without the server. `product` where it is known by then.
  package func check(_ product: Product?) throws(PlanningError) {
    guard remedy == .transfer else { return }
    // IpXfer of some products takes no other way than with it.
    if let product {
      do { try IpXferArguments.check(product, hasUnloadPassword: password != nil) } catch { throw .remedy(error) }
    }
    if password == nil, !recipe.noUnloadPassword { throw .noUnloadPassword }
  }

  /// The plan, and what a run of it carries.
  ///
  /// - Parameters:
  ///   - tools: the server's IpXfer folder; empty for a reinstallation.
  ///   - connector: it says what it can't carry; those agents are refused.
  ///   - listTaken: seconds since 1970; nil where plain names were given and there is no list.
  ///   - current: reads what would be deployed, again.
  package func plan(
    _ agents: [PlannedAgent], of target: ServerTarget, _ deployed: DeployedCertificate, tools: [StagedFile],
    connector: any HostConnector, listTaken: Double?,
    current: @escaping @Sendable () async throws -> AuthenticationCertificate
  ) throws(PlanningError) -> (plan: Plan, work: RepairWork) {
    try check(target.product)
    let transfer = remedy == .transfer ? try transferPlanner(target, deployed, tools) : nil
    let reinstall = remedy == .transfer ? nil : try reinstallPlanner(target, deployed)
    var made: (plan: Plan, work: RepairWork)
    do throws(RemedyError) {
      if let transfer {
        made = try transfer.plan(agents, connector: connector, currentCertificate: current)
      } else if let reinstall {
        made = try reinstall.plan(agents, connector: connector, currentCertificate: current)
      } else {
        preconditionFailure("a repair is one of two")
      }
    } catch { throw .remedy(error) }
    made.plan.recipe = recipe
    made.plan.recipe?.ownCertificateSHA256 = deployed.own?.sha256 ?? recipe.ownCertificateSHA256
    made.plan.recipe?.withoutList = listTaken == nil ? true : nil
    made.plan.listTaken = listTaken
    made.work.toolResults = toolResults
    return made
  }

  private func transferPlanner(
    _ target: ServerTarget, _ deployed: DeployedCertificate, _ tools: [StagedFile]
  ) throws(PlanningError) -> TransferPlanner {
    guard let product = target.product else { throw .productUnknown }
    var planner = TransferPlanner(
      server: target.identity, product: product, serverName: try target.needed(\.serverName, .serverName),
      serverAliases: target.serverAliases, httpPort: try target.needed(\.httpPort, .httpPort),
      httpsPort: target.httpsPort, agentPort: try target.needed(\.agentPort, .agentPort),
      certificate: deployed.certificate, tools: tools, unloadPassword: password, options: options)
    planner.certificateOrigin = deployed.origin
    return planner
  }

  private func reinstallPlanner(
    _ target: ServerTarget, _ deployed: DeployedCertificate
  ) throws(PlanningError) -> ReinstallPlanner {
    var planner = ReinstallPlanner(
      server: target.identity, product: target.product ?? .apexOne,
      serverName: try target.needed(\.serverName, .serverName), serverAliases: target.serverAliases,
      httpPort: target.httpPort, certificate: deployed.certificate,
      source: package.map { .package($0.file, $0.agent) } ?? .autopcc, arguments: recipe.arguments,
      uninstallPassword: password, options: options)
    planner.certificateOrigin = deployed.origin
    return planner
  }
}
