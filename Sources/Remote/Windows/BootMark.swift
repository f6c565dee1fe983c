/// Tells one boot of a machine from another, by what Windows keeps: when it was last shut down, and the process id of a
/// service that runs from boot to shutdown.
package struct BootMark: Sendable, Hashable {
  package enum Comparison: Sendable, Hashable {
    /// Not rebooted since.
    case same
    case rebooted
    /// Too little is known.
    case unknown
  }

  /// The registry's `ShutdownTime`, as printed; not written where the power fails.
  package var shutdown: String?
  /// Of the service RpcSs. Another boot may give it the same one.
  package var processID: UInt32?

  package init(shutdown: String?, processID: UInt32?) {
    self.shutdown = shutdown
    self.processID = processID
  }

  /// What lies between an earlier mark and this one. One difference is enough; only both alike are none.
  package func since(_ earlier: BootMark) -> Comparison {
    let pairs = [(shutdown, earlier.shutdown), (processID.map(String.init), earlier.processID.map(String.init))]
    let known = pairs.compactMap { now, before in now.flatMap { now in before.map { now == $0 } } }
    if known.contains(false) { return .rebooted }
    return known.count == pairs.count ? .same : .unknown
  }

  /// For the journal: `shutdown=80A1… rpcss=812`.
  package var line: String {
    [shutdown.map { "shutdown=\($0)" }, processID.map { "rpcss=\($0)" }].compactMap(\.self).joined(separator: " ")
  }

  /// Reads a line back; what it does not hold is not known.
  package init(line: String) {
    for word in line.split(separator: " ") {
      if word.hasPrefix("shutdown=") { shutdown = String(word.dropFirst(9)) }
      if word.hasPrefix("rpcss=") { processID = UInt32(word.dropFirst(6)) }
    }
  }
}
