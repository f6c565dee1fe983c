import ApexOne
import Runs

// What `resume` says of a run that has nothing left.
extension CompletedRun {
  /// Gives it what it lacks; the exit code is what its counts ask for.
  func account(_ place: ServerPlace, in invocation: Invocation) async throws -> ExitCode {
    let (run, console, tally) = (record.number, invocation.console, tally)
    if lacksItsEnd {
      try await end()
      noteUnprotected(to: console)
      console.note("run \(run) had broken off when all its agents had ended; it is finished now: \(tally.counted)")
    } else {
      console.note("run \(run) has nothing left to carry on: \(tally.counted)")
    }
    if let retry = NextSteps(tally, run: run).retry { console.note("to try again what failed: \(retry)") }
    try ResultRows(run: run, in: invocation).end(tally)
    try await invocation.refreshLookups(place)
    return tally.isAllGood ? .success : .incomplete
  }

  private func noteUnprotected(to console: any Console) {
    let names = results.unprotected
    guard !names.isEmpty else { return }
    let what = names.count == 1 ? "ENDPOINT IS" : "ENDPOINTS ARE"
    console.note("\(NumberText.grouped(names.count)) \(what) UNPROTECTED: \(NameFolding.fold(names))")
  }
}
