import ApexOne
import Runs

/// `tried.txt`: every agent of the case with the runs that named it: masked commands, times, outcomes, causes, steps.
enum TriedText {
  private static let detailLimit = 600

  static func make(
    _ histories: [CaseHistory], _ learned: ToolResults = .none, clean: (String) -> String
  ) -> String {
    var text = "What apexsh tried for each agent, newest run first. Times are UTC; passwords are masked.\n"
    for history in histories { append(history, to: &text, learned, clean) }
    return text
  }

  private static func append(
    _ history: CaseHistory, to text: inout String, _ learned: ToolResults, _ clean: (String) -> String
  ) {
    text += "\n\(shown(history.agent.name.text, clean))\n"
    if history.attempts.isEmpty { text += "  no run of apexsh named it\n" }
    for attempt in history.attempts {
      append(attempt, to: &text, learned, clean)
    }
    if let seen = history.inspection {
      text += "  newest look, \(TimeText.rfc3339(seen.at)) by \(seen.by): \(shown(seen.facts.line, clean))\n"
    }
    if history.olderRuns > 0 { text += "  \(history.olderRuns) older runs are left out\n" }
  }

  private static func append(
    _ attempt: CaseHistory.Attempt, to text: inout String, _ learned: ToolResults, _ clean: (String) -> String
  ) {
    let (run, result) = (attempt.run, attempt.result)
    let ended = run.ended.map { " to \(TimeText.rfc3339($0))" } ?? ", not ended"
    text += "  run \(run.number): \(run.remedy.rawValue), \(TimeText.rfc3339(run.started))\(ended)\n"
    text += "    outcome: \(result.outcome.rawValue)"
    if let cause = result.cause { text += " (\(cause.rawValue)): \(cause.meaning)" }
    text += "\n"
    if let detail = result.detail { text += "    detail: \(shown(detail, clean))\n" }
    let protection = result.protected.map { $0 ? "yes" : "no" } ?? "not known"
    text += "    protected: \(protection); attempts: \(result.attempts); seconds: \(result.seconds)\n"
    if attempt.earlierEvents > 0 { text += "    \(attempt.earlierEvents) earlier steps are left out\n" }
    for event in attempt.events {
      let mark = event.isIntent ? "begin " : ""
      let known = LearnedMeanings.explained(event, run.remedy, learned)
      let detail = known.map { ": " + shown($0, clean) } ?? ""
      text += "    \(TimeText.rfc3339(event.at))  \(mark)\(event.word)\(detail)\n"
    }
  }

  /// One line, cut; hidden characters made visible.
  private static func shown(_ text: String, _ clean: (String) -> String) -> String {
    // Cut after cleaning: a secret that is cut in half is not found any more.
    let text = clean(text)
    return OutputText.visible(text.count > detailLimit ? text.prefix(detailLimit) + "…" : text)
  }
}
