import ApexOne
import Remote
import Runs

/// Makes a repair's plan from the server as it is now: the first time, and again for `apply`, `resume` and `retry`.
struct PlanMaker: Sendable {
  let remedy: Remedy
  let recipe: PlanRecipe
  let options: RunOptions
  /// What the recipe allows was allowed by a person now, and not for an older plan.
  let isAllowedNow: Bool
  /// The certificate of a case, which stands in for the setting's and the server's own.
  let given: AuthenticationCertificate?
  /// What the vendor's program takes there: the unload or the uninstall password; nil where it takes none.
  private let password: Secret?
  private let toolResults: ToolResults
  private let package: (file: StagedFile, agent: AgentPackage)?

  private static let packageLimit = 1 << 30

  /// Finds what needs no server; throws what can be refused by itself, before the server is put to work.
  init(
    _ remedy: Remedy, _ recipe: PlanRecipe, _ options: RunOptions, isAllowedNow: Bool = true,
    in invocation: Invocation
  ) async throws {
    let place = try invocation.place()
    self.remedy = remedy
    self.recipe = recipe
    self.options = options
    self.isAllowedNow = isAllowedNow
    toolResults = try LearnedMeanings.load(invocation.folders)
    given = try recipe.caseNumber.map {
      try CaseStore.certificate(ofCase: $0, in: try invocation.journal(of: place), server: place.identity)
    }
    if given == nil, let path = invocation.settings.certificate { _ = try CertificateFile.read(path) }
    guard remedy == .transfer else {
      package = recipe.method == .autopcc ? nil : try Self.staged(recipe.package, recipe.otherProduct)
      password = recipe.uninstallFirst == true ? try await Self.uninstallPassword(place, invocation) : nil
      return
    }
    package = nil
    password = recipe.noUnloadPassword ? nil : try await invocation.secret(.unloadPassword, place)
    try Self.check(password, recipe, invocation.settings, place)
  }

  func plan(_ ground: RepairGround, in invocation: Invocation) throws -> (plan: Plan, work: RepairWork) {
    let current = ground.currentCertificate(in: invocation)
    var made =
      switch remedy {
      case .reinstall:
        try reinstall(ground).plan(ground.agents, connector: ground.connector, currentCertificate: current)
      case .transfer: try transfer(ground).plan(ground.agents, connector: ground.connector, currentCertificate: current)
      }
    var recipe = recipe
    recipe.ownCertificateSHA256 = ground.deployed.own?.sha256 ?? recipe.ownCertificateSHA256
    recipe.withoutList = ground.listTaken == nil ? true : nil
    made.plan.recipe = recipe
    made.work.toolResults = toolResults
    made.plan.listTaken = ground.listTaken
    return made
  }

  private func transfer(_ ground: RepairGround) throws -> TransferPlanner {
    let settings = ground.settings
    guard let product = settings.product.flatMap(Product.init(rawValue:)) else {
      throw CommandError(.misuse, "the product is not known from the folder's name; set product apex-one or another")
    }
    var planner = TransferPlanner(
      server: ground.place.identity, product: product, serverName: try settings.needed(\.serverName, .serverName),
      serverAliases: settings.serverAliases, httpPort: try settings.needed(\.httpPort, .httpPort),
      httpsPort: settings.httpsPort, agentPort: try settings.needed(\.agentPort, .agentPort),
      certificate: ground.certificate, tools: ground.tools, unloadPassword: password, options: options)
    planner.certificateOrigin = ground.deployed.origin
    return planner
  }

  private func reinstall(_ ground: RepairGround) throws -> ReinstallPlanner {
    let settings = ground.settings
    var planner = ReinstallPlanner(
      server: ground.place.identity, product: settings.product.flatMap(Product.init(rawValue:)) ?? .apexOne,
      serverName: try settings.needed(\.serverName, .serverName), serverAliases: settings.serverAliases,
      httpPort: settings.httpPort, certificate: ground.certificate,
      source: package.map { .package($0.file, $0.agent) } ?? .autopcc, arguments: recipe.arguments,
      uninstallPassword: password,
      options: options)
    planner.certificateOrigin = ground.deployed.origin
    return planner
  }

  /// Throws where there is none: without it the uninstaller would ask at a screen that nobody sees.
  private static func uninstallPassword(_ place: ServerPlace, _ invocation: Invocation) async throws -> Secret {
    if let secret = try await invocation.secret(.uninstallPassword, place) { return secret }
    return try await invocation.secrets.required(.uninstallPassword)
  }

  /// Throws where there is no unload password, or IpXfer of this product doesn't take what it needs.
  private static func check(
    _ password: Secret?, _ recipe: PlanRecipe, _ settings: Settings, _ place: ServerPlace
  ) throws {
    if let product = settings.product.flatMap(Product.init(rawValue:)) ?? place.layout.product {
      try IpXferArguments.check(product, hasUnloadPassword: password != nil)
    }
    if password != nil || recipe.noUnloadPassword { return }
    throw CommandError(
      .refused,
      "no unload-password; give it by: set unload-password, or at the start by --unload-password-from-file FILE; or say --no-unload-password"
    )
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
