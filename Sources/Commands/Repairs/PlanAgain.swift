import ApexOne
import Runs

/// An older plan made again from the server as it is now: for `apply`, `resume` and `retry`.
struct PlanAgain: Sendable {
  let old: Plan
  let plan: Plan
  let work: RepairWork
  let ground: RepairGround
  /// With the run settings that were given over those of the plan.
  let invocation: Invocation

  /// `agents`: where it is not for those of the old plan. `certificateDiffers`: a person allows it now, beside whatever
  /// certificate the server has.
  init(
    _ old: Plan, agents: [PlannedAgent]? = nil, _ given: RunSettingOptions, certificateDiffers: Bool = false,
    in invocation: Invocation
  ) async throws {
    var invocation = invocation
    invocation.settings = try given.applied(to: invocation.settings)
    let agents = agents ?? old.agents
    var options = given.applied(to: old.options, from: invocation.settings)
    options.canaries = old.canaries(among: agents)
    var recipe = old.recipe ?? PlanRecipe()
    if certificateDiffers { (recipe.certificateDiffers, recipe.ownCertificateSHA256) = (true, nil) }
    let maker = try await PlanMaker(
      old.remedy, recipe, options, isAllowedNow: certificateDiffers, in: invocation)
    ground = try await RepairGround.read(agents, listTaken: old.listTaken, for: maker, in: invocation)
    (plan, work) = try maker.plan(ground, in: invocation)
    self.old = old
    self.invocation = invocation
  }

  /// Throws where the same steps would not do the same any more.
  func checkSame(since moment: PlanMoment) throws(PlanningError) { try plan.checkSame(as: old, since: moment) }
}

extension RunSettingOptions {
  /// `options` with what was given over them; `settings` hold what was given already.
  func applied(to options: RunOptions, from settings: Settings) -> RunOptions {
    let now = settings.runOptions
    var result = options
    for key in givenKeys {
      switch key {
      case .parallel: result.parallel = now.parallel
      case .retries: result.retries = now.retries
      case .waves: result.waves = now.waves
      case .wavePause: result.wavePauseSeconds = now.wavePauseSeconds
      case .keepTrying: result.keepTryingSeconds = now.keepTryingSeconds
      case .maxFailures: result.maxFailures = now.maxFailures
      case .maxWaveFailures: result.maxWaveFailures = now.maxWaveFailures
      case .logonsInFlight: result.logonsInFlight = now.logonsInFlight
      case .maxUnprotected: result.maxUnprotected = now.maxUnprotected
      case .timeoutConnect: result.connectSeconds = now.connectSeconds
      case .timeoutCopy: result.copySeconds = now.copySeconds
      case .timeoutExecute: result.executeSeconds = now.executeSeconds
      case .timeoutSettle: result.settleSeconds = now.settleSeconds
      default: break
      }
    }
    return result
  }
}
