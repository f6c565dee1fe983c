package import Remote

extension LogonGate {
  /// Connects to an endpoint, the password going out only where it is known to be good, or alone.
  ///
  /// While nobody knows whether it is, whoever has a key or a ticket too tries those first: they lock nothing, and many
  /// such logons may go on at once. The caller's task lives on the clock.
  ///
  /// - Returns: nil where the password was refused elsewhere: it was not tried here.
  package func logOn(
    to endpoint: Endpoint, by connector: any HostConnector, within limit: Duration, on clock: any Timekeeper
  ) async throws(RemoteError) -> (any Host)? {
    if !isOpen, let keysOnly = connector.withoutPassword(for: endpoint) {
      do throws(RemoteError) { return try await keysOnly.connect(to: endpoint, within: limit) } catch {
        guard error.kind == .logonRefused else { throw error }
      }
    }
    guard let isAlone = await enter(on: clock) else { return nil }
    do throws(RemoteError) {
      let host = try await connector.connect(to: endpoint, within: limit)
      if isAlone { settle((host.credential ?? .password) == .password ? .accepted : .inconclusive) }
      return host
    } catch {
      if error.mayHaveRefusedPassword, error.kind == .logonRefused || isAlone {
        settle(.refused(error.message))
      } else if isAlone {
        settle(.inconclusive)
      }
      throw error
    }
  }
}
