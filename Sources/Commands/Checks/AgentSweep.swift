import ApexOne
import Remote
import Runs

/// Looks at many endpoints, so many at a time, changing nothing; hands out what was found in the order of the endpoints.
struct AgentSweep<Found: Sendable>: Sendable {
  let ground: LookGround
  let endpoints: [Endpoint]
  /// What the progress calls it: `checking`.
  let label: String
  let invocation: Invocation
  /// What a look, or its failure, comes to.
  let judge: @Sendable (Endpoint, Result<AgentFacts, RemoteError>) -> Found

  private typealias Row = (endpoint: Endpoint, found: Found)

  /// Throws what `emit` threw. Endpoints that were not looked at, after a refused password or ^C, are left out.
  func run(_ emit: @escaping @Sendable (Endpoint, Found) throws -> Void) async throws {
    let rows = OrderedRows<Row> { try emit($0.endpoint, $0.found) }
    await sweep(into: rows)
    invocation.console.progress(nil)
    await ground.look.notes.flush(invocation.console)
    try rows.finish()
  }

  /// Throws where the sweep broke off: ^C, or a refused password. To be called when all was said that was found.
  func throwIfCut(again: String) throws {
    try Task.checkCancellation()
    if let refusal = ground.look.gate.refusal {
      throw CommandError(
        .refused,
        "\(OutputText.visible(refusal)); stopped, so that the account is not locked: set password, then \(again) again")
    }
  }

  private func sweep(into rows: OrderedRows<Row>) async {
    let clock = ground.place.clock
    let started = clock.now
    await SlotPool.sweep(
      endpoints, atOnce: ground.parallel, on: clock,
      while: { ground.look.gate.refusal == nil && !rows.hasFailed }
    ) { place, endpoint in
      guard let found = await self.look(at: endpoint) else { return }
      let done = rows.add((endpoint, found), at: place)
      invocation.console.progress(
        ProgressSnapshot(label: label, done: done, total: endpoints.count, elapsed: clock.now - started))
    }
  }

  /// Nil where it was not tried, since the password was refused elsewhere or the sweep was interrupted.
  private func look(at endpoint: Endpoint) async -> Found? {
    do throws(RemoteError) {
      try await ground.look.connector.probe(endpoint, within: ground.look.connectLimit)
      guard let facts = try await ground.look.facts(of: endpoint) else { return nil }
      return judge(endpoint, .success(facts))
    } catch {
      // ^C ends what is under way: that says nothing of the endpoint.
      return Task.isCancelled ? nil : judge(endpoint, .failure(error))
    }
  }
}
