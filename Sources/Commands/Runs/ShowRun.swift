import ApexOne
import ArgumentParser
import Runs

/// `show run [N]`
struct ShowRun: ResultCommand, LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "show run", abstract: "Show what became of each agent of a run, from the journal.")
  static let manual = CommandManual(
    group: .runs,
    examples: [
      .init("show run", "the newest run"), .init("show run 7 --format json", "the same objects as the run gave"),
      .init("show run 7 --agent WS-001", "every step of one agent"),
    ],
    exitCodes: [.unusableInput, .ownFiles], jsonKeys: RepairRun.keys)

  @Argument(help: ArgumentHelp("The run; the newest where it is left out.", valueName: "run")) var number: RunNumber?
  @Option(help: ArgumentHelp("Show the steps of this agent.", valueName: "name")) var agent: AgentNameArgument?
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let journal = try invocation.journal()
    let run = try journal.record(ofRun: number?.value)
    let learned = try LearnedMeanings(run, in: journal, await LearnedMeanings.loadOrSay(invocation))
    let results = try journal.results(ofRun: run.number).map(learned.explained)
    if let agent { return try showSteps(of: agent, run, results, learned.results, journal, invocation) }
    try head(run, results, journal, invocation.console)
    let rows = ResultRows(run: run.number, all: true, in: invocation)
    for result in sorted(results, invocation.format) { rows.add(result) }
    let tally = RunTally(planned: run.planned, results)
    try rows.end(tally)
    // What stood above a long table has left the window.
    if invocation.format == .table { invocation.console.note("run \(run.number): \(tally.counted)") }
    return .success
  }

  private func head(_ run: RunRecord, _ results: [AgentResult], _ journal: Journal, _ console: any Console) throws {
    let unprotected = results.filter { $0.protected == false }.compactMap { AgentName($0.name) }
    if !unprotected.isEmpty { console.note("UNPROTECTED: \(NameFolding.fold(unprotected))") }
    if let endangered = try EndangeredAgents(run, results, in: journal) { console.note(endangered.line) }
    DangerText(try journal.endangered(server: run.server)).lines().forEach(console.note)
    let ended = run.ended.map { ", ended \(TimeText.rfc3339($0))" } ?? ""
    console.note(
      "run \(run.number): \(run.remedy.rawValue), \(run.state.rawValue), server \(run.server), plan \(run.digest), "
        + "started \(TimeText.rfc3339(run.started))\(ended)")
    if let why = run.why { console.note(why) }
    if let text = try journal.otherCertificateText(ofRun: run) { console.note(text) }
    for group in NameGroup.causes(results) { console.note(group.line(limit: 300)) }
  }

  /// A person sees unprotected endpoints first, then what failed; a program gets plan order.
  private func sorted(_ results: [AgentResult], _ format: OutputFormat) -> [AgentResult] {
    guard format == .table else { return results }
    func rank(_ result: AgentResult) -> Int { result.protected == false ? 0 : result.outcome.isGood ? 2 : 1 }
    return results.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
  }

  private func showSteps(
    of agent: AgentNameArgument, _ run: RunRecord, _ results: [AgentResult], _ learned: ToolResults, _ journal: Journal,
    _ invocation: Invocation
  ) throws -> ExitCode {
    guard let result = results.first(where: { AgentName($0.name) == agent.name }) else {
      throw CommandError(.unusableInput, "\(agent.name) is not in run \(run.number)")
    }
    let rows = invocation.rows([ResultColumn("at"), ResultColumn("kind"), ResultColumn("step"), ResultColumn("detail")])
    for event in try journal.events(ofRun: run.number, position: result.position) {
      try rows.write([
        .text(TimeText.rfc3339(event.at)), .text(event.isIntent ? "intent" : "result"), .text(event.word),
        .init(LearnedMeanings.explained(event, run.remedy, learned)),
      ])
    }
    try rows.end()
    return .success
  }
}
