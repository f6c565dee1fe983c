import ApexOne
import Runs

/// Those at whose endpoints a run that broke off had started its tool, so that their services may be stopped.
struct EndangeredAgents {
  let run: Int
  let remedy: Remedy
  let names: [AgentName]

  init(_ progress: RunProgress, of plan: Plan, run: Int) {
    self.run = run
    remedy = plan.remedy
    names = progress.traces.filter(\.value.hasActed).keys.sorted().compactMap { AgentName(plan.agents[$0].name) }
  }

  /// Those of a run that broke off and is carried by nobody now, of whose protection nothing is known; nil where there
  /// are none.
  init?(_ run: RunRecord, _ results: [AgentResult], in journal: Journal) throws {
    guard run.state != .running, results.contains(where: { $0.outcome == .unknown && $0.protected == nil }) else {
      return nil
    }
    let traces = try journal.progress(ofRun: run.number).traces
    // A look since then may have told.
    let open = Set(try journal.endangered(server: run.server).map(\.name))
    self.run = run.number
    remedy = run.remedy
    names = results.compactMap { result in
      let hasActed = result.outcome == .unknown && result.protected == nil && traces[result.position]?.hasActed == true
      return hasActed ? AgentName(result.name).flatMap { open.contains($0) ? $0 : nil } : nil
    }
    if names.isEmpty { return nil }
  }

  /// One line for a report.
  var line: String {
    "MAY BE UNPROTECTED: \(NameFolding.fold(names)): the tool had been started there; resume \(run) looks there first"
  }

  /// For a run that isn't carried on. `isServerKnown`: the server could be read.
  func say(to console: any Console, isServerKnown: Bool) {
    guard !names.isEmpty else { return }
    let selection = NameFolding.fold(names)
    console.note(
      "\(NumberText.grouped(names.count)) ENDPOINT\(names.count == 1 ? "" : "S") MAY BE UNPROTECTED: \(selection): run "
        + "\(run) broke off when the tool had been started there")
    console.note("to see whether their services run: check agent \(selection) --unlisted")
    if isServerKnown {
      let more = remedy == .transfer ? "" : ", with the options of run \(run)"
      console.note("a new run takes them up: \(remedy.rawValue) \(selection) --unlisted\(more)")
      return
    }
    let queries = AgentService.required.map { "sc.exe query \($0)" }.joined(separator: ", ")
    console.note(
      "that reads the server first; while it can't be read, ask each of them there: \(queries); sc.exe start starts one"
    )
  }
}
