/// The run settings a plan is carried out with. Durations are in seconds so that they are stable in a plan's digest.
package struct RunOptions: Sendable, Hashable, Codable {
  package var parallel = 32
  /// How often connect, look, stage and clean-up are tried again; never execute.
  package var retries = 2
  package var waves = WaveSizes([.count(1), .count(20), .percentage(10), .percentage(100)])
  /// At least 3 where it is a percentage.
  package var maxFailures = Budget.percentage(5)
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

  // Nil where they were not asked for: plans that don't use them keep the digests they always had.

  /// Seconds between two waves.
  package var wavePauseSeconds: Double?
  /// Agents that go first, as a wave of their own, by name.
  package var canaries: [String]?
  /// How long agents that can't be reached are tried again; a run that is carried on counts anew.
  package var keepTryingSeconds: Double?

  /// Names of machines that may answer under an agent's name though they call themselves so.
  package var otherMachines: [String]?
  /// How much of one wave may fail: 20 % where it is nil.
  package var maxWaveFailures: Budget?
  /// How many logons by password may be under way at once: three where it is nil.
  package var logonsInFlight: Int?

  package init() {}

  /// So many failures of one cause in a row, before any proof, stop a run.
  package static let sameInARow = 5
  package static let usualWaveFailures = Budget.percentage(20)

  /// How many agents of a wave of `size` may fail so that another follows; nil where any may. A percentage is at least 1
  /// in the first wave and 3 in later ones.
  package func waveLimit(of size: Int, isFirst: Bool) -> Int? {
    let budget = maxWaveFailures ?? RunOptions.usualWaveFailures
    return budget.isOff ? nil : budget.limit(of: size, atLeast: isFirst ? 1 : 3)
  }
}
