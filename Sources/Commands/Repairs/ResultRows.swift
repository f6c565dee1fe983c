import ApexOne
import Runs
import Synchronization

/// Results as rows, as each agent ends. On a terminal only what went wrong is listed: the rest is in the counts.
final class ResultRows: Sendable {
  private let writer: RowWriter
  private let run: Int
  private let showsAll: Bool
  /// Behind the prompt rows would bury what is being typed: notices tell instead.
  private let showsNone: Bool
  private let failure = Mutex<(any Error)?>(nil)
  /// Positions of agents that have their row, or need none.
  private let told: Mutex<Set<Int>>

  /// `told`: positions of agents that need no row, because an earlier leg of the run gave it.
  init(run: Int, all: Bool = false, except told: Set<Int> = [], in invocation: Invocation) {
    self.run = run
    self.told = Mutex(told)
    showsAll = all || invocation.format != .table
    showsNone = invocation.isBackground && invocation.format == .table && invocation.console.traits.outputIsTerminal
    writer = invocation.rows([
      ResultColumn("run", isNumeric: true, isJSONOnly: invocation.format == .table),
      ResultColumn("agent", minimumWidth: 14), ResultColumn("outcome", minimumWidth: 16),
      ResultColumn("cause", minimumWidth: 20), ResultColumn("protected", minimumWidth: 9),
      ResultColumn("detail", minimumWidth: 40), ResultColumn("attempts", isNumeric: true),
      ResultColumn("seconds", isNumeric: true),
    ])
  }

  func add(_ result: AgentResult) {
    told.withLock { _ = $0.insert(result.position) }
    let isListed = showsAll || !(result.outcome.isGood || result.outcome == .notAttempted)
    guard isListed, !showsNone, failure.withLock({ $0 == nil }) else { return }
    do {
      try writer.write(
        [
          .number(run), .text(result.name), .text(result.outcome.rawValue), .init(result.cause?.rawValue),
          .init(result.protected), .init(result.detail), .number(result.attempts), .decimal(result.seconds),
        ], now: true)
    } catch {
      // The reader has gone: the run goes on, since endpoints are in its hands.
      failure.withLock { $0 = error }
    }
  }

  /// Those of a run's results that have no row yet: whom nobody began, and whom only the run's end gave an outcome.
  func addRest(of results: [AgentResult]) {
    let told = told.withLock { $0 }
    for result in results where !told.contains(result.position) { add(result) }
  }

  func end(_ tally: RunTally?) throws {
    if let error = failure.withLock({ $0 }) { throw error }
    if let tally {
      var counts: [ResultValue.Member] = [.init("planned", .number(tally.planned))]
      counts += Outcome.allCases.map { .init($0.rawValue, .number(tally[$0])) }
      try writer.writeObject([("run", .number(run)), ("summary", .object(counts))])
    }
    try writer.end()
  }
}
