import ApexOne
import Remote
import Runs

/// What a repair stands on, read afresh: the server, its certificate and tools, the agents that were selected, and the
/// way to them.
struct RepairGround: Sendable {
  var place: ServerPlace
  var connector: any HostConnector
  var facts: ServerFacts
  /// The case whose certificate stands in for the setting's and the server's own.
  var caseNumber: Int?
  var deployed: DeployedCertificate
  /// The server's IpXfer folder; empty where it was not asked for.
  var tools: [StagedFile]
  var agents: [PlannedAgent]
  /// When the list was taken, seconds since 1970.
  var listTaken: Double?
  var settings: Settings

  var certificate: AuthenticationCertificate { deployed.certificate }

  /// Reads everything; throws where a repair can't be planned at all. Nil where the selection holds no agents. What can
  /// be refused by itself is, before the server is put to work on a list.
  static func read(
    _ selection: SelectionText, _ options: RepairOptions, for maker: PlanMaker, in invocation: Invocation
  ) async throws -> RepairGround? {
    let place = try invocation.place()
    _ = try await invocation.connector(place)
    let inventory = try await inventory(selection, options, place, invocation)
    let result = try invocation.select(selection, in: inventory, allowingUnlisted: options.unlisted)
    let names = result.agents.map(\.name) + result.unlisted
    guard !names.isEmpty else {
      invocation.console.note("the selection holds no agents: nothing to do")
      return nil
    }
    let journal = try invocation.journal(of: place)
    let claims = try RunClaims(server: place.identity, in: journal)
    let known = options.planOut == nil ? nil : try KnownResults(server: place.identity, in: journal)
    return try await read(
      names.map { PlannedAgent(name: $0.text, refusal: claims.refusal(of: $0), known: known?.text(of: $0)) },
      listTaken: inventory.list?.at, for: maker, in: invocation)
  }

  /// The same for agents that are chosen already.
  static func read(
    _ agents: [PlannedAgent], listTaken: Double?, for maker: PlanMaker, in invocation: Invocation
  ) async throws -> RepairGround {
    let place = try invocation.place()
    let connector = try await invocation.connector(place)
    let reading = try await ServerFactsReader.read(place, in: invocation)
    let tools = maker.request.remedy == .transfer ? try reading.tools.get() : []
    for name in try invocation.journal(of: place).changedTools(reading.facts.tools, server: place.identity) {
      invocation.console.note("\(name) on the server is not the file that the last run deployed; see: check server")
    }
    let settings = try invocation.settings.learning(reading.facts)
    let deployed = try DeployedCertificate(
      try maker.given ?? settings.certificate.map(CertificateFile.read), on: reading, maker.request.recipe,
      isAllowedNow: maker.request.isAllowedNow, at: place.clock.date)
    return RepairGround(
      place: place, connector: connector, facts: reading.facts, caseNumber: maker.request.recipe.caseNumber,
      deployed: deployed,
      tools: tools, agents: agents, listTaken: listTaken, settings: settings)
  }

  private static func inventory(
    _ selection: SelectionText, _ options: RepairOptions, _ place: ServerPlace, _ invocation: Invocation
  ) async throws -> Inventory {
    // A mistake in the selection must not cost half an hour of the server's time.
    let wanted = try Selection(selection.text)
    do { try wanted.checkFiles { path throws(SelectionUnavailable) in try invocation.lines.lines(path) } } catch {
      try Task.checkCancellation()
      throw error
    }
    let needsList = !options.unlisted || !wanted.isPlainNames
    let inventory = try await needsList ? invocation.listedInventory(place) : invocation.inventory(place)
    if !options.oldList {
      try ListAge.check(.newest, takenAt: inventory.list?.at, at: place.clock.date)
    }
    return inventory
  }

  /// Reads the certificate to deploy again, as it would be now. Where that is not the server's own, the server's is read
  /// too: one that has changed since is what comes back.
  func currentCertificate(in invocation: Invocation) -> @Sendable () async throws -> AuthenticationCertificate {
    let (caseNumber, place, deployed) = (caseNumber, place, deployed)
    let (path, limit) = (settings.certificate, settings.timeoutCopy)
    return {
      let chosen =
        try caseNumber.map { try CaseStore.certificate(ofCase: $0, on: place, in: invocation) }
        ?? path.map(CertificateFile.read)
      return try await deployed.current(chosen) {
        try await Self.ownCertificate(of: place, within: limit, in: invocation)
      }
    }
  }

  private static func ownCertificate(
    of place: ServerPlace, within limit: Duration, in invocation: Invocation
  ) async throws -> AuthenticationCertificate {
    let host = try await invocation.openServer(place)
    let late = ServerError(.unavailable, "\(place.identity): it gave no certificate within \(Int(limit.seconds)) s")
    let result: Result<AuthenticationCertificate, ServerError>
    do throws(ServerError) {
      result = .success(
        try await host.cutting(after: limit, on: place.clock, late: late) { () throws(ServerError) in
          try await ServerReader(host: host, layout: place.layout).certificate()
        })
    } catch {
      result = .failure(error)
    }
    await host.close()
    let certificate = try result.get()
    // Whatever asks next what the server has, a proof above all, is answered by this.
    try invocation.journal(of: place).keep(
      certificate: certificate, server: place.identity, place: place.layout.shown(place.layout.certificate),
      at: place.clock.date)
    return certificate
  }
}
