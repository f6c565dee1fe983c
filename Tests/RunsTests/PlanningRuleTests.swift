import ApexOne
import Foundation
import Lab
import Testing

@testable import Runs

/// What may be planned and carried out, whoever asks: no lab runs, no question, no words.
@Suite struct PlanningRuleTests {
  private let server: AuthenticationCertificate
  private let other: AuthenticationCertificate

  init() throws {
    let fleet = try LabFleet(agents: 1)
    server = try AuthenticationCertificate(bytes: fleet.serverCertificate)
    other = try AuthenticationCertificate(bytes: fleet.olderCertificate)
  }

  private func reading(_ own: AuthenticationCertificate?, earlier: AuthenticationCertificate? = nil)
    -> ServerReader.Reading
  {
    var facts = ServerFacts(root: "C:")
    facts.certificate = own.map { ServerFacts.Certificate($0, place: "") }
    facts.earlierCertificates = earlier.map { [ServerFacts.Certificate($0, place: "")] }
    facts.certificateProblem = own == nil ? "it is gone" : nil
    return ServerReader.Reading(facts: facts, certificate: own, tools: .success([]), redactedINI: "")
  }

  private var valid: Double { (server.notBefore.timeIntervalSince1970 + server.notAfter.timeIntervalSince1970) / 2 }

  private func deploy(
    _ chosen: AuthenticationCertificate?, on reading: ServerReader.Reading, _ recipe: PlanRecipe = PlanRecipe(),
    allowedNow: Bool = true
  ) throws(PlanningError) -> DeployedCertificate {
    try DeployedCertificate(chosen, on: reading, recipe, isAllowedNow: allowedNow, at: valid)
  }

  @Test func theServersOwnCertificateNeedsNobodysLeave() throws {
    for chosen in [nil, server] { #expect(try deploy(chosen, on: reading(server)).origin == .server) }
    #expect(throws: PlanningError.noCertificate("it is gone")) { try deploy(nil, on: reading(nil)) }
  }

  @Test(arguments: [nil, 3])
  func anotherCertificateNeedsLeaveByWhateverDoorItComes(ofCase number: Int?) throws {
    var recipe = PlanRecipe()
    recipe.caseNumber = number
    let refused = PlanningError.otherCertificate(serial: other.serial, own: server.serial, ofCase: number)
    // The server's own may be known from an earlier reading only.
    for reading in [reading(server), reading(nil, earlier: server)] {
      #expect(throws: refused) { try deploy(other, on: reading, recipe) }
      var allowed = recipe
      allowed.certificateDiffers = true
      #expect(try deploy(other, on: reading, allowed).origin == .other)
      // It was allowed once: beside no certificate, beside another, beside this one.
      #expect(throws: refused) { try deploy(other, on: reading, allowed, allowedNow: false) }
      allowed.ownCertificateSHA256 = other.sha256
      #expect(throws: refused) { try deploy(other, on: reading, allowed, allowedNow: false) }
      allowed.ownCertificateSHA256 = server.sha256
      #expect(try deploy(other, on: reading, allowed, allowedNow: false).origin == .other)
    }
    #expect(try deploy(other, on: reading(nil), recipe).origin == .notCompared)
  }

  @Test func aCertificateOutOfItsTimeIsNotDeployed() throws {
    let (from, to) = (server.notBefore.timeIntervalSince1970, server.notAfter.timeIntervalSince1970)
    #expect(throws: PlanningError.certificateExpired(serial: server.serial, at: to)) {
      try DeployedCertificate(nil, on: reading(server), PlanRecipe(), isAllowedNow: true, at: to + 1)
    }
    #expect(throws: PlanningError.certificateNotYetValid(serial: server.serial, from: from)) {
      try DeployedCertificate(nil, on: reading(server), PlanRecipe(), isAllowedNow: true, at: from - 1)
    }
  }

  @Test func whatIsDeployedWhileARunGoesOnFollowsTheServer() async throws {
    var recipe = PlanRecipe()
    recipe.certificateDiffers = true
    let (server, other) = (server, other)
    let own = try deploy(nil, on: reading(server))
    #expect(try await own.current(nil) { other } == other)
    let chosen = try deploy(other, on: reading(server), recipe)
    #expect(try await chosen.current(other) { server } == other, "nothing has changed")
    #expect(try await chosen.current(other) { other } == other, "the server has it now")
    #expect(try await chosen.current(other) { throw ServerError(.unusable, "cut") } == other)
    await #expect(throws: ServerError.self) { try await chosen.current(other) { throw ServerError(.unavailable, "") } }
    let unknown = try deploy(other, on: reading(nil))
    #expect(try await unknown.current(other) { throw ServerError(.unavailable, "never asked") } == other)
    let third = try deploy(server, on: reading(other), recipe)
    #expect(try await third.current(server) { server } == server)
  }

  private static let ages: [(Double, Bool)] = [
    (0, true), (518_400, true), (604_800, true), (604_801, false), (-299, true), (-301, false), (.nan, false),
    (-.infinity, false),
  ]

  @Test(arguments: ages) func aListIsGoodForSevenDays(age: Double, isGood: Bool) {
    let now = 1_800_000_000.0
    for list in [ListInQuestion.newest, .ofPlan, .ofRun(7)] {
      var refused: ListInQuestion?
      do throws(PlanningError) { try ListAge.check(list, takenAt: now - age, at: now) } catch {
        if case .listTooOld(let which, _) = error { refused = which }
      }
      #expect(refused == (isGood ? nil : list))
    }
    #expect(throws: Never.self) { try ListAge.check(.newest, takenAt: nil, at: now) }
  }

  private func plan(_ agents: [PlannedAgent], taken: Double? = 1_000) -> Plan {
    var plan = Plan(
      remedy: .transfer, server: "lab:1", serverName: "apexone.contoso.local", product: "apex-one",
      certificate: server, files: [], command: "", options: RunOptions(), agents: agents)
    plan.listTaken = taken
    return plan
  }

  @Test func onlyTheCountOrTheDigestConfirms() throws {
    let refused = PlannedAgent(name: "WS-002", refusal: Refusal(.cannotCarry, "no"))
    let plan = plan([PlannedAgent(name: "WS-001"), refused])
    #expect(try ConfirmedPlan(plan, by: "1").words == "1")
    #expect(try ConfirmedPlan(plan, by: plan.digest).plan == plan)
    for words in ["", "2", "01", "+1", " 1", "1 ", "yes", String(plan.digest.dropLast())] {
      #expect(throws: PlanningError.notConfirmed(given: words, count: 1, digest: plan.digest)) {
        try ConfirmedPlan(plan, by: words)
      }
    }
    #expect(throws: PlanningError.allRefused) { try ConfirmedPlan(self.plan([refused]), by: "0") }
  }

  @Test func aPlanIsForItsServerAndForSevenDays() throws {
    let agents = [PlannedAgent(name: "WS-001")]
    let plan = plan(agents)
    try plan.checkOrigin(server: "lab:1", at: 2_000, anyAge: false)
    #expect(throws: PlanningError.planOfOtherServer("lab:1", here: "lab:2")) {
      try plan.checkOrigin(server: "lab:2", at: 2_000, anyAge: true)
    }
    #expect(throws: PlanningError.self) { try plan.checkOrigin(server: "lab:1", at: 1_000_000, anyAge: false) }
    try plan.checkOrigin(server: "lab:1", at: 1_000_000, anyAge: true)
    var dateless = self.plan(agents, taken: nil)
    #expect(throws: PlanningError.planWithoutDate) {
      try dateless.checkOrigin(server: "lab:1", at: 2_000, anyAge: false)
    }
    dateless.recipe = PlanRecipe()
    dateless.recipe?.withoutList = true
    try dateless.checkOrigin(server: "lab:1", at: 2_000, anyAge: false)
  }

  @Test func aPlanThatWouldDoSomethingElseIsRefused() throws {
    let old = plan([PlannedAgent(name: "WS-001")])
    try old.checkSame(as: old, since: .planned)
    var now = old
    now.serverName = "other.contoso.local"
    for moment in [PlanMoment.planned, .confirmed] {
      let error = #expect(throws: PlanningError.self) { try now.checkSame(as: old, since: moment) }
      guard case .changed(moment, let found)? = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
      #expect(found.count == 1 && found[0].contains("other.contoso.local"))
    }
  }

  @Test func whoGoesFirstIsAmongThoseRepaired() throws {
    var plan = plan([
      PlannedAgent(name: "WS-001", refusal: Refusal(.busy, "")), PlannedAgent(name: "WS-002"),
      PlannedAgent(name: "WS-003"),
    ])
    let names = try ["WS-001", "ws-003"].map { try #require(AgentName($0)) }
    try plan.putFirst(Set(names))
    #expect(plan.options.canaries == ["WS-003"])
    #expect(plan.canaries(among: [PlannedAgent(name: "WS-002")]) == nil)
    #expect(plan.canaries(among: plan.agents) == ["WS-003"])
    #expect(throws: PlanningError.noCanary) { try plan.putFirst([names[0]]) }
  }

  @Test func aTransferNeedsItsPasswordOrAWordThatThereIsNone() throws {
    var request = RepairRequest(.transfer, PlanRecipe(), RunOptions(), isAllowedNow: true)
    #expect(throws: PlanningError.noUnloadPassword) { try request.check(nil) }
    request.recipe.noUnloadPassword = true
    try request.check(nil)
    try request.check(.apexOne)
    let target = ServerTarget(identity: "lab:1", product: nil, serverName: nil)
    let deployed = try deploy(nil, on: reading(server))
    let connector = try LabFleet(agents: 1).connector
    func plan(_ target: ServerTarget) throws(PlanningError) {
      let server = server
      _ = try request.plan(
        [PlannedAgent(name: "WS-001")], of: target, deployed, tools: [], connector: connector, listTaken: nil
      ) { server }
    }
    #expect(throws: PlanningError.productUnknown) { try plan(target) }
    var known = target
    known.product = .apexOne
    #expect(throws: PlanningError.targetUnknown(.serverName)) { try plan(known) }
    known.serverName = "apexone.contoso.local"
    #expect(throws: PlanningError.targetUnknown(.httpPort)) { try plan(known) }
    known.httpPort = 8080
    #expect(throws: PlanningError.targetUnknown(.agentPort)) { try plan(known) }
    known.agentPort = 37_462
    let error = #expect(throws: PlanningError.self) { try plan(known) }
    guard case .remedy(let remedy)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(remedy.kind == .tool, "no IpXfer was given")
  }
}
