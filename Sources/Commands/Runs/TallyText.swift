import ApexOne
import Runs

// A run's counts in words.
extension RunTally {
  /// `176 repaired, 3 failed of 200 planned`
  var counted: String { "\(outcomes) of \(NumberText.grouped(planned)) planned" }

  /// `176 repaired, 3 failed`
  var outcomes: String {
    Outcome.allCases.filter { self[$0] > 0 }.map { "\(NumberText.grouped(self[$0])) \($0.rawValue)" }
      .joined(separator: ", ")
  }

  /// Behind the figures of a progress line.
  var progressDetail: String {
    let others = counts.filter { $0.key != .repaired && $0.value > 0 }.sorted { $0.key.rawValue < $1.key.rawValue }
    let parts =
      ["wave \(wave)/\(waves)", "\(self[.repaired]) repaired"]
      + others.map { "\($0.value) \($0.key.rawValue)" } + ["\(inFlight) in flight"]
      + (waiting > 0 ? ["\(waiting) unreachable, tried again"] : [])
      + (restSeconds.map { ["next wave in \(TimeText.age($0))"] } ?? [])
    return parts.joined(separator: ", ")
  }
}

extension ProgressSnapshot {
  /// How far runs are, one or several together.
  init(_ label: String, of tallies: [RunTally]) {
    func sum(_ count: (RunTally) -> Int) -> Int { tallies.reduce(0) { $0 + count($1) } }
    self.init(
      label: label, done: sum(\.done), total: sum(\.planned), earlier: sum(\.earlier),
      detail: tallies.count == 1 ? tallies[0].progressDetail : nil,
      elapsed: .seconds(tallies.map(\.seconds).max() ?? 0))
  }
}
