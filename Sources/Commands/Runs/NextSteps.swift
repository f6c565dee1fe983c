import ApexOne
import Runs

/// What can be done about a run that did not bring about all: command lines, nil where one would find nothing to do.
struct NextSteps: Sendable, Hashable {
  let resume: String?
  let retry: String?
  let escalate: String?

  /// `keepsTrying`: the run tries what is unreachable again when it is carried on.
  init(_ tally: RunTally, run: Int, keepsTrying: Bool = false) {
    let unreachable = keepsTrying ? tally[.unreachable] : 0
    let isOpen = tally[.notAttempted] + tally[.unknown] + tally[.rebootRequired] + unreachable > 0
    let mayRetry = [Outcome.failed, .unproved, .denied, .unreachable].contains { tally[$0] > 0 }
    // Only sets that hold agents: what is switched off, or another server's, is nothing for Support.
    let left = [Outcome.failed, .unproved].filter { tally[$0] > 0 }.map { "@\($0.rawValue):\(run)" }
    resume = isOpen ? "resume \(run)" : nil
    retry = mayRetry ? "retry \(run)" : nil
    escalate = left.isEmpty ? nil : "escalate \(left.joined(separator: ","))"
  }

  /// With what each is for, in order.
  var lines: [(command: String, purpose: String)] {
    [
      (resume, "to carry it on"), (retry, "to try again"), (escalate, "what is left for Support"),
    ].compactMap { step, purpose in step.map { ($0, purpose) } }
  }
}
