import Runs

extension Journal {
  /// Begins a run of a plan that was confirmed by its count.
  func beginRun(_ plan: Plan, confirmed: String, parent: Int?, at date: Double) throws -> Int {
    try beginRun(try ConfirmedPlan(plan, by: confirmed), parent: parent, at: date)
  }
}
