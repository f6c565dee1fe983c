import Runs

/// What makes a run start no more agents, in words: for whoever confirms it, and whoever looks on.
struct PlanStops: Sendable {
  private let options: RunOptions
  private let planned: Int

  init(_ options: RunOptions, planned: Int) { (self.options, self.planned) = (options, planned) }

  private var wave: Budget { options.maxWaveFailures ?? RunOptions.usualWaveFailures }

  /// `stops at 300 failed, over 20% of a wave, or 1 unprotected`
  var brief: String {
    let failures = max(1, options.maxFailures.limit(of: planned, atLeast: 3))
    let unprotected = max(1, options.maxUnprotected.limit(of: planned))
    let parts = [
      options.maxFailures.isOff ? nil : "\(NumberText.grouped(failures)) failed",
      options.maxFailures.isOff || wave.isOff ? nil : "over \(wave) of a wave",
      options.maxUnprotected.isOff ? nil : "\(NumberText.grouped(unprotected)) unprotected",
    ].compactMap(\.self)
    if parts.isEmpty { return "stops at no number of failures" }
    return "stops at " + parts.dropLast().joined(separator: ", ") + (parts.count > 1 ? " or " : "")
      + parts[parts.count - 1]
  }

  /// The rules before the first proof, which no setting but `max-failures 100%` turns off.
  private var unproved: String {
    options.maxFailures.isOff
      ? "max-failures 100%: no number of failures stops it, nor a first wave without a proof"
      : "a second wave begins only when one agent is proved; the same failure at \(RunOptions.sameInARow) in a row before that stops it"
  }

  /// For a plan: its waves, and what stops it.
  static func lines(_ plan: Plan) -> [String] {
    guard plan.count > 0 else { return [] }
    let (options, stops) = (plan.options, PlanStops(plan.options, planned: plan.agents.count))
    let sizes = plan.waveSizes
    let shown = sizes.prefix(6).map { NumberText.grouped($0) } + (sizes.count > 6 ? ["…"] : [])
    let waves = sizes.count == 1 ? "one wave of \(shown[0])" : "\(sizes.count) waves: \(shown.joined(separator: ", "))"
    return ["\(waves); \(NumberText.grouped(options.parallel)) at a time; \(stops.brief)", stops.unproved]
  }
}

/// How runs go on and what stops them, for help.
enum RunRules {
  static let text = """
    Runs go in waves (waves). The first ends with a proof or the run does; after a wave in which more than \
    max-wave-failures failed no other begins; max-failures and max-unprotected stop it at once, and so does the same \
    failure at \(RunOptions.sameInARow) agents in a row before any proof. max-failures 100% turns off the stops for \
    failures. Agents that can't be reached, match already or are refused by their look fill no wave. Logons by password \
    go singly until three endpoints have taken it, then logons-in-flight at once; a refused one stops the run. With some hundred agents at a time a run \
    waits for that: raise it below what locks an account, or log on by a key.
    """
}
