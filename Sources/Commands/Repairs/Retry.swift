import ApexOne
import ArgumentParser
import Runs

/// `retry N [SELECTION]`: a new run for what an older one did not bring about.
struct Retry: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Try the failed and unreachable agents of a run again, in a new run.",
    discussion: """
      Takes the agents of the run that ended failed, unproved, denied or unreachable, plans the same repair anew from \
      the server as it is now, and asks for the count as transfer does. Refuses where the list that the run was \
      planned from is over seven days old. What was never begun is for resume.
      """)
  static let manual = CommandManual(
    group: .runs,
    examples: [
      .init("retry 7", "all that failed"), .init("retry 7 @unreachable:7", "only those that were switched off"),
      .init("retry 7 --dry-run", "what would be done"),
    ],
    exitCodes: [.incomplete, .unusableInput, .serverUnavailable, .ownFiles, .refused, .interrupted],
    jsonKeys: RepairRun.keys, mayRunInBackground: true)

  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var number: RunNumber
  @Argument(help: ArgumentHelp("Which of them; all where it is left out.", valueName: "selection"))
  var selection: SelectionText?
  @Flag(help: "Show the plan; touch nothing.") var dryRun = false
  var isLooking: Bool { dryRun }
  @Option(help: ArgumentHelp("Confirm without a prompt: the count, or the plan's digest.", valueName: "count|digest"))
  var confirm: String?
  @Flag(help: "Work with a list that is over seven days old, or of unknown age.") var oldList = false
  @Flag(help: "Take a new list afterwards, for information: the server's may lag.") var verifyList = false
  @Flag(help: "Deploy the run's certificate although it is not the server's own.") var certificateDiffers = false
  @OptionGroup var run: RunSettingOptions
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let place = try invocation.place()
    let journal = try invocation.journal(of: place)
    let old = try journal.plan(ofRun: number.value, server: place.identity)
    let agents = try chosen(old, try journal.results(ofRun: number.value), place, invocation)
    guard !agents.isEmpty else {
      invocation.console.note("run \(number.value) has no failed or unreachable agents among those: nothing to do")
      return .success
    }
    if !oldList {
      try ListAge.check(.ofRun(number.value), takenAt: old.listTaken, at: place.clock.date)
    }
    let again = try await PlanAgain(old, agents: agents, run, certificateDiffers: certificateDiffers, in: invocation)
    return try await RepairFlow(
      plan: again.plan, work: again.work, ground: again.ground,
      options: FlowOptions(dryRun: dryRun, confirm: confirm, verifyList: verifyList, parent: number.value),
      invocation: again.invocation
    ).run()
  }

  /// In the order of the run's plan.
  private func chosen(
    _ old: Plan, _ results: [AgentResult], _ place: ServerPlace, _ invocation: Invocation
  ) throws -> [PlannedAgent] {
    var wanted: Set<AgentName>?
    if let selection {
      let result = try invocation.select(selection, in: try invocation.inventory(place), allowingUnlisted: true)
      wanted = Set(result.agents.map(\.name) + result.unlisted)
    }
    let claims = try RunClaims(server: place.identity, in: try invocation.journal(of: place))
    return results.compactMap { result in
      guard result.outcome.isTriedAgain, let name = AgentName(result.name),
        wanted.map({ $0.contains(name) }) ?? true
      else { return nil }
      return PlannedAgent(
        name: result.name, address: old.agents[result.position].address, refusal: claims.refusal(of: name))
    }
  }
}
