import Remote
import Runs
import Synchronization

/// The gates of one session: whatever uses one password at the same time goes through the same one, however many runs
/// and looks go on. One account is spelled in several ways (`admin`, `CONTOSO\admin`, `admin@contoso.local`), so its
/// name tells no accounts apart.
package final class LogonGates: Sendable {
  private struct Living { weak var gate: LogonGate? }

  private let gates = Mutex<[Secret: Living]>([:])

  package init() {}

  /// The gate that somebody still goes through, or a new one; one that is shut is that of a password as it was, which
  /// has been given anew since. `refused` is called where the password is refused, at once.
  func gate(
    password: Secret, atOnce: Int? = nil, refused: @escaping @Sendable () -> Void
  ) -> LogonGate {
    gates.withLock { gates in
      gates = gates.filter { $0.value.gate != nil }
      if let gate = gates[password]?.gate, gate.refusal == nil {
        if let atOnce { gate.narrow(to: atOnce) }
        return gate
      }
      let gate = LogonGate(atOnce: atOnce ?? LogonGate.usualAtOnce, refused: refused)
      gates[password] = Living(gate: gate)
      return gate
    }
  }
}

extension Invocation {
  /// The gate that logons to a server's endpoints go through; `atOnce` where it is not as the settings say.
  func logonGate(
    _ place: ServerPlace, for connector: any HostConnector, atOnce: Int? = nil
  ) async throws -> LogonGate {
    guard connector.offersPassword, let password = try await secret(.password, place) else { return LogonGate() }
    return logonGate(of: password, atOnce: atOnce ?? settings.logonsInFlight)
  }

  /// The gate of a password.
  func logonGate(of password: Secret, atOnce: Int? = nil) -> LogonGate {
    services.gates.gate(password: password, atOnce: atOnce) { [secrets] in
      secrets.refuse(.password, password)
    }
  }
}
