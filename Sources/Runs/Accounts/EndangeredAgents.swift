package import ApexOne

/// Those at whose endpoints a run that broke off had started its tool, so that their services may be stopped.
package struct EndangeredAgents: Sendable {
  package let run: Int
  package let remedy: Remedy
  package let names: [AgentName]

  package init(_ progress: RunProgress, of plan: Plan, run: Int) {
    self.run = run
    remedy = plan.remedy
    names = progress.traces.filter(\.value.hasActed).keys.sorted().compactMap { AgentName(plan.agents[$0].name) }
  }

  /// Those of a run that broke off and is carried by nobody now, of whose protection nothing is known; nil where there
  /// are none.
  package init?(_ run: RunRecord, _ results: [AgentResult], in journal: Journal) throws(JournalError) {
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
}

extension [AgentResult] {
  /// Those whose required services do not run, as far as that is known.
  package var unprotected: [AgentName] { filter { $0.protected == false }.compactMap { AgentName($0.name) } }
}
