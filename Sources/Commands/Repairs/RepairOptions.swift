import ApexOne
import ArgumentParser
import Runs

/// What every repair takes, whichever way it repairs.
package struct RepairOptions: ParsableArguments, Sendable {
  @Flag(help: "Show the plan; touch nothing.") var dryRun = false
  @Flag(help: "With --dry-run: look at the endpoints too, changing nothing.") var probe = false
  @Option(help: ArgumentHelp("Confirm without a prompt: the count, or the plan's digest.", valueName: "count|digest"))
  var confirm: String?
  @Flag(help: "Take agents over that belong to another server.") var move = false
  @Flag(help: "Repair agents whose certificate is right already, too.") var force = false
  @Option(
    help: ArgumentHelp(
      "Go on where the machine that answers calls itself NAME and not as its agent; may be given again.",
      valueName: "name"))
  var otherMachine: [AgentNameArgument] = []
  @Option(help: ArgumentHelp("Which of them go first; the run goes on if none of these fails.", valueName: "selection"))
  var canary: SelectionText?
  @Flag(help: "Take plain names that are not in the list.") var unlisted = false
  @Flag(help: "Work with a list that is over seven days old, or of unknown age.") var oldList = false
  @Flag(help: "Deploy the certificate of the setting, or of the case, although it is not the server's own.")
  var certificateDiffers = false
  @Option(help: ArgumentHelp("Write the plan to a file, for: apply FILE.", valueName: "file"))
  var planOut: FilePathArgument?
  @Flag(help: "Take a new list afterwards, for information: the server's may lag.") var verifyList = false
  @OptionGroup var run: RunSettingOptions

  package init() {}

  /// Plans the repair of a selection and goes on as these options say.
  func repair(
    _ selection: SelectionText, _ remedy: Remedy, _ recipe: PlanRecipe, changePort: Bool = false,
    in invocation: Invocation
  ) async throws -> ExitCode {
    var (invocation, recipe) = (invocation, recipe)
    invocation.settings = try run.applied(to: invocation.settings)
    recipe.certificateDiffers = certificateDiffers
    var runOptions = invocation.settings.runOptions
    (runOptions.move, runOptions.force, runOptions.changePort) = (move, force, changePort)
    if !otherMachine.isEmpty { runOptions.otherMachines = Set(otherMachine.map(\.name.key)).sorted() }
    let maker = try await PlanMaker(remedy, recipe, runOptions, in: invocation)
    guard let ground = try await RepairGround.read(selection, self, for: maker, in: invocation) else { return .success }
    var (plan, work) = try maker.plan(ground, in: invocation)
    try putCanariesFirst(&plan, ground.place, invocation)
    if let planOut { try PlanFile.write(plan, to: planOut.path) }
    return try await RepairFlow(plan: plan, work: work, ground: ground, options: flow, invocation: invocation).run()
  }

  private func putCanariesFirst(_ plan: inout Plan, _ place: ServerPlace, _ invocation: Invocation) throws {
    guard let canary else { return }
    let chosen = try invocation.select(canary, in: try invocation.inventory(place), allowingUnlisted: unlisted)
    do throws(PlanningError) {
      try plan.putFirst(Set(chosen.agents.map(\.name) + chosen.unlisted))
    } catch {
      throw CommandError(error.exitCode, "--canary \(OutputText.visible(canary.text)) \(error.message)")
    }
  }

  /// What these options say of the way from a plan to its end.
  var flow: FlowOptions {
    FlowOptions(dryRun: dryRun, probe: probe, confirm: confirm, verifyList: verifyList)
  }

  package mutating func validate() throws {
    if probe && !dryRun { throw ValidationError("--probe goes with --dry-run") }
  }
}
