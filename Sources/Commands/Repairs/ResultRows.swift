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

  init(run: Int, all: Bool = false, in invocation: Invocation) {
    self.run = run
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
