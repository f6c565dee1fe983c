import Remote
import Runs
import Synchronization

/// The gates of one session: whatever uses one account and password at the same time goes through the same one, however
/// many runs and looks go on.
package final class LogonGates: Sendable {
  private struct Key: Hashable {
    var user: String?
    var password: Secret
  }

  private struct Living { weak var gate: LogonGate? }

  private let gates = Mutex<[Key: Living]>([:])

  package init() {}

  /// The gate that somebody still goes through, or a new one; one that is shut is that of a password as it was, which
  /// has been given anew since. `refused` is called where the password is refused, at once.
  func gate(
    user: String?, password: Secret, atOnce: Int? = nil, refused: @escaping @Sendable () -> Void
  ) -> LogonGate {
    gates.withLock { gates in
      gates = gates.filter { $0.value.gate != nil }
      // Windows knows no case in an account's name.
      let key = Key(user: user?.lowercased(), password: password)
      if let gate = gates[key]?.gate, gate.refusal == nil {
        if let atOnce { gate.narrow(to: atOnce) }
        return gate
      }
      let gate = LogonGate(atOnce: atOnce ?? LogonGate.usualAtOnce, refused: refused)
      gates[key] = Living(gate: gate)
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
    return logonGate(of: settings.user ?? place.user, password, atOnce: atOnce ?? settings.logonsInFlight)
  }

  /// The gate of an account and its password.
  func logonGate(of user: String?, _ password: Secret, atOnce: Int? = nil) -> LogonGate {
    services.gates.gate(user: user, password: password, atOnce: atOnce) { [secrets] in
      secrets.refuse(.password, password)
    }
  }
}
