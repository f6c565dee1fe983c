import ApexOne
import Runs

/// The account of one run: what `report` tells, in whatever form.
struct RunAccount: Sendable {
  static let slowestShown = 10

  let run: RunRecord
  let tally: RunTally
  /// It deployed another certificate than the server's: a sentence.
  let otherCertificate: String?
  let unprotected: [AgentName]
  /// What is known of the server's endpoints now, whichever run was there.
  let danger: DangerText
  /// Of its plan, what a person said since is gone for good.
  let forgotten: [ForgottenEndpoint]
  /// Where the run broke off after its tool had been started: not known whether they are protected.
  let endangered: [AgentName]
  /// What did not end well, the largest first.
  let causes: [CauseShare]
  /// Those that took longest, the longest first.
  let slowest: [AgentResult]
  /// What its tools said, as far as the site knows what it means.
  let learned: [NameGroup]
  let timeline: RunTimeline
  let next: [(command: String, purpose: String)]

  struct CauseShare: Sendable {
    let outcome: Outcome
    let cause: Cause?
    let group: NameGroup
  }

  init(_ run: RunRecord, in journal: Journal, _ toolResults: ToolResults = .none) throws {
    let meanings = try LearnedMeanings(run, in: journal, toolResults)
    let results = try journal.results(ofRun: run.number).map(meanings.explained)
    learned = meanings.groups(results)
    let options = try journal.options(ofRun: run.number) ?? RunOptions()
    let tally = RunTally(planned: run.planned, results)
    self.run = run
    self.tally = tally
    otherCertificate = try journal.otherCertificateText(ofRun: run)
    unprotected = results.unprotected
    danger = DangerText(try journal.endangered(server: run.server))
    forgotten = try journal.forgotten(ofRun: run.number)
    endangered = try EndangeredAgents(run, results, in: journal)?.names ?? []
    let kinds = Dictionary(results.map { ($0.causeLabel, $0) }, uniquingKeysWith: { first, _ in first })
    causes = NameGroup.causes(results).compactMap { group in
      kinds[group.label].map { CauseShare(outcome: $0.outcome, cause: $0.cause, group: group) }
    }
    slowest = Array(
      results.filter { $0.seconds > 0 }
        .sorted { ($1.seconds, $0.position) < ($0.seconds, $1.position) }.prefix(Self.slowestShown))
    timeline = RunTimeline(
      run, results, ends: try journal.ends(ofRun: run.number), waves: try journal.waves(ofRun: run.number))
    next = RunAccount.next(run, tally, unprotected + endangered, options)
  }

  private static func next(
    _ run: RunRecord, _ tally: RunTally, _ unprotected: [AgentName], _ options: RunOptions
  ) -> [(command: String, purpose: String)] {
    // Whatever ended badly may still be made good by the run itself.
    if run.state == .running { return [("show run \(run.number)", "the run is under way; look again")] }
    let look = ("check agent \(NameFolding.fold(unprotected)) --unlisted", "to see whether they are unprotected")
    let steps =
      (unprotected.isEmpty ? [] : [look])
      + NextSteps(tally, run: run.number, keepsTrying: options.keepTryingSeconds != nil).lines
    let good = tally[.repaired] + tally[.alreadyMatching]
    return steps.isEmpty && good > 0 ? [("verify \(run.number)", "to look again at what was repaired")] : steps
  }

  /// Of the plan, in percent to three places.
  func percent(_ count: Int) -> Double {
    run.planned == 0 ? 0 : (Double(count) / Double(run.planned) * 100_000).rounded() / 1_000
  }

  /// `21.1 %`
  func share(_ count: Int) -> String {
    let tenths = Int(clamping: (percent(count) * 10).rounded())
    return count > 0 && tenths == 0 ? "under 0.1 %" : "\(tenths / 10).\(tenths % 10) %"
  }
}
