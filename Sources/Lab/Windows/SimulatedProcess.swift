/// A program of a simulated machine while it runs: how it waits, and that it dies with the connection that started it.
protocol SimulatedProcess: Sendable {
  /// Seconds since 1970.
  var date: Double { get }
  /// Waits; throws when the process is killed meanwhile.
  func pause(_ seconds: Double) async throws(Killed)
  /// Waits until the process is killed.
  func hang() async -> Killed
  /// The connection that started the process ends, and the process with it.
  func cutConnection() -> Killed
}

/// The process was ended in the middle: what it had not done yet never happens.
struct Killed: Error {}
