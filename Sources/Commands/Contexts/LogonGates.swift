import Remote
import Runs
import Synchronization

/// The gates of one session: whatever uses one password at the same time goes through the same one, so that it is tried
/// once however many runs and looks go on.
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
  func gate(user: String?, password: Secret, refused: @escaping @Sendable () -> Void) -> LogonGate {
    gates.withLock { gates in
      gates = gates.filter { $0.value.gate != nil }
      let key = Key(user: user, password: password)
      if let gate = gates[key]?.gate, gate.refusal == nil { return gate }
      let gate = LogonGate(offersPassword: true, refused: refused)
      gates[key] = Living(gate: gate)
      return gate
    }
  }
}

extension Invocation {
  /// The gate that logons to a server's endpoints go through.
  func logonGate(_ place: ServerPlace, for connector: any HostConnector) async throws -> LogonGate {
    guard connector.offersPassword, let password = try await secret(.password, place) else {
      return LogonGate(offersPassword: connector.offersPassword)
    }
    return services.gates.gate(user: settings.user ?? place.user, password: password) { [secrets] in
      secrets.refuse(.password, password)
    }
  }
}
