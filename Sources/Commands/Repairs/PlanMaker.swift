import ApexOne
import Remote
import Runs

/// Gathers what a repair's plan is made of, the first time, and again for `apply`, `resume` and `retry`.
struct PlanMaker: Sendable {
  let request: RepairRequest
  /// The certificate of a case, which stands in for the setting's and the server's own.
  let given: AuthenticationCertificate?

  private static let packageLimit = 1 << 30

  /// Finds what needs no server; throws what can be refused by itself, before the server is put to work.
  init(
    _ remedy: Remedy, _ recipe: PlanRecipe, _ options: RunOptions, isAllowedNow: Bool = true,
    in invocation: Invocation
  ) async throws {
    let place = try invocation.place()
    var request = RepairRequest(remedy, recipe, options, isAllowedNow: isAllowedNow)
    request.toolResults = try LearnedMeanings.load(invocation.folders)
    given = try recipe.caseNumber.map { try CaseStore.certificate(ofCase: $0, on: place, in: invocation) }
    if given == nil, let path = invocation.settings.certificate { _ = try CertificateFile.read(path) }
    switch remedy {
    case .reinstall:
      if recipe.method != .autopcc { request.package = try Self.staged(recipe.package, recipe.otherProduct) }
      if recipe.uninstallFirst == true { request.password = try await Self.uninstallPassword(place, invocation) }
    case .transfer:
      if !recipe.noUnloadPassword { request.password = try await invocation.secret(.unloadPassword, place) }
    }
    try request.check(invocation.settings.target(place).product ?? place.layout.product)
    self.request = request
  }

  func plan(_ ground: RepairGround, in invocation: Invocation) throws -> (plan: Plan, work: RepairWork) {
    try request.plan(
      ground.agents, of: ground.settings.target(ground.place), ground.deployed, tools: ground.tools,
      connector: ground.connector, listTaken: ground.listTaken, current: ground.currentCertificate(in: invocation))
  }

  /// Throws where there is none: without it the uninstaller would ask at a screen that nobody sees.
  private static func uninstallPassword(_ place: ServerPlace, _ invocation: Invocation) async throws -> Secret {
    if let secret = try await invocation.secret(.uninstallPassword, place) { return secret }
    return try await invocation.secrets.required(.uninstallPassword)
  }

  /// The package under a name of ours: whatever the file is called here must not become a path there. What its bytes
  /// are is looked at before anything else is done with it.
  private static func staged(_ path: String?, _ otherProduct: String?) throws -> (StagedFile, AgentPackage) {
    guard let path else {
      throw CommandError(.misuse, "reinstall needs --package FILE, made by the Agent Packager; or --method autopcc")
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard AgentPackage.Form.allCases.contains(where: { name.lowercased().hasSuffix($0.ending) }) else {
      throw CommandError(.unusableInput, "\(OutputText.visible(path)): \(AgentPackage.otherEnding)")
    }
    let bytes = try InputFile.read(path, limit: packageLimit, takesPipes: false)
    do throws(PackageError) {
      let package = try AgentPackage(name: name, bytes: bytes, otherProduct: otherProduct)
      return (StagedFile(name: "package" + package.form.ending, bytes: bytes), package)
    } catch {
      throw CommandError(
        .unusableInput, "\(OutputText.visible(path)): \(OutputText.visible(error.description)); nothing was touched")
    }
  }
}

extension Settings {
  /// The server as agents are to know it, as far as it was told or set.
  func target(_ place: ServerPlace) -> ServerTarget {
    ServerTarget(
      identity: place.identity, product: product.flatMap(Product.init(rawValue:)), serverName: serverName,
      serverAliases: serverAliases, httpPort: httpPort, httpsPort: httpsPort, agentPort: agentPort)
  }
}
