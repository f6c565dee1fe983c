import ApexOne
import Runs

/// A run whose agents all have their outcome: nothing is left to carry on. Whoever carried it may have died before it
/// had its end and its account.
struct SpentRun {
  let record: RunRecord
  let journal: Journal
  let place: ServerPlace
  let invocation: Invocation

  /// Gives it what it lacks; the exit code is what its counts ask for.
  func account() async throws -> ExitCode {
    let (run, console) = (record.number, invocation.console)
    let results = try journal.results(ofRun: run)
    let tally = RunTally(planned: record.planned, results)
    if record.state == .interrupted {
      try await end()
      noteUnprotected(results)
      console.note("run \(run) had broken off when all its agents had ended; it is finished now: \(tally.counted)")
    } else {
      console.note("run \(run) has nothing left to carry on: \(tally.counted)")
    }
    if let retry = NextSteps(tally, run: run).retry { console.note("to try again what failed: \(retry)") }
    try ResultRows(run: run, in: invocation).end(tally)
    try await invocation.refreshLookups(place)
    return tally.isAllGood ? .success : .incomplete
  }

  /// It ended when its last agent did.
  private func end() async throws {
    guard try journal.own(record.number) else {
      throw JournalError.owned(run: record.number, isHere: journal.owns(record.number))
    }
    defer { journal.disown(record.number) }
    let last = try journal.ends(ofRun: record.number).values.max()
    try await journal.endRun(
      record.number, state: .finished, why: nil, cause: nil, at: record.ended ?? last ?? record.started)
  }

  private func noteUnprotected(_ results: [AgentResult]) {
    let names = results.filter { $0.protected == false }.compactMap { AgentName($0.name) }
    guard !names.isEmpty else { return }
    let what = names.count == 1 ? "ENDPOINT IS" : "ENDPOINTS ARE"
    invocation.console.note("\(NumberText.grouped(names.count)) \(what) UNPROTECTED: \(NameFolding.fold(names))")
  }
}
