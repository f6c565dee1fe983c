import ApexOne
import ArgumentParser
import Runs

/// `show plan FILE`
struct ShowPlan: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "show plan", abstract: "Show a plan that was written by --plan-out.",
    discussion: "Reads the file only: no server, no endpoint, no journal.")
  static let manual = CommandManual(
    group: .repairing,
    examples: [
      .init("show plan friday.plan", "what it would do"), .init("show plan friday.plan --format json", "for a program"),
    ],
    exitCodes: [.unusableInput], jsonKeys: PlanRows.keys)

  @Argument(help: ArgumentHelp("The plan.", valueName: "file")) var file: FilePathArgument
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let plan = try PlanFile.read(file.path)
    invocation.console.note(
      OutputText.visible(
        "\(plan.remedy.rawValue) for \(plan.serverName) (\(plan.server)), certificate serial \(plan.certificateSerial)")
    )
    let options = plan.options
    if let canaries = options.canaries {
      invocation.console.note("first: \(NameFolding.fold(canaries.compactMap { AgentName($0) }))")
    }
    for line in PlanStops.lines(plan) { invocation.console.note(line) }
    if let pause = options.wavePauseSeconds { invocation.console.note("between waves: \(TimeText.age(pause))") }
    if let time = options.keepTryingSeconds {
      invocation.console.note("what can't be reached is tried again for \(TimeText.age(time))")
    }
    for file in plan.files {
      invocation.console.note("\(OutputText.visible(file.name)): \(file.size) bytes, sha256 \(file.sha256)")
    }
    try PlanRows.write(plan, looks: nil, in: invocation)
    return .success
  }
}
