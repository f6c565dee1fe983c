import Runs

// What commands about one run ask first.
extension Journal {
  /// A run, the newest where none is named; 65 where there is none.
  func record(ofRun number: Int?) throws -> RunRecord {
    if let run = try number.map({ try run($0) }) ?? runs(limit: 1).first { return run }
    let text = number.map { "there is no run \($0); see: list runs" } ?? "no runs yet"
    throw CommandError(.unusableInput, text)
  }
}

extension RunTally {
  /// The counts of a run's results.
  init(planned: Int, _ results: [AgentResult]) {
    self.init(planned: planned)
    for result in results {
      counts[result.outcome, default: 0] += 1
      if result.protected == false { unprotected += 1 }
    }
  }
}
