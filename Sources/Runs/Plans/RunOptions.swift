/// The run settings a plan is carried out with. Durations are in seconds so that they are stable in a plan's digest.
package struct RunOptions: Sendable, Hashable, Codable {
  package var parallel = 32
  /// How often connect, look, stage and clean-up are tried again; never execute.
  package var retries = 2
  package var waves: [WaveSize] = [.count(1), .count(20), .percent(10), .percent(100)]
  package var maxFailures = Budget.percent(5, atLeast: 3)
  package var maxUnprotected = Budget.count(1)
  package var connectSeconds = 15.0
  package var copySeconds = 300.0
  package var executeSeconds = 600.0
  package var settleSeconds = 300.0

  /// The agent may belong to another server.
  package var move = false
  /// The agent's port may change.
  package var changePort = false
  /// Repair agents whose certificate is right already.
  package var force = false

  package init() {}
}
